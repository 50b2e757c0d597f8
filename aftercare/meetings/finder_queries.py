"""The questions of the finder: listings in the order of their start, by rare words or by place, and programme dates.

Rare words and few places lead to their meetings; else listings are read in the order of the index of weekday and
minute, zone by zone, until the page is full. So what is read grows with the answer, not with the table.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_places, finder_sql, geography
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_sought import IN_BOX, Key, Sought
from aftercare.meetings.finder_windows import Piece, Window, at, pieces
from aftercare.meetings.geography import Point
from aftercare.meetings.recurrence import is_on

#: As many meetings with a word, or places in a circle, are read and put in order; of more, only those on the page.
FEW = 400
#: A statement of more parts takes longer to plan than to answer.
MOST_PIECES = 16
MOST_DATES = 1_000
WHOLE = 1_000_000
NOBODY = uuid.UUID(int=0)
#: The rules of nearly every listing, by their weekday.
PLAIN = tuple(f"FREQ=WEEKLY;BYDAY={day}" for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
Candidate = tuple[Key, Asked, Piece]


class Hit(NamedTuple):
    """Something that takes place, and where it stands in the list."""

    key: Key
    meeting_id: str
    starts_at: datetime
    ends_at: datetime
    status: str = "scheduled"
    place_id: str | None = None
    meters: int | None = None


def hits(sought: Sought) -> tuple[list[Hit], Key | None]:
    """Give what takes place, in order, and up to where it is whole: None if to the end."""
    if not sought.windows:
        return [], None
    listings, until = nearest(sought) if sought.wish.by_distance else _listings(sought)
    dates, dates_until = _dates(sought)
    found = sorted([*listings, *dates], key=lambda hit: hit.key)
    after = sought.after
    return [hit for hit in found if after is None or hit.key > after], min(
        filter(None, (until, dates_until)), default=None
    )


def nearest(sought: Sought) -> tuple[list[Hit], Key | None]:
    """Give the listings nearest to a point, read from the inside out until the page is full."""
    found: list[Hit] = []
    least = sought.after[0] if sought.after else 0
    for place_ids in finder_places.from_inside(sought, least):
        found += _at(sought, place_ids)
        if len(found) > sought.limit:
            break
    return found, None


def _listings(sought: Sought) -> tuple[list[Hit], Key | None]:
    if sought.wish.near:
        around = finder_places.around(sought, sought.wish.near.meters, most=FEW + 1)
        if len(around) <= FEW:
            return _at(sought, [place_id for _, place_id in around]), None
    if sought.words and _is_rare(sought):
        sql = finder_sql.by_words(_whole(sought), postgresql=is_postgresql())
        return _of_rows(sought, finder_ask.ask(sql, {"o": sought.organisation_id, "words": sought.match})), None
    return _in_order(sought)


def _is_rare(sought: Sought) -> bool:
    def count() -> bool:
        given = {"words": sought.match, "most": FEW + 1, "o": sought.organisation_id}
        if not is_postgresql():
            del given["o"]
        found = finder_ask.ask(finder_sql.how_many(postgresql=is_postgresql()), given)
        return bool(found[0][0] <= FEW)

    return bool(sought.remember(sought.match, count))


def _at(sought: Sought, place_ids: Sequence[str]) -> list[Hit]:
    if not place_ids:
        return []
    sql = finder_sql.at_places(_whole(sought), postgresql=is_postgresql())
    return _of_rows(sought, finder_ask.ask(sql, {"o": sought.organisation_id, "places": place_ids}))


def _whole(sought: Sought) -> str:
    return f"{sought.conditions} AND d.weekday IN ({', '.join(map(str, sorted(sought.weekdays)))})"


def _of_rows(sought: Sought, rows: Sequence[Asked]) -> list[Hit]:
    """Give the first hits of rows that came in no order, whatever their zone."""
    known: dict[str, dict[int, list[Piece]]] = {}
    candidates: list[Candidate] = []
    for row in rows:
        zone, weekday, minute = row[1], row[2], row[3]
        of_zone = known.get(zone)
        if of_zone is None:
            of_zone = known[zone] = _by_weekday(sought, zone)
        for piece in of_zone.get(weekday, ()):
            if piece.start <= minute < piece.end:
                candidates.append(_candidate(sought, row, piece))
    return _first(sought, candidates)


def _by_weekday(sought: Sought, zone: str) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {}
    for piece in (each for window in sought.windows for each in pieces(window, zone)):
        found.setdefault(piece.day.weekday(), []).append(piece)
    return found


def _in_order(sought: Sought) -> tuple[list[Hit], Key | None]:
    zones: list[str] = sought.remember("zones", lambda: _zones(sought))
    found: list[Hit] = []
    for parts in _statements(sought, zones):
        rows = finder_ask.ask(*_in_pieces(sought, parts))
        found += _first(sought, [_candidate(sought, row, parts[row[0]]) for row in rows])
        if cut := _cut(sought, rows, parts):
            return found, cut
        if len(found) > sought.limit:
            break
    return found, None


def _zones(sought: Sought) -> list[str]:
    return [zone for (zone,) in finder_ask.ask(finder_sql.zones(), {"o": sought.organisation_id})]


def _statements(sought: Sought, zones: Sequence[str]) -> Iterator[list[Piece]]:
    """Give the pieces of the first day, which often fill the page, then those of the others together."""
    parts: list[Piece] = []
    by_day = groupby(sought.windows, key=lambda window: at_day(window, sought.zone))
    for number, (_, of_day) in enumerate(by_day):
        day = [piece for window in of_day for zone in zones for piece in pieces(window, zone)]
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
    after = []
    for number, piece in enumerate(parts):
        values = {"z": piece.zone, "w": piece.day.weekday(), "s": piece.start, "e": piece.end}
        given |= {f"{name}{number}": value for name, value in values.items()}
        if sought.after and is_exact and at(piece.day, piece.start, piece.zone) == sought.after[1]:
            after.append(number)
            given["after"] = sought.after[2]
    conditions = sought.conditions
    if sought.wish.near:
        conditions, given = conditions + IN_BOX, given | sought.box
    return finder_sql.in_order(len(parts), conditions, after=after, follow=_follow(parts)), given


def _follow(parts: Sequence[Piece]) -> bool:
    """Tell whether pieces follow each other in time: those of one zone do."""
    return len({piece.zone for piece in parts}) == 1 and all(piece.is_exact for piece in parts)


def _cut(sought: Sought, rows: Sequence[Asked], parts: Sequence[Piece]) -> Key | None:
    """Say up to where pieces are whole that were too long to be read whole."""
    if _follow(parts):
        rows = rows if len(rows) > sought.limit else ()
        return (0, at(parts[rows[-1][0]].day, rows[-1][3], rows[-1][1]), rows[-1][4]) if rows else None
    counts = Counter(row[0] for row in rows)
    last = {row[0]: row for row in rows if counts[row[0]] > sought.limit and parts[row[0]].is_exact}
    ends = ((at(parts[n].day, row[3], row[1]), row[4]) for n, row in last.items())
    return min(((0, *end) for end in ends), default=None)


def _candidate(sought: Sought, row: Asked, piece: Piece) -> Candidate:
    meters = (_meters(sought, row) or 0) if sought.wish.by_distance else 0
    return (meters, at(piece.day, row[3], piece.zone), row[4]), row, piece


def _first(sought: Sought, candidates: list[Candidate]) -> list[Hit]:
    """Give the first hits among what could be hits, one more than the page shows."""
    candidates.sort(key=itemgetter(0))
    after, found = sought.after, list[Hit]()
    for key, row, piece in candidates:
        if (after is None or key > after) and (hit := _hit(sought, key, row, piece)):
            found.append(hit)
            if len(found) > sought.limit:
                break
    return found


def _hit(sought: Sought, key: Key, row: Asked, piece: Piece) -> Hit | None:
    """Give the hit of a listing on a day, if it takes place then and is near enough."""
    if not piece.window[0] <= key[1] < piece.window[1] or not _takes_place(row, piece.day):
        return None
    meters = key[0] if sought.wish.by_distance and row[-1] is not None else _meters(sought, row)
    if not _is_near(sought, meters):
        return None
    ends_at = key[1] + timedelta(minutes=row[6] or finder_ask.DEFAULT_MINUTES)
    return Hit(key, row[4], key[1], ends_at, place_id=row[10], meters=meters)


def _takes_place(row: Asked, day: date) -> bool:
    first, minutes, rule, holidays, days_off = row[5:10]
    if days_off == "[]" and not holidays and rule == PLAIN[day.weekday()]:
        return bool(first[:10] <= day.isoformat())
    return is_on(
        finder_ask.pattern(first, minutes or finder_ask.DEFAULT_MINUTES, rule, row[1], holidays, days_off), day
    )


def _dates(sought: Sought) -> tuple[list[Hit], Key | None]:
    wanted = merged(sought.windows)
    limit = MOST_DATES if sought.wish.by_distance else sought.limit + 1
    after = (
        sought.after[2]
        if sought.after and sought.after[1] == sought.since and limit < MOST_DATES
        else finder_ask.mark(NOBODY)
    )
    given: dict[str, Any] = {
        "o": sought.organisation_id, "since": sought.since, "until": wanted[-1][1], "after": after, "n": limit,
    }  # fmt: skip
    for number, (begins, ends) in enumerate(wanted):
        given |= {f"a{number}": begins, f"b{number}": ends}
    conditions = sought.conditions
    if sought.wish.near:
        conditions, given = conditions + IN_BOX, given | sought.box
    rows = finder_ask.ask(finder_sql.dates(len(wanted), conditions), given)
    found = [_dated(sought, row) for row in rows]
    is_cut = len(rows) == limit and not sought.wish.by_distance
    return [hit for hit in found if _is_near(sought, hit.meters)], found[-1].key if is_cut else None


def merged(windows: Sequence[Window]) -> list[Window]:
    """Join stretches of time that follow each other without a gap."""
    joined: list[Window] = []
    for begins, ends in windows:
        if joined and joined[-1][1] == begins:
            joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((begins, ends))
    return joined


def _dated(sought: Sought, row: Asked) -> Hit:
    begins, mark, meeting_id, ends, status, place_id = row[:6]
    meters, starts_at = _meters(sought, row), finder_ask.moment(begins)
    key = (meters or 0 if sought.wish.by_distance else 0, starts_at, mark)
    return Hit(key, meeting_id, starts_at, finder_ask.moment(ends), status, place_id, meters)


def _meters(sought: Sought, row: Asked) -> int | None:
    if sought.wish.near is None or row[-1] is None or row[-2] is None:
        return None
    return geography.meters(sought.wish.near.point, Point(row[-2], row[-1]))


def _is_near(sought: Sought, meters: int | None) -> bool:
    near = sought.wish.near
    return near is None or (meters is not None and meters <= near.meters)
