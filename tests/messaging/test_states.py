import itertools

import pytest

from aftercare.messaging import states
from aftercare.messaging.states import State

WAY_OUT = [
    (State.PENDING, State.SENDING),
    (State.SENDING, State.ACCEPTED),
    (State.ACCEPTED, State.SENT),
    (State.SENT, State.DELIVERED),
    (State.SENT, State.UNDELIVERED),
    (State.SENT, State.FAILED),
    (State.PENDING, State.CANCELLED),
    (State.PENDING, State.EXPIRED),
    (State.SENDING, State.UNKNOWN),
    (State.UNKNOWN, State.ACCEPTED),
    (State.UNKNOWN, State.PENDING),
]


@pytest.mark.parametrize(("old", "new"), WAY_OUT)
def test_the_way_of_a_message_is_open(old, new):
    assert states.step(old, new) is new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (State.PENDING, State.ACCEPTED),
        (State.PENDING, State.DELIVERED),
        (State.UNKNOWN, State.SENDING),
        (State.ACCEPTED, State.PENDING),
        (State.ACCEPTED, State.SENDING),
        (State.SENT, State.ACCEPTED),
        (State.SENT, State.PENDING),
        (State.CANCELLED, State.SENDING),
        (State.EXPIRED, State.PENDING),
    ],
)
def test_a_message_never_takes_a_forbidden_step(old, new):
    with pytest.raises(states.ForbiddenStep):
        states.step(old, new)


@pytest.mark.parametrize("end", [State.DELIVERED, State.CANCELLED, State.EXPIRED])
def test_nothing_leads_out_of_an_end(end):
    assert [new for new in State if states.may_become(end, new)] == []


def test_only_a_pending_message_is_claimed():
    assert states.sources(State.SENDING) == {State.PENDING}


def test_the_steps_and_their_sources_agree():
    for old, new in itertools.product(State, State):
        assert states.may_become(old, new) == (old in states.sources(new))


def test_every_status_of_the_carrier_has_its_published_rank():
    statuses = ["accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled"]

    assert [states.rank(status) for status in statuses] == [10, 15, 20, 30, 40, 90, 90, 90, 90]
    assert states.rank("read") == 100


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sending", "sent", "delivered"])))
def test_callbacks_in_any_order_end_in_the_same_state(order):
    rank, state = 0, State.SENDING
    for status in [*order, *order]:
        if states.raises(rank, status):
            rank = states.rank(status)
            told = states.state_of(status)
            state = state if told is state else states.step(state, told)

    assert (rank, state) == (90, State.DELIVERED)


def test_a_final_status_is_not_replaced_by_another_final_one():
    assert not states.raises(states.rank("delivered"), "failed")
    assert states.raises(states.rank("delivered"), "read")


def test_a_status_we_do_not_know_is_never_news():
    assert not states.raises(0, "teleported")
