"""The correctness harness: random lives of groups, and what two calendar engines make of the calendars we serve.

AFTERCARE_HARNESS_ROUNDS=20 plays so many lives in each zone instead of two.
"""

import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftercare.calendars.public import MOST_DATES_OF_A_LISTING
from aftercare.core import clock
from aftercare.meetings import closed, schedule
from aftercare.meetings.models import Meeting
from tests.calendars import lives
from tests.calendars.devices import fetch, subscribe
from tests.calendars.engines import ENGINES, Seen

ROUNDS = int(os.environ.get("AFTERCARE_HARNESS_ROUNDS", "2"))
#: Each zone on one of the two databases; more rounds come to both.
PLAYED = [
    (seed, zone, ("sqlite", "postgresql")[(number + seed) % 2])
    for seed in range(ROUNDS)
    for number, zone in enumerate(lives.ZONES)
]
BACK, AHEAD, DAY = timedelta(days=25), timedelta(days=170), timedelta(days=1)
CANCELLED = "Cancelled: "
Shown = list[tuple[str, str, str]]


@pytest.mark.parametrize(("seed", "zone", "database"), PLAYED, indirect=["database"])
def test_two_engines_show_the_dates_that_we_hold_whatever_happens_to_them(client, hold, seed, zone):
    life = lives.begin(seed, zone, hold)
    own = subscribe(life.ana, "full")

    for step in lives.STEPS:
        lives.go_on(life, hold, by=step)
        after, before = clock.now() - BACK, clock.now() + AHEAD
        held = {
            f"/o/{life.clinic.slug}/meetings.ics": happening(life, after, before, with_ended=False),
            own: happening(life, after, before, with_ended=True),
        }
        for path in held:
            feed = fetch(client, path).data
            for expand in ENGINES:
                seen = [one for one in expand(feed, after, before) if not one.title.startswith("Listing")]
                assert shown(seen, after, before) == held[path], (path, clock.now(), expand.__name__)
        for listing in life.listings:
            check_listing(fetch(client, f"/m/{listing.id}.ics").data, listing)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_life_holds_every_act(app, hold):
    done: set[str] = set()
    for seed in range(3):
        life = lives.begin(seed, "America/New_York", hold)
        for step in lives.STEPS:
            lives.go_on(life, hold, by=step, acts=12)
        done |= life.done

    assert done == {act.__name__ for act in lives.ACTS}


def check_listing(feed: bytes, listing: Meeting) -> None:
    """See that a listing is shown when its rule has it: to the end if it goes out as a rule, else for some weeks.

    On closed days it is shown as cancelled.
    """
    now, before = clock.now(), clock.now() + AHEAD
    coming = schedule.listed_dates(listing, after=now, limit=1000)
    zone = ZoneInfo(listing.zone)
    shut = closed.of_meeting(listing, now.date() - DAY, before.date() + DAY)
    told, off = Shown(), Shown()
    for start, end in sorted(coming):
        if now <= start < before:
            is_off = closed.on_day(shut, start.astimezone(zone).date())
            title = f"{CANCELLED}{listing.name}" if is_off else listing.name
            (off if is_off else told).append((start.isoformat(), end.isoformat(), title))
    is_rule = b"RRULE" in b"".join(feed.partition(b"BEGIN:VEVENT")[1:])
    for expand in ENGINES:
        every = shown(expand(feed, now, before), now, before)
        seen = [one for one in every if not one[2].startswith(CANCELLED)]
        assert [one for one in every if one not in seen] == off, (listing.rule, now, expand.__name__)
        assert seen == (told if is_rule else told[: len(seen)]), (listing.rule, now, expand.__name__)
        assert is_rule or len(seen) >= min(len(told), MOST_DATES_OF_A_LISTING - 2)


def happening(life: lives.Life, after: datetime, before: datetime, *, with_ended: bool) -> Shown:
    return sorted(
        (
            row.starts_at.isoformat(),
            row.ends_at.isoformat(),
            f"{CANCELLED}{meeting.name}" if row.status == "cancelled" else meeting.name,
        )
        for row, meeting in life.dates()
        if after <= row.starts_at < before and (with_ended or meeting.ended_at is None)
    )


def shown(seen: list[Seen], after: datetime, before: datetime) -> Shown:
    every = [(one.starts_at.isoformat(), one.ends_at.isoformat(), one.title) for one in seen]
    return sorted(one for one in every if after.isoformat() <= one[0] < before.isoformat())
