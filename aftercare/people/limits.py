"""How often somebody may try to sign in. Each ladder lets a few tries through at once, then makes them rarer."""

import uuid
from collections.abc import Sequence

import structlog
from flask_babel import gettext as _

from aftercare.core import throttle
from aftercare.core.errors import TooMany
from aftercare.core.sealed import keyring
from aftercare.http.visitors import address

log = structlog.get_logger()
Step = tuple[int, int]
MINUTE, HOUR, DAY = 60, 3600, 86400

#: (times, seconds): all steps hold together, so the wait grows from a minute to more than an hour.
STAFF_BY_NAME: Sequence[Step] = ((5, 5 * MINUTE), (10, HOUR), (20, DAY))
STAFF_BY_ADDRESS: Sequence[Step] = ((20, 5 * MINUTE), (100, DAY))
STAFF_BY_ALL: Sequence[Step] = ((300, 5 * MINUTE),)
CODES_BY_NUMBER: Sequence[Step] = ((3, 10 * MINUTE), (6, HOUR), (10, DAY))
CODES_BY_ADDRESS: Sequence[Step] = ((10, 10 * MINUTE), (40, DAY))
CODES_BY_ALL: Sequence[Step] = ((200, 10 * MINUTE), (4000, DAY))
NUMBERS_BY_PERSON: Sequence[Step] = ((5, HOUR), (12, DAY))
STAFF_CODES_BY_NUMBER: Sequence[Step] = ((5, HOUR), (10, DAY))
#: Of all together only wrong ones are counted, and far more than one guesser gets by the ladders above, so that nobody
#: can shut the door on everybody. So many guesses at 100,000,000 codes seldom find one of the few that are good; long
#: before that the log says that somebody guesses.
WRONG_STAFF_CODES_BY_ALL: Step = (2000, HOUR)
GUESSING: Step = (200, HOUR)
GUESSES_BY_ADDRESS: Sequence[Step] = ((20, 10 * MINUTE), (100, DAY))
GUESSES_BY_ALL: Sequence[Step] = ((600, 10 * MINUTE),)


def count_staff_try(email: str) -> None:
    """Count a try at a password; raise TooMany. Known and unknown names are counted alike."""
    _climb("staff:name", email, STAFF_BY_NAME)
    _climb("staff:address", address(), STAFF_BY_ADDRESS)
    _climb("staff:all", "", STAFF_BY_ALL)


def forget_staff_tries(email: str) -> None:
    """Start afresh for a name that has signed in."""
    for step in STAFF_BY_NAME:
        throttle.forget(_key("staff:name", email, step))


def count_code_request(number: str) -> None:
    """Count a wish for a code by text; raise TooMany. The last step caps what texts can cost us in a day."""
    _climb("codes:number", number, CODES_BY_NUMBER)
    _climb("codes:address", address(), CODES_BY_ADDRESS)
    _climb("codes:all", "", CODES_BY_ALL)


def count_new_number(person_id: uuid.UUID) -> None:
    """Count a wish of somebody who is signed in for a code to another number; raise TooMany."""
    _climb("numbers:person", person_id.hex, NUMBERS_BY_PERSON)


def forget_code_requests(number: str) -> None:
    """Start afresh for a number that has changed hands."""
    for step in CODES_BY_NUMBER:
        throttle.forget(_key("codes:number", number, step))


def count_staff_code() -> None:
    """Count a code of staff that was typed; raise TooMany."""
    count_code_guess()
    if _are_too_many_wrong():
        raise TooMany(_("Too many tries. Wait a little, then try again."), retry_after=MINUTE)


def may_try_staff_code(number: str) -> bool:
    """Count a code of staff that came by text, and tell whether it may be looked at."""
    if _are_too_many_wrong():
        return False
    return all(not _wait("staff_codes:number", number, step) for step in STAFF_CODES_BY_NUMBER)


def count_wrong_staff_code() -> None:
    """Count a code of staff that was none, whoever gave it; once an hour log that somebody guesses."""
    _wait("staff_codes:wrong", "", WRONG_STAFF_CODES_BY_ALL)
    if _wait("staff_codes:guessing", "", GUESSING) and not _wait("staff_codes:told", "", (1, HOUR)):
        log.warning("staff_codes_guessed", an_hour=GUESSING[0])


def count_code_guess() -> None:
    """Count a code that was typed, or a link that was opened; raise TooMany."""
    _climb("guesses:address", address(), GUESSES_BY_ADDRESS)
    _climb("guesses:all", "", GUESSES_BY_ALL)


def _are_too_many_wrong() -> bool:
    times, span = WRONG_STAFF_CODES_BY_ALL
    return throttle.is_used_up(_key("staff_codes:wrong", "", (times, span)), times=times, per_seconds=span)


def _wait(what: str, whom: str, step: Step) -> float:
    """Use one of a step, and say 0, or how long to wait for the next."""
    return throttle.seconds_to_wait(_key(what, whom, step), times=step[0], per_seconds=step[1])


def _climb(what: str, whom: str, ladder: Sequence[Step]) -> None:
    for step in ladder:
        times, seconds = step
        sentence = _("Too many tries. Wait a little, then try again.")
        throttle.take(_key(what, whom, step), times=times, per_seconds=seconds, sentence=sentence)


def _key(what: str, whom: str, step: Step) -> str:
    """Name a bucket without saying whose it is: names, numbers and addresses are marked."""
    mark = keyring().mark(whom, purpose=what).hex()[:32] if whom else "-"
    return f"sign_in:{what}:{step[1]}:{mark}"
