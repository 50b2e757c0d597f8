from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.agreement import Act, Agreement, Allowed, Done, Sentence, Step, in_force, next_step
from aftercare.recovery.streaks import Pause
from tests.unhurried import UNHURRIED

FIRST = date(2026, 1, 5)
SISTER = UUID(int=7)
IF_TWO = Sentence(
    UUID(int=1),
    "If I miss two, text me, then call me, then tell my sister.",
    missed=2,
    steps=(Step(Act.TEXT), Step(Act.CALL, 2), Step(Act.TELL, 3, SISTER)),
)
AGREED = Agreement(version=1, agreed_on=FIRST, sentences=(IF_TWO,), meetings_a_week=2)
TEXT = Allowed(Act.TEXT, None, 1, IF_TWO.id, 0)
CALL = Allowed(Act.CALL, None, 1, IF_TWO.id, 1)
TELL = Allowed(Act.TELL, SISTER, 1, IF_TWO.id, 2)


def day(number):
    return FIRST + timedelta(days=number)


def allowed(on, missed=(1, 3), done=(), agreement=AGREED, **given):
    """Ask what may be done on a day, after dates missed on some days and steps done on others."""
    steps_done = [Done(1, IF_TWO.id, place, day(number)) for place, number in enumerate(done)]
    return next_step(agreement, [day(number) for number in missed], steps_done, today=day(on), **given)


def test_one_missed_allows_nothing_where_two_were_agreed():
    assert allowed(on=9, missed=[1]) is None


def test_with_the_second_missed_the_first_step_is_allowed_and_names_its_sentence():
    assert allowed(on=3) == TEXT
    assert allowed(on=2, missed=[1]) is None


def test_two_missed_on_one_day_are_two():
    assert allowed(on=1, missed=[1, 1]) == TEXT


def test_each_step_waits_its_days_after_the_one_before_was_done():
    assert [allowed(on=number, done=[5]) for number in (5, 6, 7)] == [None, None, CALL]
    assert [allowed(on=number, done=[5, 9]) for number in (11, 12)] == [None, TELL]


def test_after_the_last_step_nothing_more_is_done():
    assert allowed(on=300, done=[3, 5, 8]) is None


def test_a_first_step_may_wait_too():
    patient = replace(AGREED, sentences=(replace(IF_TWO, steps=(Step(Act.CALL, 4),)),))

    assert [allowed(on=number, agreement=patient) is None for number in (6, 7)] == [True, False]


def test_a_meeting_ends_the_row_and_the_next_row_begins_with_the_first_step():
    assert allowed(on=20, missed=[], done=[3, 5]) is None
    assert allowed(on=20, missed=[12], done=[3, 5]) is None
    assert allowed(on=20, missed=[12, 14], done=[3, 5]) == TEXT


def test_what_was_missed_before_it_was_agreed_counts_for_nothing():
    assert allowed(on=3, missed=[-5, -3, 3]) is None
    assert allowed(on=4, missed=[-5, 3, 4]) == TEXT
    assert allowed(on=4, missed=[-1, 4]) is None
    assert allowed(on=4, missed=[0, 4]) == TEXT


def test_what_is_missed_in_a_pause_counts_for_nothing():
    assert allowed(on=9, missed=[1, 3], pauses=[Pause(day(2), day(4))]) is None


def test_in_a_pause_or_just_after_staff_were_in_touch_nothing_is_done():
    assert allowed(on=9, pauses=[Pause(day(9))]) is None
    assert allowed(on=9, is_silent=True) is None
    assert allowed(on=9) == TEXT


def test_from_the_day_it_is_revoked_nothing_is_done():
    assert allowed(on=3, agreement=replace(AGREED, revoked_on=day(4))) == TEXT
    assert allowed(on=4, agreement=replace(AGREED, revoked_on=day(4))) is None
    assert allowed(on=9, agreement=replace(AGREED, revoked_on=day(4))) is None


def test_without_an_agreement_nothing_is_done():
    assert allowed(on=9, agreement=None) is None
    assert allowed(on=9, agreement=replace(AGREED, sentences=())) is None
    assert allowed(on=3, missed=[1, 3], agreement=replace(AGREED, agreed_on=day(4))) is None


def test_of_several_sentences_the_first_that_allows_something_is_followed():
    if_one = Sentence(UUID(int=2), "If I miss one, text me.", missed=1, steps=(Step(Act.TEXT),))
    both = replace(AGREED, sentences=(if_one, IF_TWO))
    done = [Done(1, if_one.id, 0, day(1))]

    assert allowed(on=1, missed=[1], agreement=both) == Allowed(Act.TEXT, None, 1, if_one.id, 0)
    assert next_step(both, [day(1), day(3)], done, today=day(3)) == TEXT


def test_the_newest_version_holds():
    newer = replace(AGREED, version=2, agreed_on=day(10))

    assert in_force([newer, AGREED], today=day(9)) == AGREED
    assert in_force([newer, AGREED], today=day(10)) == newer


def test_revoking_the_newest_brings_no_older_one_back():
    newer = replace(AGREED, version=2, agreed_on=day(10), revoked_on=day(12))

    assert in_force([AGREED, newer], today=day(12)) is None


def test_a_new_version_starts_afresh():
    newer = replace(AGREED, version=2, agreed_on=day(4))

    assert allowed(on=4, missed=[1, 3], done=[3], agreement=newer) is None
    assert allowed(on=6, missed=[1, 3, 5, 6], done=[3], agreement=newer) == replace(TEXT, version=2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Step(Act.TELL),
        lambda: Step(Act.TEXT, tells=SISTER),
        lambda: Step(Act.CALL, -1),
        lambda: Sentence(IF_TWO.id, "", 0, (Step(Act.TEXT),)),
        lambda: Sentence(IF_TWO.id, "", 1, ()),
        lambda: Sentence(IF_TWO.id, "", 1, (Step(Act.TEXT), Step(Act.CALL))),
    ],
)
def test_a_sentence_that_cannot_be_carried_out_cannot_be_written(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()


def step_of(act, wait):
    return Step(act, wait, SISTER if act == Act.TELL else None)


steps = st.lists(st.builds(step_of, st.sampled_from(Act), st.integers(1, 4)), min_size=1, max_size=4).map(tuple)
sentences = st.lists(st.tuples(st.integers(1, 3), steps), min_size=1, max_size=3).map(
    lambda meant: tuple(Sentence(UUID(int=n), f"{n}", *each) for n, each in enumerate(meant, 1))
)
#: What happens on a day: X a date is missed, M a meeting, s staff were in touch, p a day of a pause, . nothing.
lives = st.lists(st.sampled_from("XXXMsp......"), min_size=5, max_size=60)


def carried_out(agreement, life):
    """Live day by day, doing at once whatever is allowed; tell what was done, with the row it was done in."""
    pauses = [Pause(day(number), day(number)) for number, letter in enumerate(life) if letter == "p"]
    missed: list[date] = []
    done: list[Done] = []
    told = []
    for number, letter in enumerate(life):
        missed = [] if letter == "M" else [*missed, day(number)] if letter == "X" else missed
        for _ in range(20):
            is_silent = letter == "s"
            step = next_step(agreement, missed, done, today=day(number), pauses=pauses, is_silent=is_silent)
            if step is None:
                break
            done.append(Done(step.version, step.sentence_id, step.place, day(number)))
            told.append((step, number, tuple(missed)))
    return told


@UNHURRIED
@given(sentences, lives)
def test_no_step_is_skipped_or_repeated_in_a_row_of_missed_dates(sentences, life):
    told = carried_out(replace(AGREED, sentences=sentences), life)

    for sentence in sentences:
        rows = {row[0] for _, _, row in told}
        for begun in rows:
            places = [step.place for step, _, row in told if (step.sentence_id, row[0]) == (sentence.id, begun)]
            assert places == list(range(len(places)))
            assert len(places) <= len(sentence.steps)


@UNHURRIED
@given(sentences, lives)
def test_every_step_done_is_the_one_its_sentence_says_when_its_condition_is_met(sentences, life):
    by_id = {sentence.id: sentence for sentence in sentences}

    for step, _, row in carried_out(replace(AGREED, sentences=sentences), life):
        sentence = by_id[step.sentence_id]
        assert len(row) >= sentence.missed
        assert (step.act, step.tells) == (sentence.steps[step.place].act, sentence.steps[step.place].tells)


@UNHURRIED
@given(sentences, lives)
def test_no_step_comes_before_its_days_are_over(sentences, life):
    by_id = {sentence.id: sentence for sentence in sentences}
    told = carried_out(replace(AGREED, sentences=sentences), life)
    done_on = {(step.sentence_id, row[0], step.place): number for step, number, row in told}

    for (sentence_id, begun, place), number in done_on.items():
        if place:
            before = done_on[sentence_id, begun, place - 1]
            assert number >= before + by_id[sentence_id].steps[place].after_days


@UNHURRIED
@given(sentences, lives, st.integers(0, 60))
def test_nothing_is_done_after_it_is_revoked_nor_in_a_pause_nor_in_silence(sentences, life, revoked):
    told = carried_out(replace(AGREED, sentences=sentences, revoked_on=day(revoked)), life)

    assert all(number < revoked for _, number, _ in told)
    assert all(life[number] not in "ps" for _, number, _ in told)


@UNHURRIED
@given(sentences, lives)
def test_without_a_missed_date_nothing_is_ever_done(sentences, life):
    came = ["." if letter == "X" else letter for letter in life]

    assert carried_out(replace(AGREED, sentences=sentences), came) == []
