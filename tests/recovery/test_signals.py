from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from aftercare.attendance.standing import Standing
from aftercare.recovery.signals import (
    NOT_DISENGAGED,
    Ask,
    Expected,
    Fact,
    Facts,
    Failure,
    Kind,
    Reminder,
    is_silent,
    signals_of,
)
from aftercare.recovery.streaks import Pause

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)
LONG_AGO = date(2025, 1, 1)
HOUR = timedelta(hours=1)
LETTERS = {"M": Standing.ATTENDED, "L": Standing.LATE, "X": Standing.NO_SHOW, "E": Standing.EXCUSED}


def ago(days):
    return TODAY - timedelta(days=days)


def date_ago(days, letter, reminder=Reminder.NONE):
    """One date: came, late, missed, excused; anything else is unknown. Its id is the number of days."""
    return Expected(UUID(int=days), ago(days), LETTERS.get(letter, Standing.UNKNOWN), reminder)


def lately(letters, reminder=Reminder.NONE):
    """Tell of dates on the last days, the last letter for yesterday."""
    return [date_ago(len(letters) - place, letter, reminder) for place, letter in enumerate(letters)]


def found(**facts):
    return signals_of(Facts(**{"now": NOW, "today": TODAY, "enrolled_on": ago(3)} | facts))


def kinds(**facts):
    return [signal.kind for signal in found(**facts)]


def test_somebody_who_comes_sets_off_nothing():
    assert kinds(expected=lately("MLMM"), enrolled_on=LONG_AGO) == []


def test_two_missed_in_a_row_fire_with_both_dates():
    (signal,) = found(expected=lately("MXX"))

    assert signal.kind == Kind.TWO_MISSED
    assert signal.facts == (
        Fact("missed", on=ago(2), about=UUID(int=2)),
        Fact("missed", on=ago(1), about=UUID(int=1)),
    )


@pytest.mark.parametrize("letters", ["", "X", "XM", "XXM", "XMX", "XLX", "MX", "XE", "X?", "??", "X??", "EE"])
def test_less_than_two_missed_in_a_row_is_no_signal(letters):
    assert kinds(expected=lately(letters)) == []


@pytest.mark.parametrize("letters", ["XX", "MXX", "XXX", "X?X", "XEX", "XX?", "XXE"])
def test_what_was_excused_or_is_not_known_is_passed_over(letters):
    assert kinds(expected=lately(letters)) == [Kind.TWO_MISSED]


def test_a_meeting_elsewhere_ends_a_row_of_missed_ones():
    assert kinds(expected=lately("XX"), attended=[ago(1)]) == []
    assert kinds(expected=lately("XX"), attended=[ago(3)]) == [Kind.TWO_MISSED]


def test_what_was_missed_in_a_pause_is_nothing_missed():
    assert kinds(expected=lately("XX.."), pauses=[Pause(ago(4), ago(4))]) == []


def test_three_reminders_that_arrived_unanswered_and_were_missed_fire_with_their_dates():
    signals = found(expected=lately("XXX", Reminder.UNANSWERED))

    assert [signal.kind for signal in signals] == [Kind.TWO_MISSED, Kind.UNANSWERED]
    assert signals[1].facts == tuple(
        Fact("reminded_and_missed", on=ago(days), about=UUID(int=days)) for days in (3, 2, 1)
    )


@pytest.mark.parametrize(
    "expected",
    [
        lately("XX", Reminder.UNANSWERED),
        lately("XXX"),
        lately("XMXX", Reminder.UNANSWERED),
        lately("XX?", Reminder.UNANSWERED),
        lately("XXE", Reminder.UNANSWERED),
        [*lately("XXX", Reminder.UNANSWERED)[:2], date_ago(1, "X", Reminder.ANSWERED)],
        [
            date_ago(4, "X", Reminder.UNANSWERED),
            date_ago(3, "E", Reminder.ANSWERED),
            *lately("XX", Reminder.UNANSWERED),
        ],
        [
            date_ago(9, "E", Reminder.ANSWERED),
            date_ago(4, "X", Reminder.UNANSWERED),
            date_ago(3, "E", Reminder.ANSWERED),
            *lately("XX", Reminder.UNANSWERED),
        ],
    ],
)
def test_fewer_than_three_unanswered_and_missed_are_no_sign_of_silence(expected):
    assert Kind.UNANSWERED not in kinds(expected=expected)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (14, []),
        (15, [Kind.QUIET_14]),
        (30, [Kind.QUIET_14]),
        (31, [Kind.QUIET_30, Kind.QUIET_14]),
        (400, [Kind.QUIET_30, Kind.QUIET_14]),
    ],
)
def test_fourteen_and_thirty_whole_days_without_a_meeting_fire(days, expected):
    assert kinds(attended=[ago(days)], enrolled_on=ago(80)) == expected


def test_quiet_days_are_told_with_the_last_meeting():
    (signal,) = found(attended=[ago(20)], enrolled_on=LONG_AGO)

    assert signal.facts == (Fact("last_attended", on=ago(20)), Fact("days", number=19))


def test_who_has_never_come_is_quiet_since_they_began():
    assert kinds(enrolled_on=ago(14)) == []
    (signal,) = found(enrolled_on=ago(15))

    assert signal.facts == (Fact("enrolled", on=ago(15)), Fact("days", number=14))


def test_a_date_of_which_nothing_is_known_takes_the_claim_of_quiet_away():
    assert kinds(attended=[ago(20)], expected=[date_ago(10, "?")], enrolled_on=LONG_AGO) == []


def test_a_date_of_which_nothing_is_known_is_named_where_the_days_begin_with_it():
    (signal,) = found(attended=[ago(40)], expected=[date_ago(20, "?")], enrolled_on=ago(80))

    assert signal.facts == (
        Fact("last_attended", on=ago(40)),
        Fact("not_known", on=ago(20)),
        Fact("days", number=19),
    )


def test_who_began_anew_is_quiet_since_then():
    (signal,) = found(attended=[ago(40)], enrolled_on=ago(20))
    (same_day,) = found(attended=[ago(20)], enrolled_on=ago(20))

    assert signal.facts == (Fact("enrolled", on=ago(20)), Fact("days", number=19))
    assert same_day.facts == (Fact("last_attended", on=ago(20)), Fact("days", number=19))


def test_days_of_a_pause_are_no_quiet_days():
    rested = [Pause(ago(15), ago(6))]

    assert kinds(attended=[ago(24)], enrolled_on=LONG_AGO, pauses=rested) == []
    assert kinds(attended=[ago(25)], enrolled_on=LONG_AGO, pauses=rested) == [Kind.QUIET_14]


def test_every_other_week_is_no_signal_on_any_day():
    for later in range(14):
        today = TODAY + timedelta(days=later)
        every_other = [day for day in (ago(14 * number) for number in range(20)) if day < today]
        found = signals_of(Facts(now=NOW, today=today, enrolled_on=LONG_AGO, attended=every_other))
        assert found == (), later


def test_half_as_often_as_before_fires_with_its_numbers():
    before = [ago(30 + 7 * number) for number in range(8)]
    (signal,) = found(attended=[ago(3), ago(10), *before], enrolled_on=LONG_AGO)

    assert signal.kind == Kind.HALF
    assert signal.facts == (
        Fact("last_4_weeks", number=2),
        Fact("at_most", number=2),
        Fact("before", number=8),
    )


def test_more_than_half_as_often_as_before_does_not():
    before = [ago(30 + 7 * number) for number in range(8)]

    assert kinds(attended=[ago(3), ago(10), ago(17), *before], enrolled_on=LONG_AGO) == []
    assert kinds(attended=[ago(3), ago(10), *before], expected=[date_ago(17, "?")], enrolled_on=LONG_AGO) == []


@pytest.mark.parametrize(("days", "expected"), [(4, []), (5, [Kind.AFTER_DISCHARGE]), (9, [Kind.AFTER_DISCHARGE])])
def test_nothing_attended_by_the_fifth_day_after_discharge_fires(days, expected):
    assert kinds(discharged_on=ago(days), enrolled_on=ago(days)) == expected


def test_the_signal_after_discharge_names_the_discharge():
    (signal,) = found(discharged_on=ago(5))

    assert signal.facts == (Fact("discharged", on=ago(5)),)


def test_any_meeting_from_the_day_of_discharge_on_keeps_it_quiet():
    assert kinds(discharged_on=ago(6), attended=[ago(6)]) == []
    assert kinds(discharged_on=ago(6), attended=[ago(7)]) == [Kind.AFTER_DISCHARGE]
    assert kinds(discharged_on=ago(6), expected=[date_ago(2, "?")]) == []


def failed(*hours, **given):
    return [Failure(UUID(int=number), NOW - number * HOUR, **given) for number in hours]


def test_two_texts_that_can_never_arrive_ask_to_check_the_number():
    (signal,) = found(failures=failed(9, 5))

    assert signal.kind == Kind.CONTACT_DETAILS
    assert signal.facts == tuple(Fact("not_delivered", at=NOW - n * HOUR, about=UUID(int=n)) for n in (9, 5))


def test_a_wrong_number_says_nothing_of_how_somebody_does():
    assert set(Kind) - set(NOT_DISENGAGED) == {
        Kind.AFTER_DISCHARGE, Kind.TWO_MISSED, Kind.UNANSWERED, Kind.QUIET_14, Kind.QUIET_30, Kind.HALF,
    }  # fmt: skip


def test_one_failure_or_one_text_that_arrived_since_is_no_wrong_number():
    assert kinds(failures=failed(9)) == []
    assert kinds(failures=failed(9, 5), delivered_at=NOW - 7 * HOUR) == []
    assert kinds(failures=failed(9, 5), delivered_at=NOW - 10 * HOUR) == [Kind.CONTACT_DETAILS]


def test_stop_is_never_a_signal():
    assert kinds(failures=failed(9, 7, 5, is_stopped=True)) == []
    assert kinds(failures=[*failed(9, 7, is_stopped=True), *failed(5)]) == []


def test_who_asked_for_a_call_or_wrote_words_of_crisis_is_heard_at_once():
    call, crisis = Ask(UUID(int=1), NOW), Ask(UUID(int=2), NOW, is_crisis=True)
    signals = found(asks=[call, crisis])

    assert [signal.kind for signal in signals] == [Kind.CRISIS, Kind.CALL]
    assert [signal.facts for signal in signals] == [
        (Fact("asked", at=NOW, about=UUID(int=2)),),
        (Fact("asked", at=NOW, about=UUID(int=1)),),
    ]


MUCH = {
    "expected": lately("XXX", Reminder.UNANSWERED),
    "enrolled_on": LONG_AGO,
    "discharged_on": ago(40),
    "attended": [ago(60)],
    "failures": failed(9, 5),
}
ALL = list(Kind)


def test_all_can_be_heard_together_the_most_urgent_first():
    asks = [Ask(UUID(int=1), NOW), Ask(UUID(int=2), NOW, is_crisis=True)]

    assert kinds(asks=asks, **MUCH) == ALL


def test_a_pause_silences_all_but_what_was_asked_for():
    asks = [Ask(UUID(int=1), NOW), Ask(UUID(int=2), NOW, is_crisis=True)]

    assert kinds(pauses=[Pause(TODAY)], asks=asks, **MUCH) == [Kind.CRISIS, Kind.CALL]


@pytest.mark.parametrize(("hours", "heard"), [(0, []), (71, []), (72, ALL[2:]), (-1, ALL[2:])])
def test_for_seventy_two_hours_after_staff_were_in_touch_nothing_more_is_noticed(hours, heard):
    assert kinds(contacts=[NOW - hours * HOUR], **MUCH) == heard


def test_a_pause_that_is_over_or_to_come_silences_nothing():
    facts = Facts(now=NOW, today=TODAY, enrolled_on=LONG_AGO, pauses=[Pause(ago(9), ago(1)), Pause(ago(-1))])

    assert not is_silent(facts)
