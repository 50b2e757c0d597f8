from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import caps
from aftercare.messaging.caps import Caps, Span
from aftercare.messaging.catalogue import CATALOGUE

MONDAY = date(2026, 11, 2)
USUAL = Caps()


def on(day):
    return MONDAY + timedelta(days=day)


def span(first, last):
    return Span(on(first), on(last))


def used(*days):
    return Counter(on(day) for day in days)


def day_for(wanted, *days, firsts=(), is_first=False, limits=USUAL):
    found = caps.day_for(wanted, used(*days), limits, firsts=firsts, is_first=is_first)
    return None if found is None else (found - MONDAY).days


@pytest.mark.parametrize("kind", ["reminder", "missed", "missed_next", "milestone", "milestone_weeks", "anything_new"])
def test_what_nobody_waits_for_is_capped(kind):
    assert caps.is_capped(kind, is_answer=False)
    assert caps.counts(kind, is_answer=False)


@pytest.mark.parametrize("kind", sorted(caps.NEWS))
def test_news_is_never_held_back_but_counts(kind):
    assert not caps.is_capped(kind, is_answer=False)
    assert caps.counts(kind, is_answer=False)
    assert kind in CATALOGUE


@pytest.mark.parametrize("kind", ["thanks", "help", "crisis", "sign_in_code", "next"])
def test_answers_in_a_conversation_neither_wait_nor_count(kind):
    assert not caps.is_capped(kind, is_answer=True)
    assert not caps.counts(kind, is_answer=True)


def test_an_offer_counts_although_it_is_sent_like_an_answer():
    assert caps.counts("offer", is_answer=True)
    assert not caps.is_capped("offer", is_answer=True)


def test_one_a_day_and_three_in_any_seven_days():
    assert not caps.has_room(on(0), used(0), USUAL)
    assert caps.has_room(on(1), used(0), USUAL)
    assert not caps.has_room(on(6), used(0, 2, 4), USUAL)
    assert caps.has_room(on(7), used(0, 2, 4), USUAL)


def test_a_week_that_ends_later_is_full_too():
    assert not caps.has_room(on(2), used(3, 5, 8), USUAL)
    assert caps.has_room(on(1), used(3, 5, 8), USUAL)


def test_who_chose_no_cap_has_always_room():
    assert caps.has_room(on(0), used(0, 0, 0, 0), Caps(0, 0))
    assert caps.has_room(on(0), used(0, 0, 0), Caps(0, 4))
    assert not caps.has_room(on(0), used(0), Caps(1, 0))


def test_a_text_that_finds_its_day_full_waits_for_the_next():
    assert day_for(span(0, 3), 0) == 1
    assert day_for(span(0, 0), 0) is None


def test_a_text_waits_until_a_week_has_passed_if_that_is_soon_enough():
    assert day_for(span(4, 9), 0, 1, 2) == 7
    assert day_for(span(4, 6), 0, 1, 2) is None


def test_the_first_word_of_tonight_goes_before_that_of_the_day_after():
    assert day_for(span(0, 2), firsts=[span(0, 0)], is_first=True) == 1
    assert day_for(span(0, 0), firsts=[span(0, 2)], is_first=True) == 0


def test_a_second_reminder_goes_where_it_takes_nothing_from_another_date():
    """Groups on Tuesday and Thursday: Sunday the first of Tuesday; now Tuesday, two hours before."""
    thursday, next_tuesday = span(1, 3), span(6, 8)

    assert day_for(span(1, 1), -1, firsts=[thursday, next_tuesday]) == 1


def test_a_second_reminder_that_would_silence_another_date_does_not_go():
    """Groups on Monday, Wednesday and Friday: Saturday the first of Monday; now Monday, two hours before."""
    wednesday, friday, next_monday = span(0, 2), span(2, 4), span(5, 7)

    assert day_for(span(0, 0), -2, firsts=[wednesday, friday, next_monday]) is None


def test_other_texts_wait_for_a_day_that_no_date_needs():
    assert day_for(span(0, 2), firsts=[span(0, 0)]) == 1


days = st.integers(0, 20)
limits = st.builds(Caps, st.integers(0, 3), st.integers(0, 7))
spans = st.tuples(days, st.integers(0, 4)).map(lambda each: span(each[0], each[0] + each[1]))


@given(wanted=st.lists(st.tuples(spans, st.booleans()), max_size=25), limits=limits)
def test_whatever_is_wanted_nobody_gets_more_than_their_caps(wanted, limits):
    went: Counter[date] = Counter()
    for number, (each, is_first) in enumerate(wanted):
        later = [other for other, is_other_first in wanted[number + 1 :] if is_other_first]
        day = caps.day_for(each, went, limits, firsts=later, is_first=is_first)
        went += Counter([day] if day else [])

    assert not limits.a_day or all(number <= limits.a_day for number in went.values())
    weeks = [sum(went[on(begins + number)] for number in range(7)) for begins in range(-7, 30)]
    assert not limits.a_week or max(weeks) <= limits.a_week


@given(firsts=st.lists(spans, max_size=6), other=spans, went=st.lists(days, max_size=4), limits=limits)
def test_no_other_text_takes_the_place_of_a_date_that_nobody_heard_of(firsts, other, went, limits):
    def how_many(before):
        gone = list(before)
        for each in sorted(firsts, key=lambda each: (each.last, each.first)):
            day = day_for(each, *gone, is_first=True, limits=limits)
            gone += [] if day is None else [day]
        return len(gone) - len(before)

    day = day_for(other, *went, firsts=firsts, limits=limits)

    assert day is None or how_many([*went, day]) >= how_many(went)
