"""A made-up list of fellowship meetings around a made-up town, as varied and as messy as the real ones.

Five kinds of software write such lists, each with habits of its own, and people type into all of them. Everything here
is invented: town, streets, groups. Telephones end in 555-01xx and links lead to example.org, so nobody can be called.
"""

import json
from random import Random
from typing import Any

from aftercare.demo import meeting_words as words
from aftercare.demo.list_dialects import WRITERS, ZONE, Meeting, Row

__all__ = ["REFUSED", "ROWS", "ZONE", "meeting_list"]

ROWS, REFUSED = 300, 9
SEED = 12
UPDATED = "2026-{month:02d}-{day:02d} {hour:02d}:15:00"
# What hands do to a list: the row, and what was typed into it. None takes the field away.
CARELESS: tuple[tuple[int, Row], ...] = (
    (5, {"types": ["O", "ASBI"]}),
    (11, {"types": ["O", "C", "D"]}),
    (20, {"types": ["O", "XYZ"]}),
    (28, {"types": ["C", None, "ST"]}),
    (33, {"slug": None}),
    (44, {"end_time": "19:00", "time": "19:00"}),
    (52, {"conference_url": "javascript:alert(1)", "attendance_option": None}),
    (60, {"day": [1, 3, 5], "time": "07:00"}),
    (66, {"day": "Lundi"}),
    (71, {"day": "jueves"}),
    (75, {"day": 7}),
    (80, {"day": None, "time": None, "end_time": None, "notes": "By appointment: ask at the desk."}),
    (90, {"latitude": "n/a", "longitude": "n/a"}),
    (95, {"conference_phone": "ext. 12"}),
    (101, {"regions": [None]}),
    (115, {"timezone": "Mountain"}),
    (126, {"timezone": "-07:00"}),
    (131, {"name": "Lantern\u0007 Hour\u200b <em>Group</em>"}),
    (140, {"contact_1_name": "Pat D.", "contact_1_phone": "303-555-0123", "contact_1_email": "pat@example.org"}),
    (150, {"time": 1930}),
    (155, {"time": "7:30p", "end_time": "noonish"}),
    (160, {"name": None, "group": "Kettle & Chair Group"}),
    (170, {"fellowship": "Order of the Teapot"}),
    (180, {"types": "[open]"}),
    (190, {"website": "not a url", "feedback_emails": "meetings@example.org,nobody"}),
    (200, {"updated": "2026-04-0416:50:58"}),
    (207, {"formatted_address": "77 Copperleaf Way, Juniper Falls", "approximate": None}),
    (
        215,
        {"entity": "Juniper Falls Intergroup", "entity_phone": "+1-303-555-0100", "entity_url": "https://example.org"},
    ),
    (222, {"venmo": "just ask Pat", "paypal": "n/a"}),
    (230, {"time": "23:30", "end_time": "00:45"}),
)


def meeting_list(*, seed: int = SEED) -> bytes:
    """Write the list of the demo as Meeting Guide JSON: always the same bytes for the same seed."""
    random = Random(seed)
    rows: list[Any] = []
    for number in range(1, ROWS - REFUSED + 1):
        meeting = _invent(random, number)
        rows.append(random.choices(WRITERS, weights=(40, 20, 15, 15, 10))[0](meeting))
    _type_carelessly(rows)
    for place, spoiled in enumerate(_spoiled(rows)):
        rows.insert(17 + 31 * place, spoiled)
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _invent(random: Random, number: int) -> Meeting:
    fellowship = random.choices(tuple(words.FELLOWSHIPS), weights=tuple(words.FELLOWSHIPS.values()))[0]
    spanish = fellowship in ("aa", "na") and random.random() < 0.12
    name = _name(random, fellowship, spanish)
    place, street = random.choice(words.PLACES)
    return Meeting(
        number=number,
        slug=f"{_slugged(name)}-{number}",
        name=name,
        fellowship=fellowship,
        day=random.randrange(7),
        start=random.choices(words.STARTS, weights=words.START_WEIGHTS)[0],
        minutes=random.choices((60, 90, 75, 45, None), weights=(55, 18, 5, 4, 18))[0],
        attendance=random.choices(("in_person", "hybrid", "online", "inactive"), weights=(68, 14, 15, 3))[0],
        codes=_codes(random, fellowship, spanish),
        place=place,
        street=street,
        district=random.choice(words.DISTRICTS),
        notes=random.choice(words.NOTES_ES if spanish else words.NOTES),
        group=random.choice(words.GROUPS),
        updated=UPDATED.format(month=random.randint(1, 9), day=random.randint(1, 28), hour=random.randint(0, 23)),
    )


def _name(random: Random, fellowship: str, spanish: bool) -> str:
    if spanish:
        return random.choice(words.NAMES_ES)
    first = random.choice(words.FIRST_WORDS)
    return f"{first} {random.choice(words.SECOND_WORDS.get(fellowship, words.SECOND_WORDS['aa']))}"


def _codes(random: Random, fellowship: str, spanish: bool) -> tuple[str, ...]:
    access = random.choices(("O", "C"), weights=(65, 35))[0]
    kinds = words.CODES.get(fellowship, words.CODES["aa"])
    chosen = random.sample(kinds, k=random.randint(1, 3))
    extra = ["S"] if spanish and fellowship == "aa" else []
    if random.random() < 0.35:
        extra.append("X")
    return (access, *chosen, *extra)


def _slugged(name: str) -> str:
    folded = name.lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return "-".join("".join(c if c.isalnum() else " " for c in folded).split())


def _type_carelessly(rows: list[Any]) -> None:
    for number, typed in CARELESS:
        row = rows[number]
        row.update(typed)
        for field in [field for field, value in typed.items() if value is None]:
            del row[field]
    # One slug for two evenings of one meeting.
    rows[240] = {**rows[239], "day": 1 if rows[239]["day"] in (2, "2", "Tuesday") else 2}


def _spoiled(rows: list[Any]) -> list[Any]:
    """Give the rows that nobody can read."""
    nameless = {field: value for field, value in rows[7].items() if field not in ("name", "group", "location")}
    nowhere = {
        "slug": "somewhere-nice",
        "name": "Somewhere Nice",
        "day": 3,
        "time": "18:00",
        "types": ["O"],
        "timezone": ZONE,
    }
    return [
        {**rows[30], "slug": "late-shift", "time": "25:00"},
        {**rows[62], "slug": "to-be-announced", "time": "TBA"},
        {**rows[93], "slug": "one-fine-day", "day": "Someday"},
        {**nameless, "slug": "nameless"},
        "--- page 2 ---",
        nowhere,
        None,
        rows[3],
        {**rows[250], "slug": "ninth-day", "day": 9},
    ]
