"""The hours in which each state lets texts leave (law: twilio-and-rules.md, "US rules as behaviour").

47 CFR 64.1200(c)(1) allows 8 to 21 at the recipient's place; these states allow less. All of them are rules for
solicitations. Ours are not, but nobody is woken by the difference, and nobody has to argue it.
"""

from functools import lru_cache

from aftercare.core.area_codes import STATES
from aftercare.messaging.quiet_hours import Hours, Window, every_day, stricter, week

FEDERAL = every_day(8 * 60, 21 * 60)
_TO_EIGHT = every_day(8 * 60, 20 * 60)
_FROM_NINE = every_day(9 * 60, 21 * 60)
_NINE_TO_EIGHT = every_day(9 * 60, 20 * 60)

_STRICT = {
    "AL": _TO_EIGHT,
    "CT": _NINE_TO_EIGHT,
    "FL": _TO_EIGHT,
    "KY": every_day(10 * 60, 21 * 60),
    "LA": _TO_EIGHT,
    "MA": _TO_EIGHT,
    "MD": _TO_EIGHT,
    "MI": _FROM_NINE,
    "MN": _FROM_NINE,
    "MS": _TO_EIGHT,
    "NJ": _TO_EIGHT,
    "NM": _FROM_NINE,
    "NV": _NINE_TO_EIGHT,
    "OK": _TO_EIGHT,
    "RI": week(Hours(9 * 60, 18 * 60), Hours(10 * 60, 17 * 60), Hours(10 * 60, 17 * 60)),
    "TX": week(Hours(9 * 60, 21 * 60), Hours(9 * 60, 21 * 60), Hours(12 * 60, 21 * 60)),
    "WA": _TO_EIGHT,
    "WY": _TO_EIGHT,
}
HOURS = {state: _STRICT.get(state, FEDERAL) for state in sorted(STATES)}


@lru_cache(maxsize=4096)
def window_of(opens: int, closes: int, *states: str | None) -> Window:
    """Give the window of an organisation that is also one of these states; a state that is not known adds nothing.

    There are as many windows as pairs of states: whoever plans for many groups people by what this takes.
    """
    return stricter([every_day(opens, closes), *(HOURS[state] for state in states if state in HOURS)])
