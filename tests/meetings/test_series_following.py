from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import changes, rsvps, schedule, series
from aftercare.meetings import dates as single
from aftercare.meetings.models import Facilitator, Meeting, Member
from aftercare.people import directory
from tests.factories import make_facilitator, make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, edit, on, publish, say_yes, texts

WEEK, DAY = timedelta(days=7), timedelta(days=1)
#: The day of the fourth of ten dates.
SINCE = date(2026, 11, 24)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def starts(rows):
    return [row.start_local for row in rows]


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), (row.organisation_id, row.id))


def end(meeting, since):
    with transaction():
        return series.end(meeting.organisation_id, meeting.id, since=since, by=None)


def test_from_a_day_on_a_new_meeting_of_the_lineage_takes_the_dates_over(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    before = [row.id for row in dates(meeting)]
    say_yes(dates(meeting)[5], ana)

    heir = edit(meeting, since=SINCE, first=FIRST.replace(hour=19)).meeting

    assert heir.id != meeting.id
    assert (fresh(heir).lineage_id, fresh(heir).name) == (fresh(meeting).lineage_id, "Tools")
    assert [row.id for row in dates(meeting)] + [row.id for row in dates(heir)] == before
    assert starts(dates(meeting)) == [FIRST + n * WEEK for n in range(3)]
    assert starts(dates(heir)) == [FIRST.replace(hour=19) + n * WEEK for n in range(3, 10)]
    assert [row.status for row in rsvps.answers(dates(heir)[2])] == ["going"]


def test_the_rule_of_the_old_row_ends_and_that_of_the_new_one_counts_on(clinic):
    meeting = publish(clinic)

    heir = edit(meeting, since=SINCE, first=FIRST.replace(hour=19)).meeting

    assert fresh(meeting).rule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261123T235959"
    assert (fresh(heir).rule, fresh(heir).start_local) == ("FREQ=WEEKLY;BYDAY=TU;COUNT=7", datetime(2026, 11, 24, 19))


def test_days_off_before_the_split_are_counted_as_they_were(clinic):
    off = (FIRST.date() + WEEK, SINCE)
    meeting = publish(clinic, days_off=off)
    before = [row.id for row in dates(meeting)]
    assert len(before) == 8

    heir = edit(meeting, since=SINCE, first=FIRST.replace(hour=19)).meeting

    assert [row.id for row in dates(meeting)] + [row.id for row in dates(heir)] == before
    assert (fresh(heir).rule, fresh(heir).days_off) == (
        "FREQ=WEEKLY;BYDAY=TU;COUNT=6", [day.isoformat() for day in off],
    )  # fmt: skip


def test_neither_row_grows_over_the_other_later(clinic, hold, monday):
    meeting = publish(clinic, repeat=TUESDAYS)
    heir = edit(meeting, since=SINCE, repeat=replace(TUESDAYS, every=2)).meeting
    hold(monday + timedelta(days=30))

    for row in (meeting, heir):
        with transaction():
            schedule.extend(fresh(row))

    assert len(dates(meeting)) == 3
    assert {b - a for a, b in zip(starts(on(heir)), starts(on(heir))[1:], strict=False)} == {2 * WEEK}


def test_its_people_go_with_it(clinic):
    meeting = publish(clinic)
    leader, ana, left = make_person(clinic, role="counsellor"), make_person(clinic), make_person(clinic)
    make_facilitator(meeting, leader)
    make_member(meeting, ana)
    with transaction():
        make_member(meeting, left).until = date(2026, 11, 10)

    heir = edit(meeting, since=SINCE, name="Skills").meeting

    found = db.session.execute(select(Member.person_id, Member.since).where(Member.meeting_id == heir.id)).all()
    assert [tuple(row) for row in found] == [(ana.id, date(2026, 1, 1))]
    led = db.session.scalars(select(Facilitator.person_id).where(Facilitator.meeting_id == heir.id)).all()
    assert led == [leader.id]
    assert texts() == []
    assert directory.find_by_id("meeting", heir.id) == (clinic.id, heir.id)


def test_a_new_weekday_from_a_day_on_leaves_earlier_dates_and_their_people_alone(clinic):
    meeting = publish(clinic)
    early, late = make_person(clinic), make_person(clinic)
    rows = dates(meeting)
    say_yes(rows[1], early)
    say_yes(rows[4], late)

    heir = edit(meeting, since=SINCE, repeat=replace(WEDNESDAYS, count=10)).meeting

    assert starts(on(meeting)) == [FIRST + n * WEEK for n in range(3)]
    assert starts(on(heir))[:2] == [FIRST + DAY + 3 * WEEK, FIRST + DAY + 4 * WEEK]
    assert [text.person_id for text in texts()] == [late.id]
    assert texts()[0].occurrence_id == on(heir)[1].id


def test_an_extra_date_goes_with_the_day_it_is_on(clinic):
    meeting = publish(clinic)
    with transaction():
        extra = single.add_date(clinic.id, meeting.id, single.Extra(datetime(2026, 11, 27, 10)), by=None).occurrence

    heir = edit(meeting, since=SINCE, name="Skills").meeting

    assert extra.id in [row.id for row in on(heir)]
    assert len(on(heir)) == 8


def test_from_the_first_date_on_is_all_of_it(clinic):
    meeting = publish(clinic)

    done = edit(meeting, since=date(2026, 11, 3), name="Skills")

    assert (done.meeting.id, fresh(meeting).name) == (meeting.id, "Skills")
    assert len(db.session.scalars(select(Meeting)).all()) == 1


def test_a_row_without_dates_left_leaves_the_lists(clinic, hold):
    meeting = publish(clinic)
    rows = dates(meeting)
    hold(rows[2].ends_at)

    heir = edit(meeting, since=SINCE, name="Skills").meeting

    assert fresh(meeting).ended_at is not None
    assert (fresh(heir).ended_at, len(dates(meeting)), len(dates(heir))) == (None, 3, 7)


def test_a_date_that_has_begun_stays_with_the_old_row(clinic, hold):
    meeting = publish(clinic)
    third = dates(meeting)[2]
    hold(third.starts_at + timedelta(minutes=5))

    heir = edit(meeting, since=third.occurs_on, first=FIRST.replace(hour=20)).meeting

    assert third.id in [row.id for row in dates(meeting)]
    assert starts(dates(heir))[0] == FIRST.replace(hour=20) + 3 * WEEK
    assert fresh(meeting).rule.endswith("UNTIL=20261117T235959")


def test_a_series_ends_on_a_day_and_whoever_would_have_come_is_told_once(clinic):
    meeting = publish(clinic)
    ana, bea = make_person(clinic), make_person(clinic)
    make_member(meeting, ana)
    say_yes(dates(meeting)[9], bea)

    done = end(meeting, SINCE)

    assert starts(on(meeting)) == [FIRST + n * WEEK for n in range(3)]
    assert {text.person_id: text.kind for text in texts()} == {ana.id: "closure", bea.id: "cancelled"}
    assert (done.settled.told, fresh(meeting).ended_at) == (2, None)


def test_a_series_that_ends_before_its_next_date_leaves_the_lists(clinic):
    meeting = publish(clinic, repeat=TUESDAYS)

    end(meeting, date(2026, 11, 2))

    assert (on(meeting), fresh(meeting).ended_at is None) == ([], False)
    assert schedule.due_for_extension() == []


def test_a_date_that_took_place_early_lets_no_rule_go_on_beside_its_heir(clinic, hold):
    meeting = publish(clinic)
    with transaction():
        changes.move_occurrence(clinic.id, dates(meeting)[6].id, to=datetime(2026, 11, 5, 18), by=None)
    hold(datetime(2026, 11, 7, tzinfo=UTC))

    edit(meeting, since=SINCE, first=FIRST.replace(hour=20))

    assert fresh(meeting).rule.endswith("UNTIL=20261123T235959")


@pytest.mark.parametrize("end_of_it", [{"until": date(2026, 11, 20)}, {"count": 3}])
def test_an_end_that_comes_later_does_not_let_a_series_go_on(clinic, end_of_it):
    meeting = publish(clinic, repeat=replace(TUESDAYS, **end_of_it))

    end(meeting, date(2027, 1, 10))
    with transaction():
        schedule.extend(fresh(meeting), since=date(2026, 11, 2), until=date(2027, 3, 1))

    assert starts(on(meeting)) == [FIRST + n * WEEK for n in range(3)]


def test_a_single_date_ends_too(clinic):
    meeting = publish(clinic, repeat=None)

    end(meeting, date(2026, 11, 3))

    assert on(meeting) == []


def test_a_listing_ends_by_its_rule(clinic):
    meeting = publish(clinic, kind="fellowship", repeat=TUESDAYS)

    end(meeting, SINCE)
    assert (fresh(meeting).ended_at, fresh(meeting).rule) == (None, "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261123T235959")
    end(meeting, date(2026, 11, 2))

    assert fresh(meeting).ended_at is not None


def test_a_day_that_is_over_is_no_end(clinic):
    meeting = publish(clinic)

    with pytest.raises(Invalid, match="still to come"):
        end(meeting, date(2026, 11, 1))


def test_a_closed_date_stays_closed_under_the_new_rule(clinic):
    meeting = publish(clinic)
    row = dates(meeting)[6]
    with transaction():
        changes.cancel_occurrence(clinic.id, row.id, by=None)

    heir = edit(meeting, since=SINCE, first=FIRST.replace(hour=19)).meeting

    assert fresh(row).status == "cancelled"
    assert row.id in [each.id for each in dates(heir)]


def test_a_series_that_ended_is_not_ended_again(clinic):
    meeting = publish(clinic)
    end(meeting, date(2026, 11, 2))

    with pytest.raises(Conflict):
        end(meeting, date(2026, 11, 2))
