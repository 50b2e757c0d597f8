import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.recovery.streaks import Facts, Pause, Status, current_and_best, streak_of

MET, MISSED = Status.MET, Status.MISSED
MONDAY = date(2026, 1, 5)
WEEKS = 16


def all_lives(longest) -> Iterator[tuple[Status, ...]]:
    return (life for length in range(longest + 1) for life in product((MET, MISSED), repeat=length))


def by_the_words_of_the_rule(life):
    """Try every stretch: any 5 weeks in a row hold at most 1 missed; its length is its weeks on goal."""
    ends = {-1: 0}
    for start in range(len(life)):
        for end in range(start, len(life)):
            stretch = life[start : end + 1]
            if all(stretch[at : at + 5].count(MISSED) <= 1 for at in range(len(stretch))):
                ends[end] = max(ends.get(end, 0), stretch.count(MET))
    return ends[len(life) - 1], max(ends.values())


def test_every_life_of_eleven_weeks_counts_as_the_rule_says():
    for life in all_lives(11):
        assert current_and_best(life) == by_the_words_of_the_rule(life), life


def test_a_missed_week_that_becomes_met_or_neutral_never_costs_anything():
    for life in all_lives(12):
        current, best = current_and_best(life)
        for place in (place for place, status in enumerate(life) if status == MISSED):
            for mended in ((MET,), ()):
                better = current_and_best(life[:place] + mended + life[place + 1 :])
                assert better[0] >= current, life
                assert better[1] >= best, life


def test_a_week_more_on_goal_adds_one_to_the_streak():
    for life in all_lives(12):
        assert current_and_best((*life, MET))[0] == current_and_best(life)[0] + 1, life


days = st.integers(-10, WEEKS * 7 + 6).map(lambda number: MONDAY + timedelta(days=number))
many_days = st.lists(days, max_size=25)
pauses = st.builds(lambda day, length: Pause(day, day + timedelta(days=length)), days, st.integers(0, 20))
lives = st.builds(
    Facts,
    today=st.integers(0, WEEKS * 7).map(lambda number: MONDAY + timedelta(days=number)),
    enrolled_on=st.integers(0, 20).map(lambda number: MONDAY + timedelta(days=number)),
    credited=many_days,
    host_cancelled=many_days,
    excused=many_days,
    unknown=many_days,
    goals=st.lists(st.tuples(days, st.integers(1, 4)), max_size=5),
    pauses=st.lists(st.one_of(pauses, st.builds(Pause, days)), max_size=2),
    week_start=st.integers(0, 6),
)
COLLECTIONS = ("credited", "host_cancelled", "excused", "unknown", "goals", "pauses")


@settings(deadline=None)
@given(lives, st.randoms(use_true_random=False))
def test_a_streak_depends_on_the_facts_and_not_on_their_order(facts, chance):
    shuffled = {name: chance.sample(list(getattr(facts, name)), len(getattr(facts, name))) for name in COLLECTIONS}

    assert streak_of(replace(facts, **shuffled)) == streak_of(facts)


def assert_costs_nothing(before, after):
    assert after.current >= before.current
    assert after.best >= before.best
    assert after.weeks_on_goal >= before.weeks_on_goal
    assert after.total >= before.total


@settings(deadline=None, max_examples=300)
@given(lives, days)
def test_one_meeting_more_never_costs_anything(facts, day):
    more = replace(facts, credited=[*facts.credited, day])

    assert_costs_nothing(streak_of(facts), streak_of(more))


@settings(deadline=None, max_examples=300)
@given(lives, days)
def test_a_meeting_cancelled_by_the_host_never_costs_anything(facts, day):
    more = replace(facts, host_cancelled=[*facts.host_cancelled, day])

    assert_costs_nothing(streak_of(facts), streak_of(more))


@settings(deadline=None, max_examples=300)
@given(lives, pauses)
def test_a_pause_never_costs_anything(facts, pause):
    more = replace(facts, pauses=[*facts.pauses, pause])

    assert_costs_nothing(streak_of(facts), streak_of(more))


@settings(deadline=None)
@given(lives)
def test_an_excuse_after_all_others_never_costs_anything(facts):
    more = replace(facts, excused=[*facts.excused, max([facts.today, *facts.excused])])

    assert_costs_nothing(streak_of(facts), streak_of(more))


@settings(deadline=None)
@given(lives, st.data())
def test_a_missed_week_mended_never_costs_anything(facts, data):
    before = streak_of(facts)
    missed = [week for week in before.weeks if week.status == MISSED]
    if not missed:
        return
    week = data.draw(st.sampled_from(missed))

    met = streak_of(replace(facts, credited=[*facts.credited, *[week.start] * week.goal]))
    neutral = streak_of(replace(facts, pauses=[*facts.pauses, Pause(week.start, week.start + timedelta(days=6))]))

    assert [each.status for each in met.weeks if each.start == week.start] == [MET]
    assert MISSED not in [each.status for each in neutral.weeks if each.start == week.start]
    assert_costs_nothing(before, met)
    assert_costs_nothing(before, neutral)


@settings(deadline=None)
@given(lives)
def test_what_is_shown_hangs_together(facts):
    streak = streak_of(facts)

    assert 0 <= streak.current <= streak.best <= streak.weeks_on_goal
    assert streak.weeks[-1].start <= facts.today < streak.weeks[-1].start + timedelta(days=7)
    assert all(later.start - week.start == timedelta(days=7) for week, later in pairwise(streak.weeks))
    assert all(week.status == MET for week in streak.weeks if week.done >= max(1, week.goal))


def test_three_years_are_counted_in_under_five_milliseconds():
    chance = random.Random(7)
    facts = Facts(
        today=MONDAY + timedelta(days=3 * 365),
        enrolled_on=MONDAY,
        credited=[MONDAY + timedelta(days=day) for day in range(3 * 365) if chance.random() < 0.4],
        excused=[MONDAY + timedelta(days=day) for day in range(0, 3 * 365, 20)],
        goals=[(MONDAY + timedelta(days=day), 1 + day % 3) for day in range(0, 3 * 365, 50)],
        pauses=[Pause(MONDAY + timedelta(days=day), MONDAY + timedelta(days=day + 9)) for day in range(0, 900, 90)],
    )

    def seconds():
        begun = perf_counter()
        streak_of(facts)
        return perf_counter() - begun

    assert min(seconds() for _ in range(20)) < 0.005
