from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aftercare.attendance.standing import Standing
from aftercare.recovery.signals import AT_ONCE, Ask, Expected, Facts, Failure, Kind, Reminder, signals_of
from aftercare.recovery.streaks import Pause
from tests.unhurried import UNHURRIED

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)

ids = st.integers(0, 2**32).map(lambda number: UUID(int=number))
days = st.integers(0, 100).map(lambda number: TODAY - timedelta(days=number))
recent_days = st.integers(0, 28).map(lambda number: TODAY - timedelta(days=number))
moments = st.integers(0, 200).map(lambda hours: NOW - timedelta(hours=hours))
#: Somebody who drifts away is as likely as somebody who comes.
standings = st.sampled_from([Standing.NO_SHOW, Standing.NO_SHOW, *Standing])
dates = st.builds(Expected, ids, days, standings, st.sampled_from(Reminder))
pauses = st.builds(lambda day, length: Pause(day, day + timedelta(days=length)), days, st.integers(0, 20))
many = {
    "attended": st.lists(days, max_size=12),
    "expected": st.lists(dates, max_size=12),
    "failures": st.lists(st.builds(Failure, ids, moments, st.booleans()), max_size=3),
    "asks": st.lists(st.builds(Ask, ids, moments, st.booleans()), max_size=3),
    "pauses": st.lists(pauses, max_size=1),
}
lives = st.builds(
    Facts,
    now=st.just(NOW),
    today=st.just(TODAY),
    enrolled_on=st.integers(0, 200).map(lambda number: TODAY - timedelta(days=number)),
    discharged_on=st.none() | days,
    delivered_at=st.none() | moments,
    contacts=st.lists(moments.filter(lambda moment: moment < NOW - timedelta(hours=72)), max_size=1),
    **many,
)


def kinds(facts):
    return {signal.kind for signal in signals_of(facts)}


@UNHURRIED
@given(lives, st.randoms(use_true_random=False))
def test_signals_depend_on_the_facts_and_not_on_their_order(facts, chance):
    shuffled = {name: chance.sample(getattr(facts, name), len(getattr(facts, name))) for name in many}

    assert signals_of(replace(facts, **shuffled)) == signals_of(facts)


@UNHURRIED
@given(lives, dates)
def test_a_date_of_which_nothing_is_known_never_adds_a_signal(facts, more):
    unknown = replace(more, standing=Standing.UNKNOWN)

    assert kinds(replace(facts, expected=[*facts.expected, unknown])) <= kinds(facts)


@UNHURRIED
@given(lives)
def test_a_claim_that_nobody_came_stands_however_the_unknown_dates_turn_out(facts):
    came = [
        replace(each, standing=Standing.ATTENDED) if each.standing == Standing.UNKNOWN else each
        for each in facts.expected
    ]
    claims = {Kind.QUIET_14, Kind.QUIET_30, Kind.AFTER_DISCHARGE, Kind.HALF}

    assert kinds(facts) & claims <= kinds(replace(facts, expected=came))


@UNHURRIED
@given(lives, recent_days)
def test_coming_once_more_of_late_never_adds_a_signal(facts, more):
    assert kinds(replace(facts, attended=[*facts.attended, more])) <= kinds(facts)


@UNHURRIED
@given(lives, days)
def test_having_come_once_more_long_ago_adds_at_most_that_it_was_more_often_then(facts, more):
    assert kinds(replace(facts, attended=[*facts.attended, more])) <= kinds(facts) | {Kind.HALF}


@UNHURRIED
@given(lives, st.data())
def test_a_missed_date_that_turns_out_attended_adds_at_most_that_it_was_more_often_then(facts, data):
    missed = [each for each in facts.expected if each.standing == Standing.NO_SHOW]
    if not missed:
        return
    wrong = data.draw(st.sampled_from(missed))
    mended = [replace(each, standing=Standing.ATTENDED) if each == wrong else each for each in facts.expected]

    assert kinds(replace(facts, expected=mended)) <= kinds(facts) | {Kind.HALF}


@UNHURRIED
@given(lives, st.integers(0, 30), st.none() | st.integers(0, 30))
def test_a_pause_silences_all_but_what_was_asked_for(facts, since, until):
    first, last = TODAY - timedelta(days=since), until if until is None else TODAY + timedelta(days=until)
    paused = replace(facts, pauses=[*facts.pauses, Pause(first, last)])

    assert kinds(paused) == kinds(facts) & set(AT_ONCE)


@UNHURRIED
@given(lives, st.integers(0, 72 * 3600 - 1))
def test_after_staff_were_in_touch_all_is_silent_but_what_was_asked_for(facts, seconds):
    spoken = replace(facts, contacts=[*facts.contacts, NOW - timedelta(seconds=seconds)])

    assert kinds(spoken) == kinds(facts) & set(AT_ONCE)


@UNHURRIED
@given(lives)
def test_who_asked_is_always_heard(facts):
    assert (Kind.CRISIS in kinds(facts)) is any(ask.is_crisis for ask in facts.asks)
    assert (Kind.CALL in kinds(facts)) is any(not ask.is_crisis for ask in facts.asks)


@UNHURRIED
@given(lives, st.lists(st.builds(Failure, ids, moments, st.just(True)), max_size=4))
def test_stop_never_changes_anything(facts, stopped):
    assert signals_of(replace(facts, failures=[*facts.failures, *stopped])) == signals_of(facts)


@UNHURRIED
@given(lives)
def test_every_signal_names_facts_that_were_given(facts):
    known_ids = {each.occurrence_id for each in facts.expected} | {each.id for each in facts.asks}
    known_ids |= {each.message_id for each in facts.failures}
    known_days = {each.day for each in facts.expected} | {*facts.attended, facts.enrolled_on, facts.discharged_on}
    signals = signals_of(facts)

    assert all(signal.facts for signal in signals)
    assert len({signal.kind for signal in signals}) == len(signals)
    for fact in (fact for signal in signals for fact in signal.facts):
        assert fact.about is None or fact.about in known_ids
        assert fact.on is None or fact.on in known_days
        assert (fact.on, fact.at, fact.about, fact.number) != (None, None, None, None)
