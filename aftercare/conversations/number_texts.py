"""The text with the code for a new number: posted by the worker, a moment later.

The page only leaves a request behind. So it takes as long, and says the same, whoever has the number.
"""

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.messaging import holders, outbox
from aftercare.people import accounts, number_changes, organisations
from aftercare.people.models import NumberChange

BATCH = 50


def due() -> list[tuple[()]]:
    """Say whether there is anything to post, without taking a lock that others wait for."""
    return [()] if number_changes.is_asked() else []


def post_due() -> int:
    """Post the codes that were asked for since the last look; say how many requests were looked at."""
    asked = number_changes.untexted(limit=BATCH)
    for each in asked:
        if not _has_stopped(each.number):
            _post(each)
        each.texted_at = clock.now()
    return len(asked)


def _post(change: NumberChange) -> None:
    """Text the code to the number. The row names nobody: it may be a stranger's number that was typed."""
    person = accounts.get_person(change.organisation_id, change.person_id)
    outbox.post_answer(
        organisations.get_organisation(change.organisation_id),
        change.number,
        "number_code",
        once=f"number:{change.id.hex}:{clock.now().isoformat()}",
        useful_until=change.expires_at,
        language=person.language,
        code=number_changes.code(change),
    )


def _has_stopped(number: str) -> bool:
    """Tell whether somebody has this number now, and everybody who has it wants no more texts: STOP wins."""
    now = clock.now()
    living = [person for person in holders.of(number) if holders.is_living(person, now)]
    stopped = [person for person in living if ledger.who_stopped_texts(person.organisation_id, [person])]
    return bool(living) and len(stopped) == len(living)
