from datetime import date, timedelta

import pytest

from aftercare.attendance import check_in
from aftercare.core.errors import Conflict, Invalid, NotFound, TooMany
from tests.attendance.deeds import SIX, START, acts, enter, record, refusal, say_here, tick, twin_of, undo, wrong_for
from tests.factories import make_meeting, make_member, make_occurrence, make_person, make_rsvp


def test_the_code_of_the_room_checks_in(tuesday, ana):
    done = enter(ana, check_in.code_of(tuesday))

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance, row.credit_date) == ("attended", "code", 2, date(2026, 11, 3))
    assert (done.occurrence.id, done.is_repeat) == (tuesday.id, False)


def test_a_texted_code_counts_like_a_typed_one(tuesday, ana):
    enter(ana, check_in.code_of(tuesday), way="text")

    assert (record(tuesday, ana).way, record(tuesday, ana).assurance) == ("text", 2)


def test_a_code_may_be_typed_with_spaces(tuesday, ana):
    enter(ana, " ".join(check_in.code_of(tuesday)) + " ")

    assert record(tuesday, ana).state == "attended"


def test_somebody_who_never_answered_can_just_come(tuesday, ana):
    enter(ana, check_in.code_of(tuesday))

    assert record(tuesday, ana).state == "attended"


def test_checking_in_twice_is_one_record_and_two_events(tuesday, ana):
    enter(ana, check_in.code_of(tuesday))
    again = enter(ana, check_in.code_of(tuesday))

    assert again.is_repeat
    assert acts(ana) == [("attended", "code"), ("attended", "code")]


@pytest.mark.parametrize(("minutes", "state"), [(-30, "attended"), (10, "attended"), (11, "late"), (75, "late")])
def test_who_comes_more_than_ten_minutes_after_the_start_is_late(tuesday, ana, hold, minutes, state):
    hold(START + timedelta(minutes=minutes))

    enter(ana, check_in.code_of(tuesday))

    assert record(tuesday, ana).state == state


@pytest.mark.parametrize("minutes", [-31, 76])
def test_outside_the_window_no_code_opens(tuesday, ana, hold, minutes):
    hold(START + timedelta(minutes=minutes))

    assert refusal(Conflict, enter, ana, check_in.code_of(tuesday)) == "not_open"
    assert record(tuesday, ana) is None


def test_a_cancelled_date_has_no_code(clinic, ana):
    cancelled = make_occurrence(make_meeting(clinic), starts=SIX, status="cancelled")

    assert refusal(Conflict, enter, ana, check_in.code_of(cancelled)) == "not_open"


@pytest.mark.parametrize("code", ["", "48", "48211", "48a1", "four", "٤٨٢١"])
def test_what_is_not_four_numbers_is_no_try(tuesday, ana, code):
    for _ in range(6):
        assert refusal(Invalid, enter, ana, code) == "not_a_code"

    enter(ana, check_in.code_of(tuesday))
    assert record(tuesday, ana).state == "attended"


def test_five_wrong_codes_close_the_door_even_to_the_right_one(tuesday, ana):
    wrong = wrong_for(tuesday)

    codes = [refusal(Invalid, enter, ana, wrong) for _ in range(5)]

    assert codes == ["wrong_code"] * 5
    assert refusal(TooMany, enter, ana, check_in.code_of(tuesday)) == "too_many_tries"
    assert record(tuesday, ana) is None


def test_four_wrong_codes_leave_a_fifth_try(tuesday, ana):
    for _ in range(4):
        refusal(Invalid, enter, ana, wrong_for(tuesday))

    enter(ana, check_in.code_of(tuesday))

    assert record(tuesday, ana).state == "attended"


def test_the_wrong_codes_of_one_person_do_not_close_the_door_to_another(clinic, tuesday, ana):
    other = make_person(clinic)
    for _ in range(5):
        refusal(Invalid, enter, other, wrong_for(tuesday))

    enter(ana, check_in.code_of(tuesday))

    assert record(tuesday, ana).state == "attended"


def test_wrong_codes_count_for_every_open_date(clinic, tuesday, ana):
    beside = make_occurrence(make_meeting(clinic), starts=SIX)
    for _ in range(5):
        refusal(Invalid, enter, ana, wrong_for(tuesday, beside))

    assert refusal(TooMany, enter, ana, check_in.code_of(beside)) == "too_many_tries"


def test_a_closed_door_tells_when_it_is_worth_asking_again(tuesday, ana):
    for _ in range(5):
        refusal(Invalid, enter, ana, wrong_for(tuesday))

    with pytest.raises(TooMany) as caught:
        enter(ana, wrong_for(tuesday))
    assert caught.value.retry_after == 75 * 60 + 1


def test_of_two_dates_with_one_code_the_one_they_are_going_to_counts(clinic, tuesday, ana):
    theirs = make_occurrence(make_meeting(clinic), starts=SIX + timedelta(minutes=5), id=twin_of(tuesday))
    make_rsvp(theirs, ana)

    done = enter(ana, check_in.code_of(tuesday))

    assert done.occurrence.id == theirs.id
    assert record(tuesday, ana) is None


def test_of_two_dates_with_one_code_the_one_of_their_group_counts(clinic, tuesday, ana):
    group = make_meeting(clinic)
    make_member(group, ana)
    theirs = make_occurrence(group, starts=SIX + timedelta(minutes=5), id=twin_of(tuesday))

    assert enter(ana, check_in.code_of(tuesday)).occurrence.id == theirs.id


def test_a_code_of_another_organisation_opens_nothing(tuesday, ana):
    foreign = make_occurrence(starts=SIX)

    assert refusal(Invalid, enter, ana, check_in.code_of(foreign)) == "wrong_code"
    assert record(foreign, ana) is None


def test_only_patients_check_in(tuesday, sam):
    with pytest.raises(NotFound):
        enter(sam, check_in.code_of(tuesday))


def test_here_without_a_code_is_ones_own_word(tuesday, ana):
    make_rsvp(tuesday, ana)

    say_here(ana)

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance) == ("attended", "self", 0)


def test_here_counts_at_the_date_of_their_own_group(clinic, tuesday, ana):
    group = make_meeting(clinic)
    make_member(group, ana)
    theirs = make_occurrence(group, starts=SIX + timedelta(minutes=20))

    assert say_here(ana).occurrence.id == theirs.id


def test_here_at_the_date_of_somebody_else_asks_for_the_host(tuesday, ana):
    assert refusal(Conflict, say_here, ana) == "ask_host"


def test_here_when_no_door_is_open_says_so(tuesday, ana, hold):
    make_rsvp(tuesday, ana)
    hold(START - timedelta(hours=1))

    assert refusal(Conflict, say_here, ana) == "not_open"


def test_there_is_nothing_to_undo_twice(tuesday, ana, sam):
    tick(tuesday, ana, sam)
    undo(tuesday, ana, sam)

    assert not undo(tuesday, ana, sam)
