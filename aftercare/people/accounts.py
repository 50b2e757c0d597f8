"""People of an organisation: add them, find them, say that their calendar has changed."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select, tuple_, update

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.area_codes import STATES
from aftercare.core.db import before_commit, db, find_read
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people import directory
from aftercare.people.models import ROLES, Organisation, Person, PersonRole

#: More in a day nobody reads.
MOST_TEXTS = 20


def add_person(
    organisation: Organisation,
    *,
    name: str,
    roles: Iterable[str],
    phone: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    by: uuid.UUID | None = None,
) -> Person:
    """Add somebody with their roles. The phone (E.164) leads to them, but is not yet theirs until verified."""
    wanted = sorted(set(roles))
    _check(name, wanted)
    person = Person(
        organisation_id=organisation.id,
        name=name.strip(),
        phone=phone,
        language=language or organisation.language,
        zone=zone or organisation.zone,
    )
    person.phone_since = clock.now() if phone else None
    db.session.add(person)
    db.session.flush()
    db.session.add_all(PersonRole(organisation_id=organisation.id, person_id=person.id, role=role) for role in wanted)
    if phone:
        directory.enter_phone(phone, organisation_id=organisation.id, person_id=person.id)
    trail.record(
        "person.added", organisation_id=organisation.id, about="person", about_id=person.id, actor_id=by,
        person_id=person.id, roles=",".join(wanted),
    )  # fmt: skip
    return person


def set_phone(person: Person, number: str | None) -> None:
    """Give somebody another number (E.164), or none; it leads to them, and is not theirs until verified."""
    whose = {"organisation_id": person.organisation_id}
    directory.leave("phone", **whose, subject_id=person.id)
    person.phone = number
    person.phone_since = clock.now() if number else None
    person.phone_verified_at = person.phone_frozen_at = None
    if number:
        directory.enter_phone(number, **whose, person_id=person.id)


def lock(people: Iterable[Person]) -> None:
    """Let nobody else change these people until this transaction ends; in one order, so that no two wait in a ring."""
    db.session.flush()
    for person in sorted(people, key=lambda each: (each.organisation_id, each.id)):
        db.session.refresh(person, with_for_update={"key_share": True})


def choose_language(person: Person, language: str) -> None:
    """Speak to somebody in the language that they chose."""
    person.language = language
    touch_calendars(person.organisation_id, [person.id])


def verify_phone(person: Person) -> None:
    """Note that the person has shown the phone to be theirs."""
    person.phone_verified_at = clock.now()
    person.phone_frozen_at = None


def freeze_phone(person: Person) -> None:
    """Send nothing more to a number that the carrier says is dead, until it is verified again."""
    person.phone_frozen_at = person.phone_frozen_at or clock.now()


def get_person(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Person:
    """Give somebody of an organisation; raise NotFound if there is no such person there."""
    person = find_person(organisation_id, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def find_person(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Person | None:
    """Give somebody of an organisation, or None."""
    return db.session.get(Person, (organisation_id, person_id))


def people_named(organisation_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Give several people of an organisation by their ids."""
    wanted = select(Person).where(Person.organisation_id == organisation_id, Person.id.in_(list(person_ids)))
    return {person.id: person for person in db.session.scalars(wanted)}


def people_anywhere(keys: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[tuple[uuid.UUID, uuid.UUID], Person]:
    """Give people of several organisations by (organisation, person), in one query: for the worker alone.

    Whom this transaction has read already is not read again.
    """
    wanted = set(keys)
    known = {key: person for key in wanted if (person := find_read(Person, key)) is not None}
    if missing := wanted - known.keys():
        read = select(Person).where(tuple_(Person.organisation_id, Person.id).in_(sorted(missing)))
        known |= {(person.organisation_id, person.id): person for person in db.session.scalars(read)}
    return known


def whereabouts(organisation_id: uuid.UUID) -> Sequence[tuple[str, str, str]]:
    """Give every zone, state of home and state of number that people of an organisation have together; "" for none.

    Read from an index alone: what a text may do at which hour is worked out for so few, not for everybody.
    """
    states = func.coalesce(Person.state, ""), func.coalesce(Person.phone_state, "")
    wanted = select(Person.zone, *states).where(Person.organisation_id == organisation_id).distinct()
    return [(row[0], row[1], row[2]) for row in db.session.execute(wanted)]


def with_role(organisation_id: uuid.UUID, role: str) -> Select[Person]:
    """Spell those who have a role and have not left, for a query that orders or pages them."""
    has_role = (PersonRole.organisation_id == Person.organisation_id) & (PersonRole.person_id == Person.id)
    wanted = select(Person).join(PersonRole, has_role)
    return wanted.where(
        PersonRole.organisation_id == organisation_id, PersonRole.role == role, Person.left_at.is_(None)
    )


def people_with_role(organisation_id: uuid.UUID, role: str) -> Sequence[Person]:
    """Give everybody of an organisation with a role, in the order they were added."""
    return db.session.scalars(with_role(organisation_id, role).order_by(Person.id)).all()


def newest_people(organisation_id: uuid.UUID, role: str, *, limit: int) -> Sequence[Person]:
    """Give those with a role who were added last, the newest first."""
    return db.session.scalars(with_role(organisation_id, role).order_by(Person.id.desc()).limit(limit)).all()


def roles_of(organisation_id: uuid.UUID, person_id: uuid.UUID) -> frozenset[str]:
    """Say which roles somebody has."""
    wanted = select(PersonRole.role).where(
        PersonRole.organisation_id == organisation_id, PersonRole.person_id == person_id
    )
    return frozenset(db.session.scalars(wanted))


def require_patient(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Person:
    """Give a patient of an organisation; raise NotFound for anybody else."""
    if "patient" not in roles_of(organisation_id, person_id):
        raise NotFound("There is no such person.")
    return get_person(organisation_id, person_id)


def choose_texts(person: Person, *, a_day: int, a_week: int) -> None:
    """Keep how many texts somebody wants in a day and in seven; 0 for as many as there are."""
    if not 0 <= a_day <= MOST_TEXTS or not 0 <= a_week <= 7 * MOST_TEXTS:
        raise Invalid("Choose how many texts.", fields={"texts": "Choose how many texts."})
    if (person.texts_a_day, person.texts_a_week) != (a_day, a_week):
        person.texts_a_day, person.texts_a_week = a_day, a_week
        trail.record(
            "texts.chosen", organisation_id=person.organisation_id, about="person", about_id=person.id,
            person_id=person.id, actor_id=person.id, a_day=a_day, a_week=a_week,
        )  # fmt: skip


def live_in(person: Person, state: str, *, by: uuid.UUID | None = None) -> None:
    """Keep in which state somebody lives (two letters; none: not known): its hours are theirs too."""
    wanted = state.strip().upper()
    if wanted and wanted not in STATES:
        raise Invalid("Choose a state.", fields={"state": "Choose a state."})
    if (person.state or "") != wanted:
        person.state = wanted or None
        trail.record(
            "person.moved_state", organisation_id=person.organisation_id, about="person", about_id=person.id,
            person_id=person.id, actor_id=by or person.id,
        )  # fmt: skip


def touch_calendars(organisation_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> None:
    """Say that what these people's calendars show has changed: noted now, written once, at the end."""
    touched: set[tuple[uuid.UUID, uuid.UUID]] = db.session.info.setdefault("touched", set())
    touched.update((organisation_id, person_id) for person_id in person_ids)
    if touched:
        before_commit("calendars", _raise_calendar_versions)


def _raise_calendar_versions() -> None:
    """Lock people in the order of their ids: two dates of one group may be changed at once, by whoever is in both."""
    key = tuple_(Person.organisation_id, Person.id)
    touched = select(Person.organisation_id, Person.id).where(key.in_(sorted(db.session.info.pop("touched"))))
    locked = touched.order_by(Person.organisation_id, Person.id).with_for_update(key_share=True)
    raised = update(Person).where(key.in_(locked)).values(calendar_version=Person.calendar_version + 1)
    db.session.execute(raised, execution_options={"synchronize_session": False})


def check_name(name: str) -> None:
    """Raise Invalid for a name that nobody can have here."""
    if not name.strip():
        raise Invalid("Enter a name.", fields={"name": "Enter a name."})
    if len(name) > 200:
        raise Invalid("Enter a shorter name.", fields={"name": "Use at most 200 characters."})


def _check(name: str, roles: list[str]) -> None:
    check_name(name)
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Conflict(f"Choose from these roles: {', '.join(ROLES)}.")
