from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from aftercare.meetings.waitlist import (
    Seat,
    Status,
    end_of_line,
    front_of_line,
    may_offer,
    next_in_line,
    offer_until,
    offers,
    offers_run_out,
    seats_taken,
)

START = datetime(2026, 3, 3, 19, tzinfo=UTC)
ANA, BEN, CAL, DEE = (UUID(int=number) for number in range(1, 5))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def going(person):
    return Seat(person, Status.GOING)


def waiting(person, position):
    return Seat(person, Status.WAITLISTED, position)


def offered(person, position=1, until=START - DAY + HOUR):
    return Seat(person, Status.OFFERED, position, until)


def test_seats_taken_are_those_of_people_going_and_those_on_offer():
    seats = [going(ANA), offered(BEN), waiting(CAL, 1), Seat(DEE, Status.MAYBE)]

    assert seats_taken(seats) == 2


def test_the_first_come_are_next_in_line_for_the_free_seats():
    seats = [waiting(CAL, 3), going(DEE), waiting(BEN, 2), waiting(ANA, 1)]

    assert next_in_line(seats, 3) == [waiting(ANA, 1), waiting(BEN, 2)]
    assert next_in_line(seats, None) == [waiting(ANA, 1), waiting(BEN, 2), waiting(CAL, 3)]


def test_a_lowered_capacity_calls_nobody():
    assert next_in_line([going(ANA), going(BEN), waiting(CAL, 1)], 1) == []


def test_whom_staff_raise_stands_before_everybody():
    seats = [waiting(ANA, 1), waiting(BEN, 2), waiting(CAL, 3)]
    raised = replace(seats[2], position=front_of_line(seats))

    assert next_in_line([*seats[:2], raised], 1) == [raised]
    assert end_of_line([]) == 1


@pytest.mark.parametrize(
    ("left", "lasts"),
    [
        (DAY, 4 * HOUR),
        (8 * HOUR, 4 * HOUR),
        (3 * HOUR, 90 * MINUTE),
        (30 * MINUTE, 15 * MINUTE),
        (29 * MINUTE, None),
        (-MINUTE, None),
    ],
)
def test_an_offer_lasts_half_the_time_left_up_to_four_hours(left, lasts):
    now = START - left

    assert offer_until(now, START) == (now + lasts if lasts else None)


@pytest.mark.parametrize(
    ("left", "quiet", "allowed"),
    [
        (DAY, False, True),
        (DAY, True, False),
        (12 * HOUR, True, False),
        (12 * HOUR - MINUTE, True, True),
        (30 * MINUTE, True, True),
        (30 * MINUTE, False, True),
        (29 * MINUTE, False, False),
    ],
)
def test_offers_are_made_out_of_quiet_hours_unless_the_start_is_near(left, quiet, allowed):
    assert may_offer(START - left, START, quiet=quiet) is allowed


def test_a_free_seat_is_offered_to_the_first_waiting():
    seats = [waiting(ANA, 1), waiting(BEN, 2)]

    assert offers(seats, 1, now=START - DAY, starts_at=START) == [offered(ANA, 1, START - DAY + 4 * HOUR)]


def test_the_line_waits_for_whoever_is_asleep_and_passes_nobody_over():
    seats, day_before = [waiting(ANA, 1), waiting(BEN, 2)], START - DAY

    assert offers(seats, 2, now=day_before, starts_at=START, asleep={ANA}) == []
    assert offers(seats, 2, now=day_before, starts_at=START, asleep={BEN}) == [offered(ANA, 1, day_before + 4 * HOUR)]
    assert len(offers(seats, 2, now=START - 11 * HOUR, starts_at=START, asleep={ANA, BEN})) == 2


def test_offers_that_ran_out_are_found():
    over, running = offered(ANA, until=START - DAY), offered(BEN, until=START - DAY + MINUTE)

    assert offers_run_out([over, running, going(CAL)], START - DAY) == [over]
