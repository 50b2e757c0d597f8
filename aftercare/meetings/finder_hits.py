"""What takes place when: rows of days as the finder reads them, laid on the days that somebody looks at."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from aftercare.meetings import found_days, geography
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_sought import Key, Sought
from aftercare.meetings.finder_windows import Piece, at, ends, pieces
from aftercare.meetings.geography import Point

A_DAY = timedelta(days=1)


class Hit(NamedTuple):
    """Something that takes place, and where it stands in the list; of a listing, what strangers may know of it."""

    key: Key
    meeting_id: str
    starts_at: datetime
    ends_at: datetime
    status: str = "scheduled"
    place_id: str | None = None
    meters: int | None = None
    told: str = ""


def first(hits: list[Hit], sought: Sought) -> list[Hit]:
    """Give the first hits, one more than the page shows."""
    hits.sort(key=attrgetter("key"))
    return hits[: sought.limit + 1]


def in_pieces(sought: Sought, rows: Sequence[Asked], parts: Sequence[Piece]) -> list[Hit]:
    """Give the hits among rows that each belong to a piece of a day."""
    return list(_hits(sought, [(row, parts[row[0]]) for row in rows]))


def of_any(sought: Sought, rows: Sequence[Asked]) -> list[Hit]:
    """Give the hits among rows of any zone and weekday."""
    known: dict[str, dict[int, list[Piece]]] = {}
    return list(_hits(sought, [(row, piece) for row in rows for piece in _pieces(sought, row, known)]))


def meters(sought: Sought, latitude: float | None, longitude: float | None) -> int | None:
    """Say how far away something is from where somebody looks; None if nobody knows, or nobody asked."""
    near = sought.wish.near
    if near is None or latitude is None or longitude is None:
        return None
    return geography.meters(near.point, Point(latitude, longitude))


def _hits(sought: Sought, laid: Sequence[tuple[Asked, Piece]]) -> Iterator[Hit]:
    """Give the hits of listings on days, of those that take place then and are near enough."""
    near, by_distance, after = sought.wish.near, sought.wish.by_distance, sought.after
    long_ago, far = (sought.earliest.date() - A_DAY).isoformat(), None
    for row, piece in laid:
        _, zone, _, minute, mark, minutes, since, series, place_id, latitude, longitude, told = row
        starts_at, (begins, until) = at(piece.day, minute, zone), piece.window
        if not begins <= starts_at < until:
            continue
        if (series or since > long_ago) and not _takes_place(since, series, zone, piece.day):
            continue
        if near is not None:
            far = meters(sought, latitude, longitude)
            if far is None or far > near.meters:
                continue
        key = (far or 0 if by_distance else 0, starts_at, mark)
        if after is None or key > after:
            yield Hit(key, mark, starts_at, ends(starts_at, minutes), "scheduled", place_id, far, told)


def _takes_place(since: str, series: str, zone: str, day: date) -> bool:
    return found_days.takes_place(series, zone, day) if series else since <= day.isoformat()


def _pieces(sought: Sought, row: Asked, known: dict[str, dict[int, list[Piece]]]) -> Iterator[Piece]:
    of_zone = known.get(row[1])
    if of_zone is None:
        of_zone = known[row[1]] = _by_weekday(sought, row[1])
    yield from (piece for piece in of_zone.get(row[2], ()) if piece.start <= row[3] < piece.end)


def _by_weekday(sought: Sought, zone: str) -> dict[int, list[Piece]]:
    found: dict[int, list[Piece]] = {}
    for piece in (each for window in sought.windows for each in pieces(window, zone)):
        found.setdefault(piece.day.weekday(), []).append(piece)
    return found
