"""The finder's statements, as text: in each, one index gives the rows in the order in which they are wanted.

SQLite reads tables in the order in which CROSS JOIN names them; PostgreSQL chooses by what it knows of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from aftercare.meetings import search_words

#: As the index of the migration has it; PostgreSQL compares the two word by word.
LEXEMES = (
    "array_to_tsvector(string_to_array("
    "'_o_' || replace(CAST(m.organisation_id AS text), '-', '') || m.search_text, ' '))"
)
SAID = (
    "m.zone, d.weekday, d.start_minute, CAST(d.meeting_id AS text) AS meeting_id, CAST(m.start_local AS text) AS first,"
    " m.minutes, m.rule, m.holidays, CAST(m.days_off AS text) AS days_off, CAST(m.place_id AS text) AS place_id,"
    " p.latitude, p.longitude"
)
OF_PLACE = "CAST(p.id AS text), p.name, p.address, p.region, p.latitude, p.longitude, p.is_approximate"
PLACE = " LEFT JOIN places p ON p.organisation_id = :o AND p.id = m.place_id"
OURS = "m.organisation_id = :o AND m.listed AND m.ended_at IS NULL AND m.vanished_at IS NULL"
LISTED = f"{OURS} AND m.kind = 'fellowship'"
DAYS_OF = "d.organisation_id = :o AND d.meeting_id = m.id"


@dataclass(frozen=True)
class Words:
    """What the words and marks of a meeting must hold: each word, one that is only begun, and one mark of each set."""

    whole: tuple[str, ...] = ()
    begun: str = ""
    marks: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.whole or self.begun or self.marks)


def match(words: Words, organisation: str, *, postgresql: bool) -> str:
    """Write what the full-text index is asked. Words are letters and digits alone, so that nothing needs escaping."""
    quote, also, either, begun = ("'", " & ", " | ", ":*") if postgresql else ('"', " AND ", " OR ", "*")
    parts = [f"{quote}{word}{quote}" for word in (f"_o_{organisation}", *words.whole)]
    parts += [f"{quote}{words.begun}{quote}{begun}"] if words.begun else []
    parts += ["(" + either.join(f"{quote}{mark}{quote}" for mark in marks) + ")" for marks in words.marks]
    return also.join(parts)


def holding(words: Words, *, postgresql: bool) -> str:
    """Write the same as conditions on a row that is read anyway."""
    find = "strpos" if postgresql else "instr"
    hay = "(m.search_text || ' ')"
    held = [f"{find}({hay}, ' {word} ') > 0" for word in words.whole]
    held += [f"{find}({hay}, ' {words.begun}') > 0"] if words.begun else []
    for marks in words.marks:
        either = " OR ".join(f"{find}({hay}, ' {mark} ') > 0" for mark in marks)
        held.append(f"({either})")
    return "".join(f" AND {each}" for each in held)


@cache
def zones() -> str:
    """Ask for the zones that an organisation's listings keep, one step of the index for each."""
    first = "SELECT min(zone) FROM meeting_days WHERE organisation_id = :o"
    return (
        f"WITH RECURSIVE kept(zone) AS ({first} UNION ALL SELECT ({first} AND zone > kept.zone) FROM kept"
        " WHERE kept.zone IS NOT NULL) SELECT zone FROM kept WHERE zone IS NOT NULL"
    )


def in_order(pieces: int, conditions: str, *, after: Sequence[int] = (), follow: bool = False) -> str:
    """Ask for listings by zone, weekday and minute; each piece of a day in order, as many as :n.

    Pieces that follow each other in time are read one after the other, until there are as many of all.
    """
    branches = []
    for number in range(pieces):
        behind = f" AND (d.start_minute > :s{number} OR d.meeting_id > :after)" if number in after else ""
        branches.append(
            f"SELECT * FROM (SELECT {number} AS piece, {SAID} FROM meeting_days d CROSS JOIN meetings m{PLACE}"
            f" WHERE d.organisation_id = :o AND d.zone = :z{number} AND d.weekday = :w{number}"
            f" AND d.start_minute >= :s{number} AND d.start_minute < :e{number}{behind}"
            f" AND m.id = d.meeting_id AND {LISTED}{conditions}"
            f" ORDER BY d.start_minute, d.meeting_id LIMIT :n) AS piece_{number}"
        )
    return " UNION ALL ".join(branches) + (" LIMIT :n" if follow else "")


def by_words(conditions: str, *, postgresql: bool) -> str:
    """Ask for all listings that hold rare words, on some weekdays."""
    source, held = f"meetings m{PLACE}{_days(postgresql=postgresql)}", f"{LEXEMES} @@ CAST(:words AS tsquery)"
    if not postgresql:
        source = f"meeting_words CROSS JOIN meeting_numbers k CROSS JOIN {source}"
        held = "meeting_words MATCH :words AND k.number = meeting_words.rowid AND m.id = k.meeting_id"
    return f"SELECT 0 AS piece, {SAID} FROM {source} WHERE {held} AND {LISTED} AND {DAYS_OF}{conditions}"


def at_places(conditions: str, *, postgresql: bool) -> str:
    """Ask for all listings at some places."""
    held = f"m.place_id {_among('places', postgresql=postgresql)}"
    source = f"meetings m{PLACE}{_days(postgresql=postgresql)}"
    return f"SELECT 0 AS piece, {SAID} FROM {source} WHERE {held} AND {LISTED} AND {DAYS_OF}{conditions}"


@cache
def how_many(*, postgresql: bool) -> str:
    """Count the meetings that hold some words, up to :most and no further."""
    source = f"meetings m WHERE m.organisation_id = :o AND {LEXEMES} @@ CAST(:words AS tsquery)"
    if not postgresql:
        source = "meeting_words WHERE meeting_words MATCH :words"
    return f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT :most) AS counted"


@cache
def around(*, postgresql: bool) -> str:
    """Ask for the places in some stretches of cells."""
    cells = "p.cell BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')"
    source = "json_each(:cells) r CROSS JOIN places p"
    if postgresql:
        source = "unnest(CAST(:first AS int[]), CAST(:last AS int[])) AS r(first, last) CROSS JOIN places p"
        cells = "p.cell BETWEEN r.first AND r.last"
    return (
        f"SELECT CAST(p.id AS text) AS id, p.latitude, p.longitude FROM {source}"
        f" WHERE p.organisation_id = :o AND {cells} LIMIT :most"
    )


@cache
def where_words_are(*, postgresql: bool) -> str:
    """Ask for places of a few meetings that hold some words."""
    source, held = "meetings m CROSS JOIN places p", f"{LEXEMES} @@ CAST(:words AS tsquery)"
    if not postgresql:
        source = "meeting_words CROSS JOIN meeting_numbers k CROSS JOIN meetings m CROSS JOIN places p"
        held = "meeting_words MATCH :words AND k.number = meeting_words.rowid AND m.id = k.meeting_id"
    return (
        f"SELECT p.name, p.address, p.region, p.latitude, p.longitude FROM {source} WHERE {held} AND {OURS}"
        " AND p.organisation_id = :o AND p.id = m.place_id AND p.cell IS NOT NULL LIMIT :n"
    )


@cache
def facts(*, postgresql: bool) -> str:
    """Ask for what strangers may know of some meetings, with their places and, as JSON, their types."""
    of_meeting = "FROM meeting_types t WHERE t.organisation_id = m.organisation_id AND t.meeting_id = m.id"
    kinds = f"SELECT json_group_array(code) FROM (SELECT t.code {of_meeting} ORDER BY +t.code)"
    if postgresql:
        kinds = f"SELECT CAST(COALESCE(json_agg(t.code ORDER BY t.code), '[]') AS text) {of_meeting}"
    return (
        "SELECT CAST(m.id AS text) AS id, m.kind, m.name, m.fellowship, m.attendance, m.is_open, m.zone, m.join_url,"
        " m.join_phone, m.join_notes, m.is_join_withheld, m.group_name, CAST(m.languages AS text) AS languages,"
        f" ({kinds}) AS types, m.place_detail, {OF_PLACE} FROM meetings m{PLACE}"
        f" WHERE m.organisation_id = :o AND m.id {_among('ids', postgresql=postgresql)}"
    )


@cache
def facts_of_places(*, postgresql: bool) -> str:
    """Ask for what is known of some places."""
    return (
        f"SELECT {OF_PLACE} FROM places p WHERE p.organisation_id = :o AND p.id {_among('ids', postgresql=postgresql)}"
    )


def dates(stretches: int, conditions: str) -> str:
    """Ask for the dates of programme meetings in some stretches of time, in order."""
    when = " OR ".join(f"(o.starts_at >= :a{n} AND o.starts_at < :b{n})" for n in range(stretches))
    return (
        "SELECT o.starts_at, CAST(o.id AS text) AS id, CAST(o.meeting_id AS text) AS meeting_id, o.ends_at, o.status,"
        " CAST(COALESCE(o.place_id, m.place_id) AS text) AS place_id,"
        " p.latitude, p.longitude FROM occurrences o CROSS JOIN meetings m"
        " LEFT JOIN places p ON p.organisation_id = :o AND p.id = COALESCE(o.place_id, m.place_id)"
        " WHERE o.organisation_id = :o AND o.starts_at >= :since AND o.starts_at < :until"
        f" AND ({when}) AND m.id = o.meeting_id AND m.kind = 'programme' AND {OURS}{conditions}"
        " AND (o.starts_at > :since OR o.id > :after) ORDER BY o.starts_at, o.id LIMIT :n"
    )


def by_appointment(conditions: str) -> str:
    """Ask for listings without a time."""
    return (
        "SELECT CAST(m.id AS text) AS id, CAST(m.place_id AS text) AS place_id, p.latitude, p.longitude"
        f" FROM meetings m{PLACE}"
        f" WHERE m.start_local IS NULL AND {LISTED}{conditions} ORDER BY m.id LIMIT :n"
    )


def words_for(text: str, marks: Sequence[tuple[str, ...]]) -> Words:
    """Give what the words of a meeting must hold for a text that was typed and marks that were chosen."""
    typed = search_words.typed(text)
    return Words(typed[:-1], typed[-1] if typed else "", tuple(marks))


@cache
def as_driver(sql: str, *, postgresql: bool) -> str:
    """Write the names of parameters as the driver takes them."""
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", sql) if postgresql else sql


def _days(*, postgresql: bool) -> str:
    # SQLite would rather read all days of the organisation from an index that holds all columns.
    return " CROSS JOIN meeting_days d" + (
        "" if postgresql else " INDEXED BY ix_meeting_days_organisation_id_meeting_id"
    )


def _among(name: str, *, postgresql: bool) -> str:
    return f"= ANY(CAST(:{name} AS uuid[]))" if postgresql else f"IN (SELECT value FROM json_each(:{name}))"
