from datetime import UTC, datetime, timedelta

import pytest

from aftercare.recovery.call_reasons import Reachable, Reason, Told, why_call

HEAR_BY = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
OPEN = Reachable()


def why(*told, closed=None):
    return why_call(told, Reachable(closed), hear_by=HEAR_BY)


def test_whoever_a_text_reached_is_not_called():
    assert why(Told("delivered")) is None
    assert why(Told("failed"), Told("delivered")) is None
    assert why(Told("delivered"), closed=Reason.STOPPED) is None


@pytest.mark.parametrize("state", ["sending", "accepted", "sent"])
def test_a_text_on_its_way_is_waited_for(state):
    assert why(Told(state)) is Reason.ON_ITS_WAY


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
