import datetime as calendar
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import publishing, schedule
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from tests.factories import make_organisation, make_person

WEEKLY = Repeat(every=1, unit="week", weekdays=(1,))


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def draft(**given):
    defaults: dict[str, Any] = {
        "name": "Tools",
        "first": datetime(2026, 11, 3, 18, 0),
        "zone": "America/Denver",
        "repeat": WEEKLY,
    }
    return Draft(**defaults | given)


def publish(clinic, **given):
    with transaction():
        return publishing.publish(clinic.id, draft(**given), by=None)


def dates(meeting):
    wanted = select(Occurrence).where(Occurrence.meeting_id == meeting.id).order_by(Occurrence.starts_at)
    return list(db.session.scalars(wanted))


def test_a_weekly_meeting_has_dates_half_a_year_ahead_at_one_wall_time(clinic):
    meeting = publish(clinic)

    found = dates(meeting)
    assert len(found) == 26
    assert {o.start_local.strftime("%a %H:%M") for o in found} == {"Tue 18:00"}
    assert {o.starts_at.hour for o in found} == {0, 1}  # Denver changes its clocks in March
    assert found[-1].occurs_on > (datetime(2026, 11, 2) + timedelta(days=173)).date()


def test_writing_out_the_dates_again_changes_nothing(clinic):
    meeting = publish(clinic)
    before = [o.id for o in dates(meeting)]

    with transaction():
        row = schedule.get_meeting(clinic.id, meeting.id)
        row.horizon_until = None
        schedule.extend(row)

    assert [o.id for o in dates(meeting)] == before


def test_the_horizon_moves_on_with_the_days(clinic, hold, monday):
    meeting = publish(clinic)
    assert schedule.due_for_extension() == []
    hold(monday + timedelta(days=15))

    assert schedule.due_for_extension() == [(clinic.id, meeting.id)]
    with transaction():
        schedule.extend(schedule.get_meeting(clinic.id, meeting.id))
    assert schedule.due_for_extension() == []
    assert len(dates(meeting)) == 28


def test_the_first_date_moves_onto_the_rule(clinic):
    meeting = publish(
        clinic, repeat=Repeat(every=1, unit="month", weekdays=(4,), nth=-1), first=datetime(2026, 11, 3, 18)
    )

    assert dates(meeting)[0].start_local == datetime(2026, 11, 27, 18)


def test_a_fellowship_meeting_is_a_listing_without_dates(clinic):
    meeting = publish(clinic, kind="fellowship", fellowship="aa", types=("O", "D"))

    assert dates(meeting) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"minutes": 0}, "minutes"),
        ({"kind": "fellowship", "capacity": 4}, "kind"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
    ],
)
def test_a_draft_that_cannot_be_says_which_field(clinic, given, field):
    with pytest.raises(Invalid) as refusal:
        publish(clinic, **given)

    assert field in refusal.value.fields
    assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize(
    "repeat",
    [
        None,
        Repeat(every=1, unit="week", weekdays=(1,), count=2),
        Repeat(every=1, unit="week", weekdays=(1,), until=calendar.date(2026, 10, 20)),
    ],
)
def test_a_meeting_whose_dates_have_all_passed_is_refused(clinic, repeat):
    with pytest.raises(Invalid) as refusal:
        publish(clinic, first=datetime(2026, 10, 6, 18, 0), repeat=repeat)

    assert refusal.value.fields == {"first": "Choose a time that is still to come."}


def test_a_meeting_that_is_off_on_each_of_its_dates_is_refused(clinic):
    christmas = Repeat(unit="year", month=12, month_days=(25,))

    with pytest.raises(Invalid) as refusal:
        publish(clinic, repeat=christmas, holidays="US")

    assert set(refusal.value.fields) == {"first"}


def test_holidays_and_days_off_never_become_dates(clinic):
    thanksgiving, day_off = calendar.date(2026, 11, 26), calendar.date(2026, 12, 3)
    thursdays = Repeat(weekdays=(3,), until=calendar.date(2026, 12, 10))

    meeting = publish(clinic, repeat=thursdays, holidays="US", days_off=(day_off,))

    held = [date.occurs_on for date in dates(meeting)]
    assert held == [calendar.date(2026, 11, day) for day in (5, 12, 19)] + [calendar.date(2026, 12, 10)]
    assert (meeting.holidays, meeting.days_off) == ("US", ["2026-12-03"])
    assert thanksgiving not in held


def test_a_series_that_began_before_today_is_published(clinic):
    meeting = publish(clinic, first=datetime(2026, 10, 6, 18, 0), repeat=Repeat(every=1, unit="week", count=6))

    assert [o.occurs_on for o in dates(meeting)] == [calendar.date(2026, 11, 3), calendar.date(2026, 11, 10)]


def test_a_facilitator_of_another_organisation_is_refused(clinic):
    stranger = make_person(make_organisation(), role="counsellor")

    with pytest.raises(NotFound):
        publish(clinic, facilitators=(stranger.id,))
    assert db.session.scalars(select(Meeting)).all() == []
