from datetime import UTC, datetime, timedelta

import pytest

from aftercare.calendars import public
from tests.calendars import served
from tests.calendars.engines import ENGINES, Seen

pytestmark = pytest.mark.parametrize("zone", served.ZONES)
BEGIN = datetime(2026, 1, 4, tzinfo=UTC)
PERSONAL = (BEGIN, datetime(2026, 12, 27, tzinfo=UTC))
#: A public feed begins with the month before; a series has no end, so it is followed for a year.
SINCE = datetime(2026, 6, 2, tzinfo=UTC)
HALF_A_YEAR = served.NOW + timedelta(days=public.DAYS_AHEAD - 2)


@pytest.fixture
def life(app, hold, zone):
    hold(served.NOW)
    return served.make_life(zone)


def test_engines_show_a_person_every_date_of_a_year_when_it_happens(client, life):
    feed = served.personal(client, life)
    happening = [one for group in life.groups for one in served.happening(group, *PERSONAL)]

    assert len(happening) > 250
    for expand in ENGINES:
        assert shown(expand(feed, *PERSONAL), *PERSONAL) == sorted(happening)


def test_engines_show_the_same_times_at_every_level(client, life, zone):
    after, before = BEGIN, BEGIN + timedelta(weeks=20)
    feeds = [served.personal(client, life, level) for level in ("full", "discreet", "busy")]

    for expand in ENGINES:
        seen = [sorted((one.starts_at, one.ends_at) for one in expand(feed, after, before)) for feed in feeds]
        assert seen[0] == seen[1] == seen[2] != []


def test_engines_show_every_date_of_each_group_when_it_happens(client, life):
    for group in life.groups:
        feed = served.of_meeting(client, group)
        before = SINCE + served.YEAR if b"RRULE:FREQ=" in without_clocks(feed) else HALF_A_YEAR

        for expand in ENGINES:
            assert shown(expand(feed, SINCE, before), SINCE, before) == served.happening(group, SINCE, before), (
                group.name
            )


def test_engines_show_every_date_of_each_listing_when_it_happens(client, life):
    for listing in life.listings:
        feed = served.of_meeting(client, listing)
        is_series = b"RRULE:FREQ=" in without_clocks(feed)
        after, before = (SINCE, SINCE + served.YEAR) if is_series else (served.NOW, served.NOW + timedelta(weeks=11))

        for expand in ENGINES:
            assert shown(expand(feed, after, before), after, before) == served.happening(listing, after, before)


def test_engines_show_in_the_list_of_the_clinic_what_each_meeting_shows(client, life):
    whole = served.of_clinic(client, life)
    each = [served.of_meeting(client, meeting) for meeting in (*life.groups, *life.listings)]

    for expand in ENGINES:
        apart = [one for feed in each for one in expand(feed, SINCE, HALF_A_YEAR)]
        together = expand(whole, SINCE, HALF_A_YEAR)
        assert shown(together, SINCE, HALF_A_YEAR) == shown(apart, SINCE, HALF_A_YEAR)


def shown(seen: list[Seen], after: datetime, before: datetime) -> served.Shown:
    every = [(one.starts_at.isoformat(), one.ends_at.isoformat(), one.title) for one in seen]
    return sorted(one for one in every if after.isoformat() <= one[0] < before.isoformat())


def without_clocks(feed: bytes) -> bytes:
    """Leave out the VTIMEZONE, which has rules of its own."""
    return feed[feed.index(b"BEGIN:VEVENT") :] if b"BEGIN:VEVENT" in feed else b""
