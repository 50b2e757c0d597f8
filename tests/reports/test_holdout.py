import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.reports.definitions import FINDINGS
from aftercare.reports.holdout import LEAST_PEOPLE, Enrolled, Finding, effect_of, is_held_out, newcombe

KEY = b"only for tests, 32 bytes of them"
PEOPLE = [UUID(int=number) for number in range(4000)]


@st.composite
def trials(draw):
    """Draw two groups large enough, in which everybody comes as they like."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    parts = [(is_out, [chance.randint(0, 9) for _ in range(3)]) for is_out in (False, True) for _ in range(40)]
    return [Enrolled(is_out, sum(visits), visits[0], visits[1]) for is_out, visits in parts]


def trial(*, reminded, held_out, people=40, of=10):
    """Let the people of each group come to so many visits each."""
    return [Enrolled(False, of, reminded) for _ in range(people)] + [
        Enrolled(True, of, held_out) for _ in range(people)
    ]


def held_out(share, key=KEY):
    return {person for person in PEOPLE if is_held_out(key, person, share=share)}


def test_the_draw_of_a_person_is_the_same_for_ever():
    drawn = [is_held_out(KEY, UUID(int=number), share=0.5) for number in range(12)]

    assert "".join("x" if one else "." for one in drawn) == "xxxx....xxxx"


def test_about_the_share_asked_is_held_out():
    for share in (0.1, 0.3, 0.5):
        # Four standard deviations, at most 0.032, of 4,000 fixed people.
        assert abs(len(held_out(share)) / len(PEOPLE) - share) < 4 * (share * (1 - share) / len(PEOPLE)) ** 0.5


def test_a_share_of_nothing_holds_out_nobody_and_of_all_everybody():
    assert (held_out(0), held_out(1)) == (set(), set(PEOPLE))


def test_a_larger_share_holds_out_everybody_that_a_smaller_one_does():
    assert held_out(0.1) < held_out(0.2) < held_out(0.5)


def test_another_key_draws_others():
    assert len(held_out(0.5) ^ held_out(0.5, key=KEY[::-1])) > 1000


def test_a_key_that_could_be_guessed_and_a_share_that_is_none_are_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        is_held_out(b"", PEOPLE[0], share=0.5)
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="between nobody and everybody"):
            is_held_out(KEY, PEOPLE[0], share=share)


# Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_range_of_a_difference_is_the_published_one(one, other, low, high):
    between = newcombe((one[0] / one[1], one[1]), (other[0] / other[1], other[1]))

    assert (round(between[0], 4), round(between[1], 4)) == (low, high)


@pytest.mark.parametrize(
    ("reminded", "held_out", "finding"),
    [(6, 5, Finding.HELP), (5, 6, Finding.HARM), (5, 5, Finding.UNCLEAR)],
)
def test_reminders_are_said_to_work_only_where_chance_cannot_explain_it(reminded, held_out, finding):
    assert effect_of(trial(reminded=reminded, held_out=held_out)).finding == finding


def test_nothing_is_said_of_groups_that_are_too_small():
    people = trial(reminded=9, held_out=1, people=LEAST_PEOPLE - 1)

    assert effect_of(people).finding == Finding.TOO_FEW
    assert effect_of(people).range is None
    assert effect_of(trial(reminded=9, held_out=1, people=LEAST_PEOPLE)).finding == Finding.HELP


def test_somebody_of_whom_nothing_is_known_fills_no_group():
    people = [*trial(reminded=9, held_out=1, people=LEAST_PEOPLE - 1), Enrolled(False, 3, 0, 3), Enrolled(True, 0, 0)]

    assert effect_of(people).finding == Finding.TOO_FEW


def test_everybody_counts_in_the_group_drawn_however_often_they_were_expected():
    effect = effect_of([*trial(reminded=6, held_out=6), Enrolled(True, 100, 0)])

    assert (effect.reminded.share, effect.held_out.share) == (0.6, 240 / 500)


def test_visits_of_few_people_are_not_taken_for_as_many_people():
    always_or_never = [Enrolled(False, 10, 10 * (number < 18)) for number in range(30)]
    as_well = [Enrolled(True, 10, 10 * (number < 15)) for number in range(30)]
    effect = effect_of([*always_or_never, *as_well])

    assert effect.reminded.known == 300
    assert effect.reminded.effective == pytest.approx(29)
    assert effect.finding == Finding.UNCLEAR


def test_what_nobody_recorded_may_have_gone_either_way():
    people = [Enrolled(is_out, 10, 5, 2) for is_out in (False, True) for _ in range(30)]

    assert effect_of(people).extremes == pytest.approx((0.5 - 0.7, 0.7 - 0.5))


@given(trials())
def test_both_names_of_the_groups_tell_the_same_difference(people):
    mirrored = [Enrolled(not one.is_held_out, one.expected, one.came, one.unknown) for one in people]
    effect, other = effect_of(people), effect_of(mirrored)

    assert (effect.reminded, effect.held_out) == (other.held_out, other.reminded)
    assert effect.range
    assert other.range
    assert effect.range == pytest.approx((-other.range[1], -other.range[0]))


def test_the_sentence_of_each_finding_reads_whole():
    told = {
        effect.finding: FINDINGS[effect.finding] % effect.said()
        for effect in map(
            effect_of,
            [
                trial(reminded=8, held_out=3),
                trial(reminded=3, held_out=8),
                trial(reminded=5, held_out=5),
                trial(reminded=5, held_out=5, people=7),
            ],
        )
    }

    assert told == {
        Finding.HELP: "With reminders people came to 80 of 100 visits, without them to 30."
        " Reminders bring between 43 and 56 more of 100 visits.",
        Finding.HARM: "With reminders people came to 30 of 100 visits, without them to 80."
        " Reminders cost between 43 and 56 of 100 visits.",
        Finding.UNCLEAR: "With reminders people came to 50 of 100 visits, without them to 50."
        " That may be chance: the real difference lies between 7 fewer and 7 more of 100 visits.",
        Finding.TOO_FEW: "It is too early to say. Each group needs 30 people whose visits are known;"
        " there are 7 with reminders and 7 without.",
    }


@pytest.mark.parametrize("impossible", [(2, 3, 0), (3, 2, 2), (-1, 0, 0), (3, -1, 0), (3, 0, -1)])
def test_visits_that_cannot_be_are_refused(impossible):
    with pytest.raises(ValueError, match="some of the visits"):
        Enrolled(False, *impossible)
