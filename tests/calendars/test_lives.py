"""The correctness harness: random lives of groups, and what two calendar engines make of the calendars we serve.

AFTERCARE_HARNESS_ROUNDS=20 plays so many lives in each zone instead of two.
"""

import os
from datetime import datetime, timedelta

import pytest

from aftercare.core import clock
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
BACK, AHEAD = timedelta(days=25), timedelta(days=170)
Shown = list[tuple[str, str, str]]


@pytest.mark.parametrize(("seed", "zone", "database"), PLAYED, indirect=["database"])
def test_two_engines_show_the_dates_that_we_hold_whatever_happens_to_them(client, hold, seed, zone):
    life = lives.begin(seed, zone, hold)
    own = subscribe(life.ana, "full")

    for step in lives.STEPS:
        lives.go_on(life, hold, by=step)
        after, before = clock.now() - BACK, clock.now() + AHEAD
        held = happening(life, after, before)
        for path in (f"/o/{life.clinic.slug}/meetings.ics", own):
            feed = fetch(client, path).data
            for expand in ENGINES:
                assert shown(expand(feed, after, before), after, before) == held, (path, clock.now(), expand.__name__)


def happening(life: lives.Life, after: datetime, before: datetime) -> Shown:
    return sorted(
        (
            row.starts_at.isoformat(),
            row.ends_at.isoformat(),
            f"Cancelled: {meeting.name}" if row.status == "cancelled" else meeting.name,
        )
        for row, meeting in life.dates()
        if after <= row.starts_at < before
    )


def shown(seen: list[Seen], after: datetime, before: datetime) -> Shown:
    every = [(one.starts_at.isoformat(), one.ends_at.isoformat(), one.title) for one in seen]
    return sorted(one for one in every if after.isoformat() <= one[0] < before.isoformat())
