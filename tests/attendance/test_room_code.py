from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from aftercare.attendance.room_code import code_for, is_open, is_right, may_try, window

START = datetime(2026, 3, 3, 19, tzinfo=UTC)
END = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TUESDAY, THURSDAY = UUID(int=2), UUID(int=4)
SECRET = b"a secret of the organisation"


def test_a_code_has_four_digits():
    codes = [code_for(UUID(int=number), SECRET) for number in range(2000)]

    assert all(len(code) == 4 and code.isascii() and code.isdigit() for code in codes)
    assert any(code.startswith("0") for code in codes)


def test_a_code_stays_the_same():
    assert code_for(TUESDAY, SECRET) == code_for(TUESDAY, SECRET)


def test_another_date_or_another_secret_has_another_code():
    assert len({code_for(TUESDAY, SECRET), code_for(THURSDAY, SECRET), code_for(TUESDAY, b"another")}) == 3


def test_codes_are_spread_evenly():
    first_digits = Counter(code_for(UUID(int=number), SECRET)[0] for number in range(5000))

    assert len(first_digits) == 10
    assert all(400 < often < 600 for often in first_digits.values())


def test_the_code_of_the_date_is_right_and_any_other_is_not():
    assert is_right(code_for(TUESDAY, SECRET), TUESDAY, SECRET)
    assert not is_right(code_for(THURSDAY, SECRET), TUESDAY, SECRET)


@pytest.mark.parametrize("code", ["", "48 21", "٤٨٢١", "48210"])
def test_what_is_no_code_is_not_right(code):
    assert not is_right(code, TUESDAY, SECRET)


def test_five_tries_are_given():
    assert [may_try(wrong) for wrong in range(7)] == [True] * 5 + [False] * 2


def test_check_in_is_open_from_half_an_hour_before_to_a_quarter_after():
    assert window(START, END) == (START - 30 * MINUTE, END + 15 * MINUTE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - 31 * MINUTE, False),
        (START - 30 * MINUTE, True),
        (START, True),
        (END + 15 * MINUTE, True),
        (END + 16 * MINUTE, False),
    ],
)
def test_check_in_is_closed_outside_its_window(now, expected):
    assert is_open(START, END, now=now) is expected
