from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import changes, drafts, rsvps, series
from tests.factories import (
    make_facilitator,
    make_organisation,
    make_person,
)
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, edit, on, publish, say_yes

WEEK, DAY = timedelta(days=7), timedelta(days=1)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def starts(rows):
    return [row.start_local for row in rows]


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), (row.organisation_id, row.id))


def test_a_new_hour_keeps_every_date_with_its_answers(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    before = [row.id for row in dates(meeting)]
    say_yes(dates(meeting)[3], ana)

    edit(meeting, first=FIRST.replace(hour=19))

    after = dates(meeting)
    assert [row.id for row in after] == before
    assert starts(after) == [FIRST.replace(hour=19) + n * WEEK for n in range(10)]
    assert {(row.status, row.slot_local == row.start_local) for row in after} == {("scheduled", True)}
    assert [row.status for row in rsvps.answers(after[3])] == ["going"]


def test_a_new_weekday_cancels_the_old_dates_and_makes_new_ones(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    first = dates(meeting)[0]
    say_yes(first, ana)

    edit(meeting, repeat=replace(WEDNESDAYS, count=10))

    assert starts(on(meeting)) == [FIRST + DAY + n * WEEK for n in range(10)]
    assert len([row for row in dates(meeting) if row.status == "cancelled"]) == 10
    assert [row.status for row in rsvps.answers(first)] == ["void"]


def test_one_weekday_more_keeps_the_dates_of_the_other(clinic):
    meeting = publish(clinic, repeat=TUESDAYS)
    before = [row.id for row in dates(meeting)]

    edit(meeting, repeat=replace(TUESDAYS, weekdays=(1, 3)))

    assert {row.id for row in on(meeting)} > set(before)
    assert [row.start_local.weekday() for row in on(meeting)][:4] == [1, 3, 1, 3]


def test_every_other_week_leaves_each_surviving_date_its_own_people(clinic):
    meeting = publish(clinic)
    people = [make_person(clinic) for _ in range(4)]
    rows = dates(meeting)[:4]
    for row, person in zip(rows, people, strict=True):
        say_yes(row, person)

    edit(meeting, repeat=replace(TUESDAYS, every=2, count=5))

    statuses = [[(answer.person_id, answer.status) for answer in rsvps.answers(row)] for row in rows]
    assert statuses == [
        [(people[0].id, "going")], [(people[1].id, "void")], [(people[2].id, "going")], [(people[3].id, "void")]
    ]  # fmt: skip


def test_what_has_begun_stays_as_it_was(clinic, hold, monday):
    meeting = publish(clinic)
    first, second = dates(meeting)[:2]
    hold(first.starts_at + timedelta(minutes=10))

    edit(meeting, first=FIRST.replace(hour=20), minutes=90)

    rows = dates(meeting)
    assert (rows[0].id, rows[0].start_local, rows[0].ends_at - rows[0].starts_at) == (
        first.id,
        FIRST,
        timedelta(hours=1),
    )
    assert (rows[1].id, rows[1].start_local) == (second.id, FIRST.replace(hour=20) + WEEK)
    assert len(rows) == 10


def test_a_date_whose_doors_are_open_is_left_alone(clinic, hold):
    meeting = publish(clinic)
    first = dates(meeting)[0]
    hold(first.starts_at - timedelta(minutes=20))

    edit(meeting, first=FIRST.replace(hour=20))

    assert dates(meeting)[0].start_local == FIRST


def test_a_date_that_somebody_was_recorded_at_is_left_alone(clinic):
    meeting = publish(clinic)
    with transaction():
        fresh(dates(meeting)[0]).status = "held"

    edit(meeting, repeat=replace(WEDNESDAYS, count=10))

    held, wednesday = on(meeting)[:2]
    assert (held.start_local, held.status) == (FIRST, "held")
    assert wednesday.start_local == FIRST + DAY


def test_a_time_that_has_passed_today_is_off_today(clinic, hold, monday):
    meeting = publish(clinic, first=datetime(2026, 11, 2, 18, 0), repeat=replace(TUESDAYS, weekdays=(0,), count=4))

    edit(meeting, first=datetime(2026, 11, 2, 8, 0))

    assert starts(on(meeting)) == [datetime(2026, 11, 9, 8, 0) + n * WEEK for n in range(3)]


def test_a_date_moved_by_hand_stays_where_it_was_put(clinic):
    meeting = publish(clinic)
    second = dates(meeting)[1]
    with transaction():
        changes.move_occurrence(clinic.id, second.id, to=FIRST + WEEK + DAY, by=None)

    edit(meeting, first=FIRST.replace(hour=19))

    row = fresh(second)
    assert (row.slot_local, row.start_local) == (FIRST.replace(hour=19) + WEEK, FIRST + WEEK + DAY)
    assert row.status == "moved"


def test_a_date_moved_onto_a_day_of_the_new_rule_becomes_that_date(clinic):
    meeting = publish(clinic)
    second = dates(meeting)[1]
    with transaction():
        changes.move_occurrence(clinic.id, second.id, to=FIRST + WEEK + DAY, by=None)

    edit(meeting, repeat=replace(WEDNESDAYS, count=10))

    assert second.id in [row.id for row in on(meeting)]
    assert starts(on(meeting)) == [FIRST + DAY + n * WEEK for n in range(10)]


def test_a_date_cancelled_by_hand_stays_cancelled(clinic):
    meeting = publish(clinic)
    second = dates(meeting)[1]
    with transaction():
        changes.cancel_occurrence(clinic.id, second.id, by=None)

    edit(meeting, first=FIRST.replace(hour=19))

    assert fresh(second).status == "cancelled"
    assert len(on(meeting)) == 9


def test_a_day_that_a_rule_dropped_comes_back_with_its_answers(clinic):
    meeting = publish(clinic)
    second = dates(meeting)[1]
    ana = make_person(clinic)
    say_yes(second, ana)
    edit(meeting, repeat=replace(TUESDAYS, every=2, count=5))

    edit(meeting, repeat=replace(TUESDAYS, count=10))

    assert fresh(second).status == "scheduled"
    assert [row.status for row in rsvps.answers(fresh(second))] == ["going"]
    assert len(on(meeting)) == 10


def test_what_was_changed_of_one_date_by_hand_stays(clinic):
    meeting = publish(clinic, capacity=8)
    by_hand = make_person(clinic)
    second = dates(meeting)[1]
    with transaction():
        fresh(second).capacity = 3
        changes.move_occurrence(clinic.id, second.id, to=second.start_local, minutes=120, by=by_hand.id)

    edit(meeting, capacity=12, minutes=90, closes_minutes_before=30)

    rows = dates(meeting)
    assert [row.capacity for row in rows[:3]] == [12, 3, 12]
    assert [(row.ends_at - row.starts_at).seconds // 60 for row in rows[:3]] == [90, 120, 90]
    assert {row.closes_minutes_before for row in rows} == {30}


def test_a_zone_moves_the_moments_and_keeps_the_wall_times(clinic):
    meeting = publish(clinic)
    before = {row.id: row.starts_at for row in dates(meeting)}

    edit(meeting, zone="America/New_York")

    after = dates(meeting)
    assert {row.id: row.starts_at + timedelta(hours=2) for row in after} == before
    assert starts(after) == [FIRST + n * WEEK for n in range(10)]


def test_every_field_of_a_meeting_can_change(clinic):
    leader = make_person(clinic, role="counsellor")
    meeting = publish(clinic, types=("D",), place_name="Room 4", place_address="1 Elm St")
    make_facilitator(meeting, make_person(clinic, role="counsellor"))
    wanted = {
        "name": "Skills", "discreet_title": "Class", "description": "We talk.", "fellowship": "aa",
        "types": ("B", "O"), "languages": ("es",), "attendance": "hybrid", "is_open": True,
        "place_name": "Hall", "place_address": "2 Oak St", "place_detail": "Upstairs",
        "join_url": "https://zoom.us/j/1", "join_phone": "+13035550100", "join_notes": "1234",
        "first": FIRST.replace(hour=9), "minutes": 75, "capacity": 6, "closes_minutes_before": 15, "repeat": TUESDAYS,
        "facilitators": (leader.id,), "days_off": (date(2026, 11, 24),),
    }  # fmt: skip

    edit(meeting, **wanted)

    db.session.rollback()
    said = drafts.of(fresh(meeting))
    assert {name: getattr(said, name) for name in wanted} == wanted
    assert FIRST.replace(hour=9) + 3 * WEEK not in starts(on(meeting))


def test_the_same_again_changes_nothing(clinic):
    meeting = publish(clinic)
    before = fresh(meeting).sequence

    edit(meeting)

    assert fresh(meeting).sequence == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "fellowship", "facilitators": ()}, "kind"),
        ({"first": datetime(2026, 10, 6, 18, 0), "repeat": None}, "first"),
        ({"zone": "Mars/Base"}, "zone"),
    ],
)
def test_a_change_that_cannot_be_says_which_field_and_changes_nothing(clinic, given, field):
    meeting = publish(clinic)

    with pytest.raises(Invalid) as refusal:
        edit(meeting, **given)

    assert field in refusal.value.fields
    assert len(on(meeting)) == 10


def test_a_facilitator_of_another_organisation_is_refused(clinic):
    meeting = publish(clinic)
    with pytest.raises(NotFound):
        edit(meeting, name="Other", facilitators=(make_person(role="counsellor").id,))
    assert fresh(meeting).name == "Tools"


def test_a_meeting_of_another_organisation_is_not_found(clinic):
    meeting = publish(clinic)

    with pytest.raises(NotFound), transaction():
        series.change(make_organisation().id, meeting.id, drafts.of(fresh(meeting)), by=None)


def test_a_listing_changes_as_a_whole_and_has_no_dates(clinic):
    meeting = publish(clinic, kind="fellowship", fellowship="aa", repeat=TUESDAYS)

    edit(meeting, name="Morning", first=FIRST.replace(hour=7))

    assert (fresh(meeting).name, fresh(meeting).start_local, dates(meeting)) == ("Morning", FIRST.replace(hour=7), [])
    with pytest.raises(Conflict):
        edit(meeting, name="Evening", since=date(2026, 12, 1))


def test_an_ended_meeting_cannot_change(clinic):
    meeting = publish(clinic)
    with transaction():
        series.end(clinic.id, meeting.id, since=date(2026, 11, 3), by=None)

    with pytest.raises(Conflict):
        edit(meeting, name="Later")
