"""Made-up lists of any size to search in: houses around Denver and over Colorado, from one seed."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Table, insert, text

from aftercare.core import ids
from aftercare.core.db import Model, db, is_postgresql, transaction
from aftercare.meetings import finder_rows, search_words
from aftercare.meetings.exchange import import_rows
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.people.models import Organisation

WORDS = [
    "serenity",
    "hope",
    "harbor",
    "lantern",
    "porch",
    "oak",
    "elm",
    "river",
    "sunrise",
    "courage",
    "gratitude",
    "journey",
    "steps",
    "freedom",
    "unity",
    "new",
    "path",
    "light",
    "table",
    "bridge",
    "cedar",
    "willow",
    "canyon",
    "summit",
    "valley",
    "meadow",
    "stone",
]
CODES = ("B", "D", "SP", "ST", "X", "M", "W", "Y", "LGBTQ", "BE", "MED", "TR", "CF", "LIT")
HOURS = (360, 420, 450, 720, 735, 1020, 1080, 1110, 1140, 1170, 1200)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MONDAY = datetime(2026, 1, 5)
CHUNK = 2_000
#: What these meetings leave as it is.
UNSAID = dict.fromkeys(("join_url", "join_phone", "join_notes"), "") | dict.fromkeys(
    ("ended_at", "vanished_at", "days_off")
)
Rows = list[dict[str, Any]]


def fill(organisation: Organisation, number: int) -> None:
    """List so many meetings, three at each two houses."""
    random = Random(4)
    places = [_place(organisation, random, house) for house in range(max(1, number * 6 // 10))]
    listed = [_meeting(organisation, random, n, places[n % len(places)]) for n in range(number)]
    rows: list[tuple[type[Model], Rows]] = [
        (Place, places),
        (Meeting, [meeting for meeting, _, _ in listed]),
        (MeetingDay, [day for _, day, _ in listed]),
        (MeetingType, [kind for _, _, kinds in listed for kind in kinds]),
    ]
    for model, made in rows:
        for start in range(0, len(made), CHUNK):
            with transaction():
                db.session.execute(insert(cast(Table, model.__table__)), made[start : start + CHUNK])
    if is_postgresql():
        with transaction():
            db.session.execute(text("ANALYZE meetings, meeting_days, meeting_types, places"))


def _place(organisation: Organisation, random: Random, house: int) -> dict[str, Any]:
    latitude, longitude = random.uniform(37, 41), random.uniform(-109, -102)
    if house % 2:
        latitude, longitude = random.gauss(39.74, 0.25), random.gauss(-104.99, 0.25)
    street = f"{house % 9999} {random.choice(WORDS).title()} St"
    return {
        "organisation_id": organisation.id, "id": ids.new(), "name": f"{random.choice(WORDS).title()} House {house}",
        "address": f"{street}, Town{house % 400}, CO 8{house % 10000:04}, USA", "region": "", "latitude": latitude,
        "longitude": longitude, "is_approximate": False, "notes": "",
    }  # fmt: skip


def _meeting(
    organisation: Organisation, random: Random, number: int, place: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], Rows]:
    key, weekday = ids.new(), number % 7
    minute = random.choice(HOURS) if random.random() < 0.9 else random.randrange(0, 1440, 5)
    name = " ".join(random.sample(WORDS, 2)).title() + (f" Number {number}" if number % 50 == 0 else "")
    meeting = {
        "organisation_id": organisation.id, "id": key, "lineage_id": key, "kind": "fellowship", "name": name,
        "group_name": "", "fellowship": "aa", "languages": ["es"] if random.random() < 0.06 else [],
        "attendance": random.choice(["in_person"] * 7 + ["hybrid"] * 2 + ["online"]), "is_open": random.random() < 0.7,
        "place_id": place["id"], "zone": organisation.zone, "rule": f"FREQ=WEEKLY;BYDAY={DAYS[weekday]}", "minutes": 60,
        "start_local": MONDAY + timedelta(days=weekday, minutes=minute),
    }  # fmt: skip
    codes = random.sample(CODES, random.randint(0, 4))
    pairs = [("aa", code) for code in codes]
    meeting["search_text"] = search_words.written(meeting, place, pairs)
    (day,) = finder_rows.of_meeting(organisation.id, import_rows.UNSAID | UNSAID | meeting, place, pairs)
    keys = {"organisation_id": organisation.id, "meeting_id": key}
    return meeting, day, [keys | {"fellowship": "aa", "code": code} for code in codes]
