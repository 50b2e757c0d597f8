from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from aftercare.attendance.standing import (
    CREDITED,
    Standing,
    arrival,
    becomes_final,
    is_correction,
    is_expected,
    needs_roll,
    standing,
    was_held,
)

START = datetime(2026, 3, 3, 19, tzinfo=UTC)
END = START + timedelta(hours=1)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
EVERY_CASE = list(product([False, True], repeat=3))


@pytest.mark.parametrize(("expected", "held", "final"), EVERY_CASE)
def test_what_was_recorded_stands_whatever_was_expected(expected, held, final):
    for recorded in ("attended", "late", "excused"):
        assert standing(recorded, expected=expected, held=held, final=final) == recorded


@pytest.mark.parametrize(("expected", "held", "final"), EVERY_CASE)
def test_somebody_was_missing_only_if_expected_at_a_date_that_was_held_with_a_final_roll(expected, held, final):
    found = standing(None, expected=expected, held=held, final=final)

    assert found == (Standing.NO_SHOW if (expected, held, final) == (True, True, True) else Standing.UNKNOWN)


@pytest.mark.parametrize(
    ("after_start", "found"),
    [
        (-30 * timedelta(minutes=1), Standing.ATTENDED),
        (timedelta(minutes=10), Standing.ATTENDED),
        (timedelta(minutes=10) + SECOND, Standing.LATE),
    ],
)
def test_an_arrival_is_late_more_than_ten_minutes_after_the_start(after_start, found):
    assert arrival(START + after_start, START) == found


def test_late_is_credited_like_attended():
    assert CREDITED == (Standing.ATTENDED, Standing.LATE)


@pytest.mark.parametrize(
    ("answer", "guest", "member"),
    [
        ("going", True, True),
        ("none", False, True),
        ("maybe", False, True),
        ("waitlisted", False, False),
        ("offered", False, False),
        ("declined", False, False),
        ("cancelled", False, False),
        ("void", False, False),
    ],
)
def test_people_going_and_members_who_did_not_decline_are_expected(answer, guest, member):
    assert is_expected(answer, is_member=False) is guest
    assert is_expected(answer, is_member=True) is member


@pytest.mark.parametrize(("recorded", "said"), list(product([False, True], repeat=2)))
def test_a_date_was_held_if_anyone_was_recorded_or_the_host_said_so(recorded, said):
    assert was_held(anyone_recorded=recorded, host_said_held=said) is (recorded or said)


@pytest.mark.parametrize(
    ("held", "now", "final", "asked"),
    [
        (True, END + 24 * HOUR - SECOND, False, False),
        (True, END + 24 * HOUR, True, False),
        (False, END + 24 * HOUR - SECOND, False, False),
        (False, END + 24 * HOUR, False, True),
        (False, END + 24 * 30 * HOUR, False, True),
    ],
)
def test_a_day_later_the_roll_is_final_or_staff_are_asked_for_it(held, now, final, asked):
    assert becomes_final(END, now=now, held=held) is final
    assert needs_roll(END, now=now, held=held) is asked


def test_a_change_of_the_roll_is_a_correction_after_three_days():
    assert not is_correction(END, now=END + 72 * HOUR)
    assert is_correction(END, now=END + 72 * HOUR + SECOND)
