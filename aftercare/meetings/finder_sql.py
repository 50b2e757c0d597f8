"""The finder's statements, as text: in each, one index gives the rows in the order in which they are wanted.

SQLite reads tables in the order in which CROSS JOIN names them; PostgreSQL chooses by what it knows of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import Protocol

from aftercare.meetings import search_words

#: As the index of the migration has it; PostgreSQL compares the two word by word.
LEXEMES = (
    "array_to_tsvector(string_to_array("
    "'_o_' || replace(CAST(m.organisation_id AS text), '-', '') || m.search_text, ' '))"
)
SAID = (
    "d.zone, d.weekday, d.start_minute, CAST(d.meeting_id AS text) AS meeting_id, d.minutes,"
    " CAST(d.since AS text) AS since, d.series, CAST(d.place_id AS text) AS place_id, d.latitude, d.longitude, d.told"
)
OF_PLACE = (
    "CAST(p.id AS text) AS place_id, p.name AS place, p.address, p.region, p.latitude, p.longitude, p.is_approximate"
)
PLACE = " LEFT JOIN places p ON p.organisation_id = :o AND p.id = m.place_id"
OURS = "m.organisation_id = :o AND m.listed AND m.ended_at IS NULL AND m.vanished_at IS NULL"
LISTED = f"{OURS} AND m.kind = 'fellowship'"
SHOWN = "d.organisation_id = :o AND d.is_shown"
FOUND = "meeting_words MATCH :words AND k.number = meeting_words.rowid"
#: The words and the marks of a row of days, and those of a meeting, each between blanks.
OF_DAY, OF_MEETING = ("d.words", "d.marks"), ("(m.search_text || ' ')",) * 2
#: Of what begins when the page before ended, what stands behind its last row.
BEHIND = " AND NOT (d.weekday = :w0 AND d.start_minute = :s0 AND d.meeting_id <= :after)"
#: How far away a row is, squared, in degrees of latitude: the earth is flat in a small circle.
FAR = (
    "((d.latitude - :latitude) * (d.latitude - :latitude)"
    " + (d.longitude - :longitude) * (d.longitude - :longitude) * :narrow)"
)


class OfFew(Protocol):
    """Writes a question for some of few rows."""

    def __call__(self, conditions: str, /, *, postgresql: bool, in_time: bool) -> str:
        """Write it."""
        ...


@dataclass(frozen=True)
class Words:
    """What the words and marks of a meeting must hold: each word, one that is only begun, and one mark of each set."""

    whole: tuple[str, ...] = ()
    begun: str = ""
    marks: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.whole or self.begun or self.marks)


def match(words: Words, organisation: str | None, *, postgresql: bool) -> str:
    """Write what the full-text index is asked, of one organisation or of all.

    Words are letters and digits alone, so that nothing needs escaping.
    """
    quote, also, either, begun = ("'", " & ", " | ", ":*") if postgresql else ('"', " AND ", " OR ", "*")
    ours = [f"_o_{organisation}"] if organisation else []
    parts = [f"{quote}{word}{quote}" for word in (*ours, *words.whole)]
    parts += [f"{quote}{words.begun}{quote}{begun}"] if words.begun else []
    parts += ["(" + either.join(f"{quote}{mark}{quote}" for mark in marks) + ")" for marks in words.marks]
    return also.join(parts)


def holding(words: Words, hays: tuple[str, str], *, postgresql: bool) -> str:
    """Write the same as conditions on a row that is read anyway; `held` gives what its parameters are."""
    find, numbers = "strpos" if postgresql else "instr", count()
    of_words, of_marks = (f"{find}({hay}" for hay in hays)
    held = [f"{of_words}, :held{next(numbers)}) > 0" for _ in (*words.whole, *filter(None, [words.begun]))]
    for marks in words.marks:
        either = " OR ".join(f"{of_marks}, :held{next(numbers)}) > 0" for _ in marks)
        held.append(f"({either})")
    return "".join(f" AND {each}" for each in held)


def held(words: Words) -> dict[str, str]:
    """Give what a row must hold, as the parameters of `holding`."""
    begun = [f" {words.begun}"] if words.begun else []
    parts = [*(f" {word} " for word in words.whole), *begun, *(f" {mark} " for marks in words.marks for mark in marks)]
    return {f"held{number}": part for number, part in enumerate(parts)}


@cache
def zones() -> str:
    """Ask for the zones that an organisation's listings keep, one step of the index for each."""
    first = "SELECT min(zone) FROM meeting_days WHERE organisation_id = :o"
    return (
        f"WITH RECURSIVE kept(zone) AS ({first} UNION ALL SELECT ({first} AND zone > kept.zone) FROM kept"
        " WHERE kept.zone IS NOT NULL) SELECT zone FROM kept WHERE zone IS NOT NULL"
    )


@lru_cache(maxsize=1024)
def in_order(
    pieces: int, conditions: str, *, postgresql: bool, after: tuple[int, ...] = (), follow: bool = False
) -> str:
    """Ask for listings by zone, weekday and minute; each piece of a day in order, as many as :n.

    Pieces that follow each other in time are read one after the other, until there are as many of all.
    """
    branches, by_zone = [], "" if postgresql else " INDEXED BY ix_meeting_days_by_zone"
    for number in range(pieces):
        behind = f" AND (d.start_minute > :s{number} OR d.meeting_id > :after)" if number in after else ""
        branches.append(
            f"SELECT {number} AS piece, {SAID} FROM meeting_days d{by_zone} WHERE {SHOWN} AND d.zone = :z{number}"
            f" AND d.weekday = :w{number} AND d.start_minute >= :s{number} AND d.start_minute < :e{number}{behind}"
            f"{conditions} ORDER BY d.start_minute, d.meeting_id LIMIT :n"
        )
    if pieces == 1:
        return branches[0]
    parts = (f"SELECT * FROM ({branch}) AS piece_{number}" for number, branch in enumerate(branches))
    return " UNION ALL ".join(parts) + (" LIMIT :n" if follow else "")


@lru_cache(maxsize=1024)
def by_words(conditions: str, *, postgresql: bool, in_time: bool) -> str:
    """Ask for listings that hold some words, on some weekdays; in the order of their times, as many as :n."""
    found = (
        f"(SELECT m.id AS meeting_id FROM meetings m WHERE m.organisation_id = :o AND {LEXEMES}"
        " @@ CAST(:words AS tsquery) OFFSET 0) k"
    )
    held = "d.meeting_id = k.meeting_id"
    if not postgresql:
        found, held = "meeting_words CROSS JOIN meeting_numbers k", f"{FOUND} AND {held}"
    # SQLite would rather read all days of the organisation from an index that holds all columns.
    days = _days(found, held + conditions, "ix_meeting_days_organisation_id_meeting_id", postgresql=postgresql)
    return f"SELECT 0 AS piece, {SAID} FROM {days}{_in_time(in_time)}"


@lru_cache(maxsize=1024)
def around(conditions: str, *, postgresql: bool, in_time: bool) -> str:
    """Ask for listings in some stretches of cells; in the order of their times, as many as :n."""
    return f"SELECT 0 AS piece, {SAID} FROM {_in_cells(conditions, postgresql=postgresql)}{_in_time(in_time)}"


@lru_cache(maxsize=1024)
def nearest(conditions: str, *, postgresql: bool, further: bool) -> str:
    """Ask for the nearest listings in some stretches of cells, or those from a distance on, as many as :n."""
    beyond = f" AND {FAR} >= :inner" if further else ""
    inside = f"{_in_cells(f'{conditions}{beyond}', postgresql=postgresql)} ORDER BY {FAR} LIMIT :n"
    if postgresql:
        return f"SELECT 0 AS piece, {SAID} FROM {inside}"
    # What is told of each is read of the nearest alone: SQLite would carry it along while it puts them in order.
    return (
        f"SELECT 0 AS piece, {SAID} FROM (SELECT d.rowid AS row FROM {inside}) AS near"
        " CROSS JOIN meeting_days d WHERE d.rowid = near.row"
    )


@cache
def how_many_around(*, postgresql: bool) -> str:
    """Count the rows in some stretches of cells, seen or not, up to :most and no further."""
    inside = _in_cells("", ours="d.organisation_id = :o", postgresql=postgresql)
    return f"SELECT count(*) FROM (SELECT 1 FROM {inside} LIMIT :most) AS counted"


@cache
def how_many(*, postgresql: bool) -> str:
    """Count the meetings that hold some words, up to :most and no further."""
    source = f"meetings m WHERE {LEXEMES} @@ CAST(:words AS tsquery)"
    if not postgresql:
        source = "meeting_words WHERE meeting_words MATCH :words"
    return f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT :most) AS counted"


@cache
def where_words_are(*, postgresql: bool) -> str:
    """Ask for places of a few meetings that hold some words."""
    source, held = "meetings m CROSS JOIN places p", f"{LEXEMES} @@ CAST(:words AS tsquery)"
    if not postgresql:
        source = "meeting_words CROSS JOIN meeting_numbers k CROSS JOIN meetings m CROSS JOIN places p"
        held = f"{FOUND} AND m.id = k.meeting_id"
    return (
        f"SELECT p.name, p.address, p.region, p.latitude, p.longitude FROM {source} WHERE {held} AND {OURS}"
        " AND p.organisation_id = :o AND p.id = m.place_id AND p.latitude IS NOT NULL LIMIT :n"
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


@cache
def how_long() -> str:
    """Count the rows of an organisation, up to :most and no further."""
    return "SELECT count(*) FROM (SELECT 1 FROM meeting_days WHERE organisation_id = :o LIMIT :most) AS counted"


@cache
def is_any(of: str) -> str:
    """Ask whether an organisation has any meeting of a kind to show."""
    return f"SELECT EXISTS (SELECT 1 FROM meetings m WHERE {OURS} AND {of})"


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


@lru_cache(maxsize=4096)
def as_driver(sql: str, *, postgresql: bool) -> str:
    """Write the names of parameters as the driver takes them."""
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", sql) if postgresql else sql


def _in_cells(conditions: str, *, postgresql: bool, ours: str = SHOWN) -> str:
    cells, first = "json_each(:cells) r", "json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')"
    if postgresql:
        cells = "unnest(CAST(:first AS int[]), CAST(:last AS int[])) AS r(first, last)"
        first = "r.first AND r.last"
    held = f"d.cell BETWEEN {first}{conditions}"
    return _days(cells, held, "ix_meeting_days_by_cell", postgresql=postgresql, ours=ours)


def _days(each: str, held: str, index: str, *, postgresql: bool, ours: str = SHOWN) -> str:
    """Write the rows of days that hold something for each of what was found before."""
    if postgresql:
        # With OFFSET, PostgreSQL looks them up for each; it would guess that there are too many for that.
        return f"{each} CROSS JOIN LATERAL (SELECT * FROM meeting_days d WHERE {ours} AND {held} OFFSET 0) AS d"
    return f"{each} CROSS JOIN meeting_days d INDEXED BY {index} WHERE {ours} AND {held}"


def _in_time(wanted: bool) -> str:
    """Write the order of the days from one weekday on."""
    days = "CASE WHEN d.weekday < :w0 THEN d.weekday + 7 ELSE d.weekday END"
    return f" ORDER BY {days}, d.start_minute, d.meeting_id LIMIT :n" if wanted else ""


def _among(name: str, *, postgresql: bool) -> str:
    return f"= ANY(CAST(:{name} AS uuid[]))" if postgresql else f"IN (SELECT value FROM json_each(:{name}))"
