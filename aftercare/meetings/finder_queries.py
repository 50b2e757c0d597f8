"""The questions of the finder: listings in the order of their start, by rare words or by place, and programme dates.

Rare words and few places lead to their meetings; else listings are read in the order of the index of weekday and
minute, zone by zone, until the page is full. So what is read grows with the answer, not with the table.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_dates, finder_hits, finder_places, finder_sql, finder_when
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_hits import Hit
from aftercare.meetings.finder_sought import DAY_IN_BOX, Key, Sought
from aftercare.meetings.finder_when import When
from aftercare.meetings.finder_windows import Piece, Window, at, pieces

#: As many rows with a word, or around a point, are read and put in order; of more, only those on the page.
FEW = 400
#: A statement of more parts takes longer to plan than to answer.
MOST_PIECES = 16
WHOLE = 1_000_000


def hits(sought: Sought) -> tuple[list[Hit], Key | None]:
    """Give what takes place, in order, and up to where it is whole: None if to the end."""
    if not sought.windows:
        return [], None
    listings, until = (finder_places.nearest(sought), None) if sought.wish.by_distance else _listings(sought)
    dates, dates_until = finder_dates.find(sought)
    found = sorted([*listings, *dates], key=lambda hit: hit.key) if dates else listings
    return found, min(filter(None, (until, dates_until)), default=None)


def _listings(sought: Sought) -> tuple[list[Hit], Key | None]:
    if not sought.zones:
        return [], None
    if sought.wish.near:
        if finder_places.are_few(sought, FEW):
            return _of_few(sought, finder_sql.around, finder_places.cells(sought, sought.wish.near.meters))
    elif sought.words and (rare := _rare(sought)):
        return _of_few(sought, finder_sql.by_words, {"words": rare})
    return _in_order(sought)


def _rare(sought: Sought) -> str:
    """Give what to ask the full-text index, if few meetings hold the words; nothing if many do."""
    asked = (sought.match_anywhere, sought.match)
    rare: str = sought.remember(sought.match, lambda: next(filter(_are_few, asked), ""))
    return rare


def _are_few(match: str) -> bool:
    sql = finder_sql.how_many(postgresql=is_postgresql())
    return bool(finder_ask.ask(sql, {"words": match, "most": FEW + 1})[0][0] <= FEW)


def _of_few(sought: Sought, sql: finder_sql.OfFew, given: dict[str, Any]) -> tuple[list[Hit], Key | None]:
    """Ask for some of few rows: the first of them, if they come in the order of their times; else for all."""
    when = finder_when.of(sought)
    conditions, given = sought.conditions + when.conditions, given | sought.held | when.given | _behind(sought, when)
    conditions += finder_sql.BEHIND if "after" in given else ""
    statement = sql(conditions, postgresql=is_postgresql(), in_time=when.is_in_time)
    rows = finder_ask.ask(statement, given | {"o": sought.organisation_id, "n": sought.limit + 1})
    return finder_hits.first(finder_hits.of_any(sought, rows), sought), when.end_of(rows)


def _behind(sought: Sought, when: When) -> dict[str, str]:
    is_behind = when.is_in_time and sought.after and finder_when.begins_behind(sought, when.parts[0])
    return {"after": sought.after[2]} if is_behind and sought.after else {}


def _in_order(sought: Sought) -> tuple[list[Hit], Key | None]:
    found: list[Hit] = []
    for parts in _statements(sought):
        rows = finder_ask.ask(*_in_pieces(sought, parts))
        found += finder_hits.first(finder_hits.in_pieces(sought, rows, parts), sought)
        if cut := _cut(sought, rows, parts):
            return found, cut
        if len(found) > sought.limit:
            break
    return found, None


def _statements(sought: Sought) -> Iterator[list[Piece]]:
    """Give the pieces of the first day, which often fill the page, then those of the others together."""
    parts: list[Piece] = []
    by_day = groupby(sought.windows, key=lambda window: at_day(window, sought.zone))
    for number, (_, of_day) in enumerate(by_day):
        day = [piece for window in of_day for zone in sought.zones for piece in pieces(window, zone)]
        if parts and (number == 1 or len(parts) + len(day) > MOST_PIECES):
            yield parts
            parts = []
        parts += day
    if parts:
        yield parts


def at_day(window: Window, zone: str) -> Any:
    """Give the day of a stretch of time."""
    return pieces(window, zone)[0].day


def _in_pieces(sought: Sought, parts: Sequence[Piece]) -> tuple[str, dict[str, Any]]:
    # Near a change of the clocks, what is read begins an hour early: it is put in order whole.
    is_exact = all(piece.is_exact for piece in parts)
    given: dict[str, Any] = {"o": sought.organisation_id, "n": sought.limit + 1 if is_exact else WHOLE}
    given |= finder_when.given(parts) | {f"z{number}": piece.zone for number, piece in enumerate(parts)} | sought.held
    after = [n for n, piece in enumerate(parts) if is_exact and finder_when.begins_behind(sought, piece)]
    if after and sought.after:
        given["after"] = sought.after[2]
    conditions = sought.conditions
    if sought.wish.near:
        conditions, given = conditions + DAY_IN_BOX, given | sought.box
    follow, is_distributed = finder_when.follow(parts), is_postgresql()
    sql = finder_sql.in_order(len(parts), conditions, postgresql=is_distributed, after=tuple(after), follow=follow)
    return sql, given


def _cut(sought: Sought, rows: Sequence[Asked], parts: Sequence[Piece]) -> Key | None:
    """Say up to where pieces are whole that were too long to be read whole."""
    if finder_when.follow(parts):
        rows = rows if len(rows) > sought.limit else ()
        return (0, at(parts[rows[-1][0]].day, rows[-1][3], rows[-1][1]), rows[-1][4]) if rows else None
    counts = Counter(row[0] for row in rows)
    last = {row[0]: row for row in rows if counts[row[0]] > sought.limit and parts[row[0]].is_exact}
    ends = ((at(parts[n].day, row[3], row[1]), row[4]) for n, row in last.items())
    return min(((0, *end) for end in ends), default=None)
