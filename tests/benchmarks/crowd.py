"""A crowd whose reminders are to be planned: many answers to many dates in many zones, the same ones every time."""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from aftercare.consent.models import ConsentEvent
from aftercare.core.db import Model, db, is_postgresql, transaction
from aftercare.meetings.models import Meeting, Occurrence, Rsvp
from aftercare.people.models import Organisation, Person

#: A Friday; in the night to Sunday the clocks go back in America.
NOW = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)
ZONES = (
    "America/Denver", "America/New_York", "America/Los_Angeles", "America/Phoenix",
    "America/Chicago", "Pacific/Honolulu", "Asia/Kathmandu", "Australia/Lord_Howe",
)  # fmt: skip
CLINICS, SEATS, DATES_OF_ONE = 4, 20, 10
#: Seven of ten came over the web, so every date holds people of several zones.
SHARES = {"no_consent": 0.05, "frozen": 0.01, "left": 0.01, "declined": 0.03}
_AT_ONCE = 5_000


def gather(answers: int, *, seed: int = 1) -> int:
    """Make people, dates and `answers` answers, committed; say how many reminders they ask for now."""
    chance = random.Random(seed)
    return sum(_clinic(number, answers // CLINICS, chance) for number in range(CLINICS))


def _clinic(number: int, answers: int, chance: random.Random) -> int:
    zone = ZONES[number % len(ZONES)]
    key = _id(chance)
    who = {"slug": f"crowd-{number}", "name": "Elm Street Center", "discreet_name": "Elm St", "zone": zone}
    reachable = {_id(chance): chance.random() >= SHARES["no_consent"] for _ in range(max(SEATS, answers // 10))}
    with transaction():
        _write(Organisation, [who | {"id": key}])
        fit = set(_people(key, reachable, chance))
        dates = list(_dates(key, zone, max(1, answers // SEATS), chance))
    people = list(reachable)
    with transaction():
        rows = _answers(key, dates, people, chance)
        return _keep_answers(rows, fit)


def _people(organisation_id: uuid.UUID, reachable: dict[uuid.UUID, bool], chance: random.Random) -> Iterator[uuid.UUID]:
    """Write down people, and who agreed to texts; give those whom a text may reach."""
    rows, agreed = [], []
    for key, agrees in reachable.items():
        is_frozen, has_left = chance.random() < SHARES["frozen"], chance.random() < SHARES["left"]
        whose = {"organisation_id": organisation_id, "phone_hash": chance.randbytes(32)}
        rows.append(
            whose
            | {
                "id": key, "name_sealed": b"-", "phone_sealed": b"-", "zone": chance.choice(ZONES),
                "phone_frozen_at": NOW if is_frozen else None, "left_at": NOW if has_left else None,
            }
        )  # fmt: skip
        if agrees:
            said = {"purpose": "text", "act": "grant", "way": "web", "wording": "texts-1", "language": "en"}
            agreed.append(whose | said | {"id": _id(chance), "person_id": key, "at": NOW - timedelta(days=90)})
        if agrees and not is_frozen and not has_left:
            yield key
    _write(Person, rows)
    _write(ConsentEvent, agreed)


def _dates(organisation_id: uuid.UUID, zone: str, count: int, chance: random.Random) -> Iterator[tuple[uuid.UUID, Any]]:
    """Write down dates between 27 and 71 hours ahead, each quarter of an hour: near for the first reminder alone."""
    meetings = [
        {
            "organisation_id": organisation_id, "id": (key := _id(chance)), "lineage_id": key, "kind": "programme",
            "name": "Tools for the Week", "zone": zone, "start_local": datetime(2026, 9, 1, 18, 0), "minutes": 60,
        }
        for _ in range(-(-count // DATES_OF_ONE))
    ]  # fmt: skip
    _write(Meeting, meetings)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        quarter = timedelta(minutes=15 * (number // len(meetings)))
        begins = NOW + timedelta(hours=27 + chance.randrange(40)) + quarter
        local = begins.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        meeting = meetings[number % len(meetings)]
        rows.append(
            {
                "organisation_id": organisation_id, "id": _id(chance), "meeting_id": meeting["id"],
                "slot_local": local + timedelta(microseconds=number), "start_local": local, "occurs_on": local.date(),
                "starts_at": begins, "ends_at": begins + timedelta(hours=1),
            }
        )  # fmt: skip
    _write(Occurrence, rows)
    yield from ((row["id"], row["occurs_on"]) for row in rows)


def _answers(
    organisation_id: uuid.UUID, dates: list[tuple[uuid.UUID, Any]], people: list[uuid.UUID], chance: random.Random
) -> Iterator[dict[str, Any]]:
    said = NOW - timedelta(days=7)
    for date, occurs_on in dates:
        first = chance.randrange(len(people))
        for seat in range(SEATS):
            yield {
                "organisation_id": organisation_id, "occurrence_id": date, "occurs_on": occurs_on,
                "person_id": people[(first + seat) % len(people)],
                "status": "declined" if chance.random() < SHARES["declined"] else "going",
                "answered_at": said, "created_at": said, "updated_at": said,
            }  # fmt: skip


def _keep_answers(rows: Iterable[dict[str, Any]], fit: set[uuid.UUID]) -> int:
    wanted = 0
    for part in _parts(rows):
        _write(Rsvp, part)
        wanted += sum(row["status"] == "going" and row["person_id"] in fit for row in part)
    return wanted


def _write(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    for part in _parts(rows):
        db.session.execute(insert(model), part)


def _parts(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while part := list(islice(waiting, _AT_ONCE)):
        yield part


def settle() -> None:
    """Let the database count its tables, as it does by itself in time."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if is_postgresql() else "ANALYZE"))


def _id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
