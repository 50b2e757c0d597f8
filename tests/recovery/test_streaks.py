from datetime import date, timedelta

import pytest

from aftercare.recovery.streaks import Facts, Pause, Status, Week, current_and_best, streak_of, week_of

MET, OPEN, NEUTRAL, PENDING, MISSED = Status.MET, Status.OPEN, Status.NEUTRAL, Status.PENDING, Status.MISSED
MONDAY = date(2026, 1, 5)


def day(week, weekday=2):
    return MONDAY + timedelta(weeks=week - 1, days=weekday)


def lived(weeks, **facts):
    """Tell the facts of somebody with the goal of one meeting, on the first day after those weeks."""
    credited = [day(number) for number, letter in enumerate(weeks, 1) if letter == "M"]
    return streak_of(Facts(today=day(len(weeks) + 1, 0), enrolled_on=MONDAY, credited=credited, **facts))


def statuses(today, **facts):
    return [week.status for week in streak_of(Facts(today=today, **{"enrolled_on": MONDAY} | facts)).weeks]


@pytest.mark.parametrize(
    ("weeks", "current", "best"),
    [
        ("MMXM", 3, 3),
        ("MMXXM", 1, 2),
        ("MMMMMMXMMMMXM", 11, 11),
        ("MMMMMMXMMXM", 3, 8),
        ("MMMX", 3, 3),
        ("", 0, 0),
        ("X", 0, 0),
        ("MMXX", 0, 2),
        ("M", 1, 1),
        ("MXMMMX", 3, 4),
        ("MXMMMMX", 5, 5),
        ("XMMMXMMMX", 3, 6),
    ],
)
def test_a_streak_forgives_one_missed_week_in_any_five(weeks, current, best):
    streak = lived(weeks)

    assert (streak.current, streak.best) == (current, best)


def test_a_missed_week_costs_nothing_while_this_one_is_open():
    streak = lived("MMMX")

    assert [week.status for week in streak.weeks] == [MET, MET, MET, MISSED, OPEN]
    assert streak.current == 3


def test_a_week_is_open_to_the_end_of_its_last_day():
    assert statuses(day(1, 6)) == [OPEN]
    assert statuses(day(2, 0)) == [MISSED, OPEN]


def test_the_week_that_is_open_counts_as_soon_as_it_is_met():
    facts = Facts(today=day(3), enrolled_on=MONDAY, credited=[day(1), day(2), day(3, 0)])

    assert streak_of(facts).current == 3


def test_the_streak_of_somebody_who_begins_today_is_shown_without_a_miss():
    streak = streak_of(Facts(today=MONDAY, enrolled_on=MONDAY))

    assert streak.weeks == (Week(MONDAY, 0, 1, OPEN),)
    assert (streak.total, streak.weeks_on_goal, streak.current, streak.best) == (0, 0, 0, 0)


def test_totals_count_every_meeting_and_every_week_on_goal():
    facts = Facts(
        today=day(3),
        enrolled_on=MONDAY,
        credited=[day(1), day(1), day(1, 4), day(3, 1), date(2025, 12, 1)],
        goals=[(MONDAY, 2)],
    )
    streak = streak_of(facts)

    assert (streak.total, streak.weeks_on_goal) == (5, 1)
    assert (streak.this_week_done, streak.this_week_goal) == (1, 2)
    assert [week.status for week in streak.weeks] == [MET, MISSED, OPEN]


def test_a_week_whose_only_meeting_the_host_cancelled_is_neutral():
    assert statuses(day(2, 0), host_cancelled=[day(1)]) == [NEUTRAL, OPEN]


def test_one_attended_and_one_cancelled_by_the_host_meet_a_goal_of_two():
    found = statuses(day(2, 0), credited=[day(1)], host_cancelled=[day(1, 4)], goals=[(MONDAY, 2)])

    assert found == [MET, OPEN]


def test_a_week_without_a_meeting_is_never_met_even_if_nothing_was_asked():
    assert statuses(day(2, 0), host_cancelled=[day(1), day(1, 3)]) == [NEUTRAL, OPEN]


def test_a_week_wholly_paused_is_neutral():
    assert statuses(day(2, 0), pauses=[Pause(day(1, 0), day(1, 6))]) == [NEUTRAL, OPEN]


def test_a_meeting_in_a_paused_week_still_counts():
    assert statuses(day(2, 0), credited=[day(1)], pauses=[Pause(day(1, 0), day(1, 6))]) == [MET, OPEN]


@pytest.mark.parametrize(
    ("goal", "paused", "asked"),
    [(1, 6, 1), (1, 7, 0), (2, 3, 2), (2, 4, 1), (3, 2, 3), (3, 3, 2), (3, 7, 0), (7, 1, 6), (7, 0, 7)],
)
def test_paused_days_lower_the_goal_in_proportion_rounded_up(goal, paused, asked):
    pauses = [Pause(MONDAY, MONDAY + timedelta(days=paused - 1))] if paused else []
    streak = streak_of(Facts(today=day(2, 0), enrolled_on=MONDAY, goals=[(MONDAY, goal)], pauses=pauses))

    assert streak.weeks[0].goal == asked


def test_pauses_that_overlap_count_each_day_once():
    pauses = [Pause(day(1, 0), day(1, 3)), Pause(day(1, 2), day(1, 3))]
    streak = streak_of(Facts(today=day(2, 0), enrolled_on=MONDAY, goals=[(MONDAY, 7)], pauses=pauses))

    assert streak.weeks[0].goal == 3


def test_a_pause_without_an_end_goes_on():
    found = statuses(day(4, 0), credited=[day(1)], pauses=[Pause(day(2, 0))])

    assert found == [MET, NEUTRAL, NEUTRAL, OPEN]


def test_a_roll_never_taken_leaves_the_week_pending_and_the_streak_unbroken():
    facts = Facts(today=day(3, 0), enrolled_on=MONDAY, credited=[day(1)], unknown=[day(2)])
    streak = streak_of(facts)

    assert [week.status for week in streak.weeks] == [MET, PENDING, OPEN]
    assert streak.current == 1


def test_a_pending_week_is_neutral_after_fourteen_days():
    facts = {"credited": [day(1)], "unknown": [day(2)]}

    assert statuses(day(2, 6) + timedelta(days=14), **facts)[1] == PENDING
    assert statuses(day(2, 6) + timedelta(days=15), **facts)[1] == NEUTRAL


def test_an_unknown_meeting_beside_an_attended_one_leaves_a_goal_of_two_pending():
    found = statuses(day(2, 0), credited=[day(1)], unknown=[day(1, 4)], goals=[(MONDAY, 2)])

    assert found == [PENDING, OPEN]


def test_one_unknown_does_not_excuse_a_week_that_lacks_two():
    assert statuses(day(2, 0), unknown=[day(1)], goals=[(MONDAY, 2)]) == [MISSED, OPEN]


def test_somebody_enrolled_on_saturday_is_asked_nothing_that_week():
    assert statuses(day(2, 0), enrolled_on=day(1, 5)) == [NEUTRAL, OPEN]


def test_somebody_enrolled_on_saturday_who_comes_that_week_has_met_it():
    assert statuses(day(2, 0), enrolled_on=day(1, 5), credited=[day(1, 6)]) == [MET, OPEN]


def test_somebody_enrolled_on_the_first_day_has_a_whole_week():
    assert statuses(day(2, 0), enrolled_on=day(1, 0)) == [MISSED, OPEN]


def test_a_week_can_begin_on_sunday():
    found = streak_of(Facts(today=day(1, 6), enrolled_on=day(1, -1), credited=[day(1, 5)], week_start=6))

    assert [(week.start, week.status) for week in found.weeks] == [(day(1, -1), MET), (day(1, 6), OPEN)]
    assert week_of(day(1, 6), 6) == day(1, 6)


def test_an_excused_meeting_relieves_its_week():
    assert statuses(day(2, 0), excused=[day(1)]) == [NEUTRAL, OPEN]
    assert statuses(day(2, 0), excused=[day(1)], credited=[day(1)], goals=[(MONDAY, 2)]) == [MET, OPEN]


def test_two_excused_meetings_count_in_any_four_weeks():
    found = statuses(day(8, 0), excused=[day(week) for week in range(1, 8)])

    assert found == [NEUTRAL, NEUTRAL, MISSED, MISSED, NEUTRAL, NEUTRAL, MISSED, OPEN]


def test_a_third_excused_meeting_of_a_week_does_not_count():
    streak = streak_of(Facts(today=day(2, 0), enrolled_on=MONDAY, excused=[day(1)] * 3, goals=[(MONDAY, 3)]))

    assert streak.weeks[0].goal == 1


def test_meetings_cancelled_by_the_host_relieve_without_limit():
    assert statuses(day(5, 0), host_cancelled=[day(week) for week in range(1, 5)])[:4] == [NEUTRAL] * 4


def goals_of(choices, weeks=3, **facts):
    found = streak_of(Facts(today=day(weeks), enrolled_on=MONDAY, goals=choices, **facts))
    return [week.goal for week in found.weeks]


@pytest.mark.parametrize(
    ("choices", "goals"),
    [
        ([], [1, 1, 1]),
        ([(MONDAY, 3)], [3, 3, 3]),
        ([(MONDAY - timedelta(days=40), 3), (MONDAY - timedelta(days=9), 2)], [2, 2, 2]),
        ([(day(1, 3), 3)], [1, 3, 3]),
        ([(MONDAY, 2), (day(2, 0), 3)], [2, 2, 3]),
        ([(MONDAY, 2), (day(2, 6), 1)], [2, 1, 1]),
        ([(MONDAY, 2), (day(2, 1), 4), (day(2, 4), 3)], [2, 2, 3]),
        ([(MONDAY, 2), (day(2, 1), 1), (day(2, 4), 3)], [2, 1, 3]),
        ([(MONDAY, 2), (day(2, 1), 3), (day(2, 4), 1)], [2, 1, 1]),
    ],
)
def test_a_rise_of_the_goal_waits_for_the_next_week_and_a_cut_does_not(choices, goals):
    assert goals_of(choices) == goals


def test_two_goals_of_one_day_mean_the_same_in_any_order():
    twice = [(day(1, 1), 3), (day(1, 1), 2)]

    assert goals_of(twice) == goals_of(twice[::-1]) == [1, 2, 2]


def test_raising_the_goal_never_undoes_a_week_that_was_met():
    facts = {"credited": [day(1), day(2)]}

    assert statuses(day(3, 0), **facts, goals=[(MONDAY, 1), (day(2, 4), 5)]) == [MET, MET, OPEN]


def test_only_met_and_missed_weeks_are_counted():
    assert current_and_best([MET, MISSED, NEUTRAL, PENDING, OPEN, MET, NEUTRAL, MET]) == (3, 3)
    assert current_and_best([MISSED, MET, NEUTRAL, NEUTRAL, NEUTRAL, NEUTRAL, MISSED, MET]) == (2, 2)
