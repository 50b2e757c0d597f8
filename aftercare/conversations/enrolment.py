"""Add a person: staff write down who comes, and what they agreed to (product.md 1 and 7.6)."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aftercare.audit import trail
from aftercare.consent import ledger, wordings
from aftercare.conversations import subscriptions
from aftercare.core import clock
from aftercare.core import phone as phones
from aftercare.core.errors import Invalid
from aftercare.meetings import members, timetable
from aftercare.meetings.models import Meeting
from aftercare.messaging import holders
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation, Person
from aftercare.recovery import progress
from aftercare.recovery.streaks import FIRST_GOAL


@dataclass(frozen=True)
class Enrolment:
    """What staff write down of somebody: the phone as people write it, the group by its id."""

    name: str
    language: str
    phone: str = ""
    agrees_to_texts: bool = False
    goal: int = FIRST_GOAL
    group: str = ""


def enrol(organisation: Organisation, given: Enrolment, *, by: uuid.UUID) -> Person:
    """Add a patient with goal and group; if they agreed to texts, ask them by text to confirm it.

    Raises Invalid that names every field at once.
    """
    number, group = _check(organisation, given)
    person = accounts.add_person(
        organisation, name=given.name, roles=["patient"], phone=number, language=given.language, by=by
    )
    progress.enrol(person, goal=given.goal)
    if group is not None:
        _join(group, person, by=by)
    if given.agrees_to_texts:
        subscriptions.invite(person, way="staff", recorded_by=by)
    return person


def _join(group: Meeting, person: Person, *, by: uuid.UUID) -> None:
    members.join(group, person, since=clock.today(group.zone))
    trail.record(
        "group.joined", organisation_id=group.organisation_id, about="meeting", about_id=group.id,
        person_id=person.id, actor_id=by,
    )  # fmt: skip


def _check(organisation: Organisation, given: Enrolment) -> tuple[str | None, Meeting | None]:
    """Give the number and the group that are meant, once all that was written down is right."""
    wrong: dict[str, str] = {}
    number, group = None, None
    with _noted(wrong):
        accounts.check_name(given.name)
    with _noted(wrong):
        number = _number(organisation, given)
    with _noted(wrong):
        _check_language(given.language)
    with _noted(wrong):
        progress.check_goal(given.goal)
    with _noted(wrong):
        group = _group(organisation, given.group)
    if wrong:
        raise Invalid(next(iter(wrong.values())), fields=wrong)
    return number, group


@contextmanager
def _noted(wrong: dict[str, str]) -> Iterator[None]:
    try:
        yield
    except Invalid as refusal:
        wrong.update(refusal.fields)


def _number(organisation: Organisation, given: Enrolment) -> str | None:
    if not given.phone.strip():
        if given.agrees_to_texts:
            raise _refusal("phone", "Enter the number that their texts go to.")
        return None
    number = phones.read_mobile(given.phone, ours=organisations.own_numbers(organisation))
    if holders.is_taken(number, organisation_id=organisation.id):
        raise _refusal("phone", "Somebody here already has this number. Look for them, or leave the phone empty.")
    return number


def _check_language(language: str) -> None:
    if language not in wordings.WORDINGS[ledger.WORDING]:
        raise _refusal("language", "Choose English or Spanish.")


def _group(organisation: Organisation, wanted: str) -> Meeting | None:
    if not wanted:
        return None
    for group in timetable.groups(organisation.id):
        if str(group.id) == wanted:
            return group
    raise _refusal("group", "Choose a group from the list.")


def _refusal(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})
