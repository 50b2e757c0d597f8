"""Listings around Denver, and how tests look for them."""

from zoneinfo import ZoneInfo

from aftercare.meetings import finder, whereabouts, wishes
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.conftest import MONDAY
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import imported

GUIDE_DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 0}
UNION = "39.7530,-104.9990"
#: Miles from Union Station, and where that is.
AT = {0: (39.7530, -104.9990), 1: (39.7675, -104.9990), 4: (39.8109, -104.9990), 24: (40.1000, -104.9990)}


def at(miles, day, start, **more):
    """Describe a listing so many miles north of Union Station."""
    name = more.pop("name", f"{miles} miles {day} {start}")
    said = {
        "slug": name.replace(" ", "-"),
        "name": name,
        "day": GUIDE_DAYS[day],
        "time": start,
        "latitude": AT[miles][0],
        "longitude": AT[miles][1],
        "location": f"House {miles}",
        "formatted_address": f"{miles} Elm St, Denver, CO 80202, USA",
    }
    return row(**said | more)


def list_rows(organisation, *rows, location="list"):
    imported(organisation, *rows, location=location, defaults=FeedDefaults(zone=DENVER))


def look(organisation, *, limit=60, cursor=None, now=MONDAY, **chosen):
    wish, wrong = wishes.read(chosen, today=now.astimezone(ZoneInfo(DENVER)).date())
    wish, unknown = whereabouts.located(organisation, wish)
    assert wrong | unknown == {}
    return finder.find(organisation, wish, now=now, limit=limit, cursor=cursor)


def names(organisation, **chosen):
    return [found.meeting.name for _, rows in look(organisation, **chosen).days for found in rows]
