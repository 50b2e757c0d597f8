"""Places around a point, from the inside out."""

from collections.abc import Iterator
from typing import Any

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_sql, geography
from aftercare.meetings.finder_sought import Sought
from aftercare.meetings.geography import MILE_METERS, Point

#: The first circle, and how much wider each that follows.
FIRST, WIDER = MILE_METERS, 4
#: As many places are asked for their meetings at once; then twice as many, and so on.
TOGETHER = 60
ALL = 1_000_000
Found = tuple[int, str]


def around(sought: Sought, reach: float, *, most: int = ALL) -> list[Found]:
    """Give places within reach, by their distance in meters; all of them, if there are fewer than the most."""
    near = sought.wish.near
    assert near is not None
    cells = list(geography.stretches(near.point, reach))
    is_distributed = is_postgresql()
    given: dict[str, Any] = {"o": sought.organisation_id, "most": most}
    if is_distributed:
        given |= {"first": [first for first, _ in cells], "last": [last for _, last in cells]}
    else:
        given["cells"] = cells
    rows = finder_ask.ask(finder_sql.around(postgresql=is_distributed), given)
    if len(rows) == most:
        return [(0, place_id) for place_id, _, _ in rows]
    found = (
        (geography.meters(near.point, Point(latitude, longitude)), place_id) for place_id, latitude, longitude in rows
    )
    return sorted(each for each in found if each[0] <= reach)


def from_inside(sought: Sought, least: int) -> Iterator[list[str]]:
    """Give the places around a point some at a time, the nearest first, from a distance on."""
    near = sought.wish.near
    assert near is not None
    reach, done, together = FIRST, least - 1, TOGETHER
    while reach < least:
        reach *= WIDER
    while done < near.meters:
        reach = min(reach, near.meters)
        fresh = [each for each in around(sought, reach) if each[0] > done]
        while fresh:
            # Those at the same distance stay together, so that the list is whole up to there.
            last = fresh[min(together, len(fresh)) - 1][0]
            yield [place_id for meters, place_id in fresh if meters <= last]
            fresh, together = [each for each in fresh if each[0] > last], together * 2
        done, reach = int(reach), reach * WIDER
        if done >= int(near.meters):
            return
