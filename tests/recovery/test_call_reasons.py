from datetime import UTC, datetime, timedelta

import pytest

from aftercare.recovery.call_reasons import Reachable, Reason, Told, why_call

HEAR_BY = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
NOW = HEAR_BY - timedelta(hours=5)


def why(*told, closed=None):
    return why_call(told, Reachable(closed), hear_by=HEAR_BY, now=NOW)


def test_whoever_a_text_reached_is_not_called():
    assert why(Told("delivered")) is None
    assert why(Told("failed"), Told("delivered")) is None
    assert why(Told("delivered"), closed=Reason.STOPPED) is None


@pytest.mark.parametrize("state", ["sending", "accepted", "sent"])
def test_a_text_on_its_way_is_waited_for(state):
    assert why(Told(state, left_at=NOW - timedelta(hours=1))) is Reason.ON_ITS_WAY


@pytest.mark.parametrize("state", ["sending", "accepted", "sent"])
def test_a_text_that_left_long_ago_and_was_never_confirmed_is_not_counted_on(state):
    old = Told(state, left_at=NOW - timedelta(minutes=61))

    assert why(old) is Reason.UNCONFIRMED
    assert why(old, Told("failed")) is Reason.UNCONFIRMED
    assert why(old, Told("delivered")) is None
    assert why(old, Told(state, left_at=NOW)) is Reason.ON_ITS_WAY


@pytest.mark.parametrize(
    ("minutes", "reason"), [(61, Reason.ON_ITS_WAY), (60, Reason.JUST_SENT), (1, Reason.JUST_SENT)]
)
def test_a_text_that_just_left_is_not_waited_for_within_the_last_hour(minutes, reason):
    told = [Told("sent", left_at=HEAR_BY - timedelta(minutes=minutes + 5))]

    assert why_call(told, Reachable(), hear_by=HEAR_BY, now=HEAR_BY - timedelta(minutes=minutes)) is reason


def test_of_a_letter_nobody_hears_that_it_arrived_so_it_is_believed():
    letter = Told("accepted", left_at=NOW - timedelta(days=1), is_letter=True)

    assert why(letter) is Reason.ON_ITS_WAY
    assert why_call([letter], Reachable(), hear_by=HEAR_BY, now=HEAR_BY) is Reason.ON_ITS_WAY


@pytest.mark.parametrize("reason", ["paused", "answered"])
def test_who_rests_or_has_answered_is_left_in_peace(reason):
    assert why(Told("cancelled", reason)) is None


@pytest.mark.parametrize("closed", [Reason.NO_PHONE, Reason.FROZEN, Reason.STOPPED, Reason.NO_CONSENT])
def test_who_cannot_be_texted_is_called_for_that_reason(closed):
    assert why(closed=closed) is closed
    assert why(Told("cancelled", "no_consent"), closed=closed) is closed


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told("failed", "recipient"), Reason.FAILED),
        (Told("undelivered"), Reason.FAILED),
        (Told("unknown"), Reason.UNSURE),
        (Told("expired", "in_doubt"), Reason.UNSURE),
        (Told("expired", "cap_day"), Reason.CAPPED),
        (Told("expired", "cap_week"), Reason.CAPPED),
        (Told("expired", "night"), Reason.TOO_LATE),
        (Told("expired", "too_late"), Reason.TOO_LATE),
        (Told("cancelled", "meeting moved"), Reason.NOT_SENT),
    ],
)
def test_a_text_that_reached_nobody_says_why(told, reason):
    assert why(told) is reason


def test_nothing_posted_is_a_reason_too():
    assert why() is Reason.NOT_SENT


@pytest.mark.parametrize(
    ("minutes", "reason"), [(60, Reason.LEAVES_LATER), (59, Reason.TOO_LATE), (-60, Reason.TOO_LATE)]
)
def test_a_text_that_waits_is_waited_for_if_it_comes_an_hour_before(minutes, reason):
    assert why(Told("pending", due_at=HEAR_BY - timedelta(minutes=minutes))) is reason
