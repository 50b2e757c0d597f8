from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftercare.core import ids
from aftercare.meetings.surviving import Given, match

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK, DAY = timedelta(days=7), timedelta(days=1)
DAYS = st.dates(date(2026, 11, 1), date(2026, 12, 31))
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def stood(slot, start=None, **more):
    return Given(ids.new(), slot, start or slot, **more)


def test_a_date_whose_day_the_new_rule_has_is_kept_with_its_new_time():
    first, second = stood(TUESDAY), stood(TUESDAY + WEEK)

    found = match([second, first], [TUESDAY.replace(hour=19), (TUESDAY + WEEK).replace(hour=19)])

    assert found.kept == {first.id: TUESDAY.replace(hour=19), second.id: (TUESDAY + WEEK).replace(hour=19)}
    assert (found.gone, found.new) == ((), ())


def test_a_day_left_out_shifts_no_other_date():
    first, second, third = (stood(TUESDAY + n * WEEK) for n in range(3))

    found = match([first, second, third], [TUESDAY, TUESDAY + 2 * WEEK])

    assert found.kept == {first.id: TUESDAY, third.id: TUESDAY + 2 * WEEK}
    assert found.gone == (second.id,)


def test_a_day_that_is_new_gets_a_date_of_its_own():
    assert match([stood(TUESDAY)], [TUESDAY, TUESDAY + DAY]).new == (TUESDAY + DAY,)


def test_a_date_moved_by_hand_onto_a_day_of_the_new_rule_is_that_date():
    moved = stood(TUESDAY, TUESDAY + DAY)

    assert match([moved], [TUESDAY + DAY]).met == {moved.id: TUESDAY + DAY}


def test_a_date_moved_by_hand_keeps_to_its_own_day_where_the_rule_still_has_it():
    moved = stood(TUESDAY, TUESDAY + DAY)

    found = match([moved], [TUESDAY, TUESDAY + DAY])

    assert (found.kept, found.new) == ({moved.id: TUESDAY}, (TUESDAY + DAY,))


def test_a_cancelled_date_keeps_its_day_and_is_never_met():
    off = stood(TUESDAY, is_cancelled=True)
    moved_off = stood(TUESDAY + WEEK, TUESDAY + WEEK + DAY, is_cancelled=True)

    found = match([off, moved_off], [TUESDAY, TUESDAY + WEEK + DAY])

    assert (found.kept, found.met, found.gone) == ({off.id: TUESDAY}, {}, (moved_off.id,))


def test_an_extra_date_is_of_no_rule():
    assert match([stood(None, TUESDAY)], [TUESDAY]).new == (TUESDAY,)


@given(
    st.lists(st.tuples(DAYS, TIMES, st.integers(-3, 3), st.booleans()), unique_by=lambda each: each[0]),
    st.lists(st.tuples(DAYS, TIMES), unique_by=lambda each: each[0]),
)
def test_every_date_and_every_slot_is_spoken_for_once(dates, slots):
    given_dates = [
        stood(datetime.combine(day, at), datetime.combine(day, at) + moved * DAY, is_cancelled=off)
        for day, at, moved, off in dates
    ]
    given_slots = [datetime.combine(*each) for each in slots]

    found = match(given_dates, given_slots)

    assert sorted([*found.kept, *found.met, *found.gone]) == sorted(each.id for each in given_dates)
    assert sorted([*found.kept.values(), *found.met.values(), *found.new]) == sorted(given_slots)
    of = {each.id: each for each in given_dates}
    assert all(of[key].slot.date() == slot.date() for key, slot in found.kept.items())
    assert all(of[key].start.date() == slot.date() for key, slot in found.met.items())


@given(st.lists(DAYS, unique=True), TIMES)
def test_the_same_rule_changes_nothing(days, at):
    slots = [datetime.combine(day, time(at.hour, at.minute)) for day in days]
    dates = [stood(slot) for slot in slots]

    found = match(dates, slots)

    assert found.kept == {each.id: each.slot for each in dates}
    assert (found.gone, found.new, found.met) == ((), (), {})
