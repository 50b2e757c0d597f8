"""The text with a code and a link, for whoever asked on the sign-in page: posted by the worker, a moment later.

The page only leaves a request behind. So it takes as long, and says the same, whoever the number belongs to.
"""

from itertools import groupby

from aftercare import config
from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.messaging import outbox
from aftercare.people import organisations, patient_codes
from aftercare.people.models import Person, SignInCode

BATCH = 50


def due() -> list[tuple[()]]:
    """Say whether there is anything to post, without taking a lock that others wait for."""
    return [()] if patient_codes.is_asked() else []


def post_due() -> int:
    """Post the texts that were asked for since the last look; say how many requests were looked at."""
    asked = patient_codes.untexted(limit=BATCH)
    for each in asked:
        _post(each)
        each.texted_at = clock.now()
    return len(asked)


def _post(asked: SignInCode) -> None:
    """Text one holder of the number, unless each of them took back their agreement: STOP wins (product.md 7.6)."""
    reachable = _who_did_not_stop(asked)
    if not reachable:
        return
    first = reachable[0]
    outbox.post_answer(
        organisations.get_organisation(first.organisation_id),
        first.phone,
        "signin_code",
        once=f"sign_in:{asked.id.hex}",
        useful_until=asked.expires_at,
        language=asked.language,
        person_id=first.id if len(reachable) == 1 else None,
        code=patient_codes.code(asked),
        link=f"{config.current().base_url}/s/{patient_codes.link_secret(asked)}",
    )


def _who_did_not_stop(asked: SignInCode) -> list[Person]:
    reachable: list[Person] = []
    for organisation_id, group in groupby(patient_codes.holders(asked), key=lambda person: person.organisation_id):
        people = list(group)
        stopped = ledger.who_stopped_texts(organisation_id, people)
        reachable += [person for person in people if person.id not in stopped]
    return reachable
