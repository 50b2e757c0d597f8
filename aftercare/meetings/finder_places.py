"""Listings around a point, from the inside out.

The database puts them in order as if the earth were flat there, which is nearly so; then they are measured.
"""

from math import cos, floor, hypot, radians, sqrt, tan
from typing import Any

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_hits, finder_sql, finder_when, geography
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_hits import Hit
from aftercare.meetings.finder_sought import Sought
from aftercare.meetings.geography import DEGREE_METERS, MILE_METERS, Point

#: The first circle in a long list, and how much wider one that follows can be.
FIRST, WIDER = MILE_METERS, 4.0
#: A list of so many rows is long. Of a shorter one a page lies further apart: so far as if this many gave it a mile.
LONG, CLOSE = 10_000, 120_000
#: Beyond the page, as many rows are read of what may have begun already today.
SPARE = 20
ALL = 1_000_000
#: Where the earth is not flat at all, all rows of a circle are read.
MOST_SLACK = 0.2


def are_few(sought: Sought, most: int) -> bool:
    """Tell whether there are at most so many rows in the cells around a point."""
    near = sought.wish.near
    assert near is not None
    given = cells(sought, near.meters) | {"o": sought.organisation_id, "most": most + 1}
    counted = finder_ask.ask(finder_sql.how_many_around(postgresql=is_postgresql()), given)
    return bool(counted[0][0] <= most)


def cells(sought: Sought, reach: float) -> dict[str, Any]:
    """Give the stretches of cells around a point, as parameters."""
    near = sought.wish.near
    assert near is not None
    found = list(geography.stretches(near.point, reach))
    if is_postgresql():
        return {"first": [first for first, _ in found], "last": [last for _, last in found]}
    return {"cells": found}


def nearest(sought: Sought) -> list[Hit]:
    """Give the listings nearest to a point, circle by circle until the page is full."""
    near = sought.wish.near
    assert near is not None
    found: list[Hit] = []
    done, most = (sought.after[0] if sought.after else 0) - 1, sought.limit + SPARE
    reach = min(near.meters, max(_first(sought), done * 1.25))
    while sought.zones:
        rows, whole = _ring(sought, done, reach, most)
        fresh = [hit for hit in finder_hits.of_any(sought, rows) if done < (hit.meters or 0) <= whole]
        found += finder_hits.first(fresh, sought)
        if len(found) > sought.limit or (whole >= reach >= near.meters):
            break
        if whole < reach:
            # Many at one house, or many that have begun: more is read of the same circle.
            most *= 2
        else:
            reach = min(near.meters, reach * _wider(len(found), sought.limit))
        done = max(done, floor(whole))
    return found


def _first(sought: Sought) -> float:
    given = {"o": sought.organisation_id, "most": LONG}
    rows: int = sought.remember("length", lambda: finder_ask.ask(finder_sql.how_long(), given)[0][0])
    return FIRST if rows >= LONG else FIRST * sqrt(CLOSE / (rows + 1))


def _ring(sought: Sought, done: int, reach: float, most: int) -> tuple[list[Asked], float]:
    """Read rows beyond what is done and within reach; say up to where they are whole."""
    near = sought.wish.near
    assert near is not None
    slack, when = _slack(near.point, reach), finder_when.of(sought)
    is_flat = slack < MOST_SLACK
    given = cells(sought, reach) | sought.held | when.given | {
        "o": sought.organisation_id, "latitude": near.point.latitude, "longitude": near.point.longitude,
        "narrow": cos(radians(near.point.latitude)) ** 2, "n": most if is_flat else ALL,
        "inner": (max(0, done) / DEGREE_METERS * (1 - slack)) ** 2,
    }  # fmt: skip
    is_further, conditions = is_flat and done > 0, sought.conditions + when.conditions
    if not is_further:
        del given["inner"]
    sql = finder_sql.nearest(conditions, postgresql=is_postgresql(), further=is_further)
    rows = list(finder_ask.ask(sql, given))
    if len(rows) < most or not is_flat:
        return rows, reach
    return rows, min(reach, max(_flat(near.point, row) for row in rows) * (1 - slack))


def _slack(point: Point, reach: float) -> float:
    """Say how far off a distance on flat earth can be, as a part of it: meridians come closer towards the poles."""
    return 0.003 + abs(tan(radians(min(89.9, abs(point.latitude))))) * radians(reach / DEGREE_METERS)


def _flat(point: Point, row: Asked) -> float:
    wide = (row[10] - point.longitude) * cos(radians(point.latitude))
    return hypot(row[9] - point.latitude, float(wide)) * DEGREE_METERS


def _wider(found: int, wanted: int) -> float:
    """Say how much wider the next circle has to be, if there is as much everywhere as in the last."""
    return min(WIDER, max(1.5, 1.2 * sqrt((wanted + 1) / (found + 0.5))))
