import uuid
from datetime import UTC, datetime, timedelta

import pytest

from aftercare.messaging.states import State
from tests.crash.findings import MARGIN, Findings, Row, Wish
from tests.crash.ledger import Taken

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
KEY = uuid.uuid4()
HOUR = timedelta(hours=1)


def row(state, sid=None, reason=None):
    return Row(KEY, State(state), sid, reason, NOON + HOUR)


def taken(*sids, at=NOON):
    return [Taken(KEY, sid, at) for sid in sids]


def kinds(row, wish, taken):
    found = Findings.of([row], {KEY: wish}, {KEY: taken})
    return sorted({fault.partition(":")[0] for fault in found.faults})


@pytest.mark.parametrize("state", ["accepted", "sent", "delivered", "undelivered", "failed"])
def test_sent_once_and_known_is_as_it_should_be(state):
    assert kinds(row(state, "SM1"), Wish(), taken("SM1")) == []


@pytest.mark.parametrize("state", ["pending", "cancelled", "expired", "failed"])
def test_what_was_not_to_go_may_stand_where_it_likes(state):
    assert kinds(row(state), Wish(must_go=False), taken()) == []


@pytest.mark.parametrize(
    ("state", "copies", "faults"),
    [
        ("pending", [], ["lost"]),
        ("expired", [], ["lost"]),
        ("unknown", [], ["in_doubt", "lost"]),
        ("sending", ["SM1"], ["in_doubt"]),
        ("accepted", ["SM1", "SM2"], ["doubled"]),
        ("accepted", [], ["lost", "untrue"]),
        ("accepted", ["SM2"], ["untrue"]),
        ("pending", ["SM1"], ["untrue"]),
        ("expired", ["SM1"], ["untrue"]),
    ],
)
def test_what_is_wrong_is_found(state, copies, faults):
    assert kinds(row(state, "SM1"), Wish(), taken(*copies)) == faults


def test_a_text_after_stop_is_found_unless_it_was_on_its_way():
    stopped = Wish(must_go=False, stopped_at=NOON)

    assert kinds(row("accepted", "SM1"), stopped, taken("SM1", at=NOON + MARGIN)) == []
    assert kinds(row("accepted", "SM1"), stopped, taken("SM1", at=NOON + 2 * MARGIN)) == ["after_stop"]


def test_a_text_after_its_use_is_found():
    assert kinds(row("accepted", "SM1"), Wish(), taken("SM1", at=NOON + HOUR + MARGIN)) == []
    assert kinds(row("accepted", "SM1"), Wish(), taken("SM1", at=NOON + HOUR + 2 * MARGIN)) == ["too_late"]
