"""What the editor shows of a rule beside its dates: what the clocks do to it, and whose holidays it may skip."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _

from aftercare.core.state_names import STATE_NAMES
from aftercare.http import formats, pages
from aftercare.meetings import holiday_names, public_holidays
from aftercare.meetings.recurrence import Pattern, clock_change_warnings, instant

AHEAD = timedelta(days=3 * 366)


def clock_warnings(pattern: Pattern) -> list[str]:
    """Say on which dates of three years the clocks skip or repeat the hour of a meeting, and when it then begins."""
    found = clock_change_warnings(pattern, after=pattern.first, before=pattern.first + AHEAD)
    skipped = [slot for slot, change in found if change == "gap"]
    twice = [slot for slot, change in found if change == "overlap"]
    said = []
    if skipped:
        begins = instant(skipped[0], pattern.zone)
        time = formats.when_clock(begins, zone=pattern.zone, language=pages.language())
        said.append(
            _(
                "The clocks skip this hour on: %(days)s. The meeting then begins at %(time)s.",
                days=_days(skipped),
                time=time,
            )
        )
    if twice:
        said.append(_("This hour comes twice on: %(days)s. The meeting begins when it comes first.", days=_days(twice)))
    return said


def holidays(language: str) -> list[tuple[str, str]]:
    """Offer none, the United States and its states, and then every country whose holidays are known, by name."""
    home = holiday_names.country("US", language)
    states = [(f"US-{code}", f"{home}: {name}") for code, name in STATE_NAMES.items()]
    others = [(code, name) for code, name in public_holidays.countries(language).items() if code != "US"]
    return [("", _("None")), ("US", home), *states, *others]


def _days(slots: Sequence[datetime]) -> str:
    return "; ".join(formats.on_paper(slot.date(), language=pages.language()) for slot in slots)
