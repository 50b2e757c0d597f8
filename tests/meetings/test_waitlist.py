from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from aftercare.core.errors import Conflict
from aftercare.meetings.waitlist import (
    Event,
    Seat,
    Status,
    answer,
    closing_time,
)

START = datetime(2026, 3, 3, 19, tzinfo=UTC)
ANA, BEN, CAL, DEE = (UUID(int=number) for number in range(1, 5))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

NONE, MAYBE, GOING, WAITLISTED = Status.NONE, Status.MAYBE, Status.GOING, Status.WAITLISTED
OFFERED, DECLINED, CANCELLED, VOID = Status.OFFERED, Status.DECLINED, Status.CANCELLED, Status.VOID


def going(person):
    return Seat(person, GOING)


def waiting(person, position):
    return Seat(person, WAITLISTED, position)


def offered(person, position=1, until=START - DAY + HOUR, demoted=False):
    return Seat(person, OFFERED, position, until, demoted)


def reply(seat, event, others=(), capacity=None, now=START - DAY, **rules):
    return answer(seat, event, seats=[seat, *others], capacity=capacity, now=now, starts_at=START, **rules)


FRESH = [NONE, MAYBE, DECLINED, CANCELLED]


@pytest.mark.parametrize("status", FRESH)
def test_a_yes_takes_a_free_seat(status):
    outcome = reply(Seat(ANA, status), Event.YES, [going(BEN)], capacity=2)

    assert outcome.seat == going(ANA)
    assert not outcome.confirmed


@pytest.mark.parametrize("status", FRESH)
def test_a_yes_to_a_full_date_waits_at_the_end(status):
    outcome = reply(Seat(ANA, status), Event.YES, [going(BEN), waiting(CAL, 4)], capacity=1)

    assert outcome.seat == waiting(ANA, 5)


def test_an_offered_seat_is_held():
    assert reply(Seat(ANA), Event.YES, [offered(BEN)], capacity=1).status == WAITLISTED


def test_a_maybe_holds_no_seat():
    assert reply(Seat(ANA), Event.YES, [Seat(BEN, MAYBE)], capacity=1).status == GOING


def test_a_date_without_capacity_has_a_seat_for_everybody():
    assert reply(Seat(ANA), Event.YES, [going(BEN), going(CAL)]).status == GOING


def test_a_newcomer_does_not_pass_somebody_waiting_for_the_morning():
    assert reply(Seat(ANA), Event.YES, [waiting(BEN, 1)], capacity=1).seat == waiting(ANA, 2)


def test_a_newcomer_takes_the_seat_left_when_all_waiting_have_theirs():
    assert reply(Seat(ANA), Event.YES, [waiting(BEN, 1)], capacity=2).status == GOING


@pytest.mark.parametrize("status", FRESH)
@pytest.mark.parametrize(
    ("capacity", "rules", "closes_at"),
    [
        (None, {}, START),
        (5, {}, START - 2 * HOUR),
        (5, {"closes_before": timedelta()}, START),
        (None, {"closes_before": DAY}, START - DAY),
    ],
)
def test_a_new_yes_is_taken_until_the_closing_time_only(status, capacity, rules, closes_at):
    assert closing_time(START, capacity, **rules) == closes_at
    assert reply(Seat(ANA, status), Event.YES, capacity=capacity, now=closes_at - MINUTE, **rules).status == GOING

    if closes_at < START:
        with pytest.raises(Conflict, match="too late"):
            reply(Seat(ANA, status), Event.YES, capacity=capacity, now=closes_at, **rules)


def test_a_second_yes_confirms_and_changes_nothing():
    outcome = reply(going(ANA), Event.YES, [going(BEN)], capacity=1)

    assert (outcome.confirmed, outcome.is_changed, outcome.status) == (True, False, GOING)


def test_a_second_yes_confirms_after_the_closing_time_too():
    assert reply(going(ANA), Event.YES, capacity=1, now=START - MINUTE).confirmed


def test_a_second_yes_of_somebody_waiting_keeps_their_place():
    outcome = reply(waiting(ANA, 3), Event.YES, [going(BEN)], capacity=1)

    assert (outcome.seat, outcome.is_changed) == (waiting(ANA, 3), False)


def test_the_first_waiting_may_take_a_free_seat_that_was_not_offered_yet():
    assert reply(waiting(ANA, 1), Event.YES, [waiting(BEN, 2)], capacity=1, now=START - 10 * MINUTE).status == GOING


def test_the_second_waiting_may_not_take_the_seat_of_the_first():
    assert reply(waiting(BEN, 2), Event.YES, [waiting(ANA, 1)], capacity=1).status == WAITLISTED


@pytest.mark.parametrize("now", [START - DAY, START - 90 * MINUTE])
def test_a_yes_to_an_offer_takes_the_seat_even_after_the_closing_time(now):
    assert reply(offered(ANA, until=START - HOUR), Event.YES, [going(BEN)], capacity=1, now=now).seat == going(ANA)


def test_a_no_to_an_offer_declines_and_frees_the_seat():
    outcome = reply(offered(ANA), Event.NO, capacity=1)

    assert (outcome.seat, outcome.frees_seat, outcome.late_cancel) == (Seat(ANA, DECLINED), True, False)


def test_an_offer_that_runs_out_puts_its_person_at_the_end_once():
    outcome = reply(offered(ANA, until=START - DAY), Event.EXPIRY, [waiting(BEN, 2)], capacity=1)

    assert outcome.seat == replace(waiting(ANA, 3), demoted=True)
    assert outcome.frees_seat


def test_a_second_offer_that_runs_out_declines():
    outcome = reply(offered(ANA, until=START - DAY, demoted=True), Event.EXPIRY, capacity=1)

    assert outcome.seat == Seat(ANA, DECLINED)


def test_an_offer_does_not_expire_before_its_end():
    assert not reply(offered(ANA), Event.EXPIRY, now=START - DAY + HOUR - MINUTE).is_changed


@pytest.mark.parametrize("seat", [going(ANA), waiting(ANA, 1), Seat(ANA, DECLINED)])
def test_an_expiry_that_comes_too_late_changes_nothing(seat):
    assert not reply(seat, Event.EXPIRY).is_changed


def test_a_yes_after_the_offer_ran_out_goes_to_the_end_behind_those_waiting():
    outcome = reply(offered(ANA, until=START - DAY), Event.YES, [waiting(BEN, 2)], capacity=1)

    assert outcome.seat == replace(waiting(ANA, 3), demoted=True)
    assert outcome.before == offered(ANA, until=START - DAY)


def test_a_yes_after_the_offer_ran_out_takes_the_seat_if_nobody_else_waits():
    assert reply(offered(ANA, until=START - DAY), Event.YES, capacity=1).seat == going(ANA)


@pytest.mark.parametrize(("left", "is_late"), [(2 * HOUR, False), (2 * HOUR - MINUTE, True)])
def test_a_no_within_two_hours_of_the_start_is_a_late_cancel(left, is_late):
    outcome = reply(going(ANA), Event.NO, now=START - left)

    assert (outcome.status, outcome.late_cancel, outcome.frees_seat) == (CANCELLED, is_late, True)


def test_a_second_no_changes_nothing():
    assert not reply(Seat(ANA, CANCELLED), Event.NO, now=START - HOUR).is_changed
    assert not reply(Seat(ANA, DECLINED), Event.NO, now=START - HOUR).is_changed


@pytest.mark.parametrize("seat", [Seat(ANA), Seat(ANA, MAYBE), waiting(ANA, 1)])
def test_a_no_of_somebody_without_a_seat_declines(seat):
    outcome = reply(seat, Event.NO, capacity=1)

    assert (outcome.seat, outcome.frees_seat) == (Seat(ANA, DECLINED), False)


@pytest.mark.parametrize("status", FRESH)
def test_a_maybe_is_noted(status):
    assert reply(Seat(ANA, status), Event.MAYBE).seat == Seat(ANA, MAYBE)


def test_a_maybe_of_somebody_going_gives_the_seat_back():
    outcome = reply(going(ANA), Event.MAYBE, capacity=1)

    assert (outcome.status, outcome.frees_seat) == (MAYBE, True)


@pytest.mark.parametrize("seat", [waiting(ANA, 2), offered(ANA)])
def test_a_maybe_loses_no_place_in_the_line(seat):
    assert not reply(seat, Event.MAYBE, [going(BEN)], capacity=1).is_changed


@pytest.mark.parametrize("seat", [Seat(ANA, MAYBE), going(ANA), waiting(ANA, 1), offered(ANA)])
@pytest.mark.parametrize("now", [START - DAY, START + MINUTE])
def test_a_cancelled_meeting_voids_every_active_answer(seat, now):
    assert reply(seat, Event.MEETING_CANCELLED, now=now).seat == Seat(ANA, VOID)


@pytest.mark.parametrize("status", [NONE, DECLINED, CANCELLED, VOID])
def test_a_cancelled_meeting_leaves_the_other_answers(status):
    assert not reply(Seat(ANA, status), Event.MEETING_CANCELLED).is_changed


@pytest.mark.parametrize("event", [Event.YES, Event.NO, Event.MAYBE])
def test_an_answer_to_a_cancelled_date_is_refused(event):
    with pytest.raises(Conflict, match="cancelled"):
        reply(Seat(ANA, VOID), event)


@pytest.mark.parametrize("seat", [going(ANA), Seat(ANA), Seat(ANA, MAYBE), waiting(ANA, 1)])
def test_a_yes_after_the_start_means_on_my_way_and_changes_nothing(seat):
    outcome = reply(seat, Event.YES, capacity=1, now=START)

    assert (outcome.on_my_way, outcome.after_start, outcome.is_changed) == (True, True, False)


@pytest.mark.parametrize("seat", [Seat(ANA), waiting(ANA, 1)])
def test_a_yes_after_the_start_of_a_full_date_is_refused(seat):
    with pytest.raises(Conflict, match="full"):
        reply(seat, Event.YES, [going(BEN)], capacity=1, now=START)


@pytest.mark.parametrize("event", [Event.NO, Event.MAYBE])
def test_what_is_said_after_the_start_is_only_noted(event):
    outcome = reply(going(ANA), event, now=START)

    assert (outcome.after_start, outcome.on_my_way, outcome.is_changed) == (True, False, False)


def test_a_lowered_capacity_throws_nobody_out():
    seats = [going(ANA), going(BEN), waiting(CAL, 1)]

    assert reply(going(ANA), Event.YES, seats[1:], capacity=1).status == GOING
    assert reply(going(BEN), Event.NO, [seats[0], seats[2]], capacity=1).frees_seat
