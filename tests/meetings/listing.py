"""A list of meetings as a clinic imports one, for tests of what is near."""

from aftercare.meetings.exchange.listing import FeedDefaults
from tests.meetings.exchange.feeds import DENVER, row
from tests.meetings.exchange.imports import imported

DAYS = {"Mon": 1, "Tue": 2, "Wed": 3, "Thu": 4, "Fri": 5, "Sat": 6, "Sun": 0}


def list_all(organisation, *listings):
    """List meetings given as (name, "Mon 12:00", address) or with further fields; each list replaces the last."""
    rows = []
    for number, (name, when, address, *more) in enumerate(listings):
        day, _, time = when.partition(" ")
        fields = {"slug": f"listed-{number}", "name": name, "day": DAYS[day], "time": time}
        rows.append(row(**fields, formatted_address=address, **(more[0] if more else {})))
    imported(organisation, *rows, defaults=FeedDefaults(zone=DENVER))


def list_one(organisation, name, when, address, **more):
    """List one meeting."""
    list_all(organisation, (name, when, address, more))
