"""Listings without a time: by appointment. They are few, and stand at the end of a list."""

from dataclasses import dataclass

from aftercare.meetings import finder_ask, finder_sql, geography
from aftercare.meetings.finder_sought import IN_BOX, Sought
from aftercare.meetings.geography import Point

MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A listing without a time, and how far away it is."""

    meeting_id: str
    place_id: str | None
    meters: int | None


def find(sought: Sought) -> list[Row]:
    """Give the listings by appointment that fit, where no time was asked for."""
    near = sought.wish.near
    if not sought.wish.any_time or not sought.has_any("m.start_local IS NULL"):
        return []
    conditions = sought.conditions_on_meetings + (IN_BOX if near else "")
    given = {"o": sought.organisation_id, "n": MOST} | sought.held | (sought.box if near else {})
    rows = (_row(sought, each) for each in finder_ask.ask(finder_sql.by_appointment(conditions), given))
    return [row for row in rows if near is None or (row.meters is not None and row.meters <= near.meters)]


def _row(sought: Sought, each: finder_ask.Asked) -> Row:
    near, meters = sought.wish.near, None
    mark, place_id, latitude, longitude = each
    if near and latitude is not None and longitude is not None:
        meters = geography.meters(near.point, Point(latitude, longitude))
    return Row(mark, place_id, meters)
