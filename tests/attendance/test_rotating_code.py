from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.attendance.rotating_code import ALPHABET, changes_in, code_at, is_right, opened_by
from tests.unhurried import UNHURRIED

#: The first second of a step.
STEP_BEGINS = datetime(2026, 3, 3, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TUESDAY, THURSDAY = UUID(int=2), UUID(int=4)
SECRET, ANOTHER = b"a secret of the date", b"a secret of another"

moments = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))
seconds = st.integers(-100_000, 100_000).map(lambda number: timedelta(seconds=number))


def shown(now, occurrence_id=TUESDAY, secret=SECRET):
    return code_at(now, occurrence_id, secret)


def test_the_screen_shows_one_code_for_thirty_seconds_and_then_another():
    codes = [shown(STEP_BEGINS + number * SECOND) for number in range(90)]

    assert Counter(codes) == dict.fromkeys(codes, 30)
    assert len(set(codes)) == 3


@pytest.mark.parametrize(("after", "left"), [(0, 30), (1, 29), (29, 1), (30, 30)])
def test_the_screen_knows_when_its_code_changes(after, left):
    assert changes_in(STEP_BEGINS + after * SECOND) == left * SECOND


def test_a_code_is_good_for_its_own_step_and_the_one_before_and_after():
    code = shown(STEP_BEGINS)
    good = [number for number in range(-200, 200) if is_right(code, TUESDAY, SECRET, now=STEP_BEGINS + number * SECOND)]

    assert good == list(range(-30, 60))


@UNHURRIED
@given(moments, seconds)
def test_a_code_is_good_exactly_within_one_step(now, apart):
    later = now + apart
    steps = abs(int(now.timestamp() // 30) - int(later.timestamp() // 30))

    assert is_right(shown(now), TUESDAY, SECRET, now=later) is (steps <= 1)


def test_a_code_of_another_date_or_another_secret_opens_nothing():
    assert not is_right(shown(STEP_BEGINS, THURSDAY), TUESDAY, SECRET, now=STEP_BEGINS)
    assert not is_right(shown(STEP_BEGINS, TUESDAY, ANOTHER), TUESDAY, SECRET, now=STEP_BEGINS)


def test_a_code_is_twelve_digits_and_capitals_without_look_alikes():
    codes = {shown(STEP_BEGINS + number * 30 * SECOND) for number in range(2000)}

    assert {len(code) for code in codes} == {12}
    assert {letter for code in codes for letter in code} == set(ALPHABET)
    assert not set(ALPHABET) & set("ILOU")


def test_codes_of_one_date_have_nothing_in_common():
    codes = [shown(STEP_BEGINS + number * 30 * SECOND) for number in range(3200)]

    assert len(set(codes)) == 3200
    for place in range(12):
        often = Counter(code[place] for code in codes)
        assert all(50 < often[letter] < 160 for letter in ALPHABET), place


def test_a_code_typed_by_hand_may_be_small_and_have_gaps_and_look_alikes():
    code = shown(STEP_BEGINS)
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower().replace("0", "o").replace("1", "l")

    assert is_right(typed, TUESDAY, SECRET, now=STEP_BEGINS)


@pytest.mark.parametrize("code", ["", "0", "٤٨٢١", "\ud800", "A" * 12, "A" * 5000, "ÿ" * 12])
def test_what_is_no_code_is_not_right(code):
    assert not is_right(code, TUESDAY, SECRET, now=STEP_BEGINS)


def test_a_code_with_one_letter_more_or_less_is_not_right():
    code = shown(STEP_BEGINS)

    assert not is_right(code + "0", TUESDAY, SECRET, now=STEP_BEGINS)
    assert not is_right(code[:-1], TUESDAY, SECRET, now=STEP_BEGINS)


def test_a_code_finds_its_door_among_all_that_are_open():
    doors = {UUID(int=number): f"secret {number}".encode() for number in range(1, 40)}
    code = shown(STEP_BEGINS, UUID(int=17), doors[UUID(int=17)])

    assert opened_by(code, doors, now=STEP_BEGINS) == UUID(int=17)
    assert opened_by(code, doors, now=STEP_BEGINS + 61 * SECOND) is None
    assert opened_by(code, {}, now=STEP_BEGINS) is None
