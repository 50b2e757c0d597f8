"""Where places lie: distances over the earth, and the cells of a grid that an index can hold. Law."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, ceil, cos, floor, radians, sin, sqrt

#: Cells of a degree: 1.1 km from south to north.
CELLS = 100
ACROSS = 360 * CELLS
EARTH_METERS = 6_371_009
MILE_METERS = 1_609.344
DEGREE_METERS = 111_195
#: Where roads are measured in miles.
IN_MILES = frozenset({
    "America/New_York", "America/Detroit", "America/Chicago", "America/Menominee", "America/Denver", "America/Boise",
    "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Sitka",
    "America/Metlakatla", "America/Yakutat", "America/Nome", "America/Adak", "America/Puerto_Rico",
    "America/St_Thomas", "Pacific/Honolulu", "Pacific/Guam", "Pacific/Pago_Pago", "Europe/London",
})  # fmt: skip
IN_MILES_TOO = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the earth, in degrees."""

    latitude: float
    longitude: float


def is_point(latitude: float, longitude: float) -> bool:
    """Tell whether two numbers are a point on the earth."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def cell(latitude: float | None, longitude: float | None) -> int | None:
    """Give the cell of a point; cells beside each other from west to east follow each other."""
    if latitude is None or longitude is None or not is_point(latitude, longitude):
        return None
    return floor((latitude + 90) * CELLS) * ACROSS + min(floor((longitude + 180) * CELLS), ACROSS - 1)


def stretches(middle: Point, meters: float) -> Iterator[tuple[int, int]]:
    """Give the first and the last cell of each row of cells around a point, so that no cell within reach is left out.

    At the line where days begin, a circle ends.
    """
    high = meters / DEGREE_METERS * 1.01
    south, north = max(-90.0, middle.latitude - high), min(90.0, middle.latitude + high)
    narrowest = min(cos(radians(south)), cos(radians(north)))
    wide = min(360.0, high / max(narrowest, 0.001))
    west, east = max(-180.0, middle.longitude - wide), min(180.0, middle.longitude + wide)
    first, last = floor((west + 180) * CELLS), min(ceil((east + 180) * CELLS), ACROSS - 1)
    for row in range(floor((south + 90) * CELLS), floor((north + 90) * CELLS) + 1):
        yield row * ACROSS + first, row * ACROSS + last


def meters(one: Point, other: Point) -> int:
    """Give the distance between two points, in whole meters (haversine, on a sphere)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    part = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return round(2 * EARTH_METERS * asin(min(1.0, sqrt(part))))


def unit(zone: str) -> str:
    """Say how roads are measured where a zone is kept: in miles or in km."""
    return "miles" if zone in IN_MILES or zone.startswith(IN_MILES_TOO) else "km"


def reach(number: float, zone: str) -> float:
    """Give so many miles or km, as they are counted there, in meters."""
    return number * (MILE_METERS if unit(zone) == "miles" else 1_000)


def counted(meters: int, zone: str) -> float:
    """Give a distance in miles or km, with one digit behind the point."""
    return round(meters / reach(1, zone), 1)
