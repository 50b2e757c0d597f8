from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import retries
from aftercare.messaging.retries import Failure, Reconciliation

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        *[(code, Failure.RECIPIENT) for code in (21211, 21217, 21614, 21635, 30005, 30006, 21612, 21408)],
        (21610, Failure.OPTED_OUT),
        *[(code, Failure.BLOCKED) for code in (30004, 30007)],
        *[(code, Failure.CONFIGURATION) for code in (20003, 20005, 20006, 20404, 21603, 21606, 21701, 21703, 21705)],
        *[(code, Failure.CONFIGURATION) for code in (30002, 30024, 30032, 30034, 90010)],
        *[(code, Failure.CONTENT) for code in (21602, 21617, 21618, 30019)],
        *[(code, Failure.NOT_PROCESSED) for code in (20429, 21611, 20503)],
        (20500, Failure.UNKNOWN),
        *[(code, Failure.DELIVERY_TEMPORARY) for code in (30001, 30003, 30008, 30017, 30022, 30410, 30500)],
        *[(code, Failure.DAILY_CAP) for code in (30023, 30025, 30026, 30027)],
        (39999, Failure.UNLISTED),
    ],
)
def test_a_code_of_the_carrier_has_its_class(code, failure):
    assert retries.classify(code) is failure


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.CONFIGURATION),
        (429, Failure.NOT_PROCESSED),
        (400, Failure.UNLISTED),
        (408, Failure.UNKNOWN),
        (500, Failure.UNKNOWN),
        (502, Failure.UNKNOWN),
        (503, Failure.UNKNOWN),
        (504, Failure.UNKNOWN),
        (200, Failure.UNKNOWN),
        (None, Failure.UNKNOWN),
    ],
)
def test_without_a_code_the_http_status_decides(status, failure):
    assert retries.classify(None, status) is failure


def test_a_code_wins_over_the_http_status():
    assert retries.classify(20503, 503) is Failure.NOT_PROCESSED
    assert retries.classify(21610, 400) is Failure.OPTED_OUT


@pytest.mark.parametrize("failure", [*sorted(retries.PERMANENT), Failure.UNKNOWN])
def test_what_is_permanent_or_unknown_is_never_tried_again(failure):
    assert retries.next_try(failure, 1, NOW, useful_until=TOMORROW, jitter=0.5) is None


def test_a_text_that_was_not_processed_waits_longer_each_time():
    tries = [
        retries.next_try(Failure.NOT_PROCESSED, attempts, NOW, useful_until=TOMORROW, jitter=1)
        for attempts in range(1, 12)
    ]

    assert tries == [NOW + timedelta(seconds=wait) for wait in (2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300)]


def test_jitter_halves_a_wait_at_most():
    moment = retries.next_try(Failure.NOT_PROCESSED, 3, NOW, useful_until=TOMORROW, jitter=0)

    assert moment == NOW + timedelta(seconds=4)


def test_the_wait_that_the_carrier_asks_for_is_kept():
    moment = retries.next_try(Failure.NOT_PROCESSED, 1, NOW, useful_until=TOMORROW, jitter=0, retry_after=90)

    assert moment == NOW + timedelta(seconds=90)


def test_a_passing_trouble_of_delivery_gets_one_more_try():
    tries = [
        retries.next_try(Failure.DELIVERY_TEMPORARY, attempts, NOW, useful_until=TOMORROW, jitter=0)
        for attempts in (1, 2)
    ]

    assert tries == [NOW + timedelta(minutes=10), None]


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 12, 1, 18, 0, tzinfo=UTC), datetime(2026, 12, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 9, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_daily_cap_waits_for_midnight_in_the_pacific_zone(now, midnight):
    far = now + timedelta(days=3)

    assert retries.next_try(Failure.DAILY_CAP, 1, now, useful_until=far, jitter=0) == midnight


@given(
    failure=st.sampled_from(Failure),
    attempts=st.integers(0, 10_000),
    minutes=st.integers(-60, 3000),
    jitter=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 1e6),
)
def test_a_try_is_always_later_and_still_useful(failure, attempts, minutes, jitter, retry_after):
    useful_until = NOW + timedelta(minutes=minutes)

    moment = retries.next_try(failure, attempts, NOW, useful_until=useful_until, jitter=jitter, retry_after=retry_after)

    assert moment is None or NOW < moment < useful_until


@pytest.mark.parametrize(
    ("found", "looks", "was_sent_again", "now", "verdict"),
    [
        (True, 0, False, NOW, Reconciliation.ADOPT),
        (True, 5, True, TOMORROW, Reconciliation.ADOPT),
        (False, 1, False, NOW, Reconciliation.LOOK_AGAIN),
        (False, 2, False, NOW, Reconciliation.SEND_AGAIN),
        (False, 2, True, NOW, Reconciliation.ASK_STAFF),
        (False, 2, False, TOMORROW, Reconciliation.EXPIRE),
    ],
)
def test_a_text_in_doubt_is_sent_again_once_after_two_looks(found, looks, was_sent_again, now, verdict):
    assert (
        retries.after_looking(found=found, looks=looks, was_sent_again=was_sent_again, now=now, useful_until=TOMORROW)
        is verdict
    )
