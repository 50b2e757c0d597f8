from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import repeat_form
from aftercare.meetings.form_reading import Reading
from aftercare.meetings.models import Meeting
from aftercare.meetings.repeats import Repeat
from aftercare.meetings.wording import DAYS_EN, DAYS_ES
from tests.factories import make_organisation, make_person
from tests.meetings.test_repeats import by_day, by_weekday, daily, weekly, yearly
from tests.meetings.test_web import typed
from tests.signing_in import sign_in

FIRST = date(2026, 11, 24)
TODAY = date(2026, 11, 23)
FORM = repeat_form.EMPTY | {"start_date": FIRST.isoformat(), "start_time": "18:00", "minutes": "60"}


def read(first=FIRST, **given):
    reading = Reading(repeat_form.EMPTY | given)
    made = repeat_form.read(reading, first)
    reading.refuse()
    return made


@pytest.mark.parametrize(
    ("given", "repeat"),
    [
        ({"repeat": "once"}, None),
        ({"repeat": "day", "every": "3"}, Repeat(3, "day")),
        ({"weekdays": ["1", "3"]}, Repeat(weekdays=(1, 3))),
        (
            {"repeat": "month_nth", "nth": ["3", "1"], "nth_weekday": ["1"]},
            Repeat(unit="month", weekdays=(1,), nth=1, also=(3,)),
        ),
        (
            {"repeat": "month_nth", "nth": ["-1"], "nth_weekday": ["0", "4"]},
            Repeat(unit="month", weekdays=(0, 4), nth=-1),
        ),
        ({"repeat": "month_day", "month_days": "1, 15"}, Repeat(unit="month", month_days=(1, 15))),
        ({"repeat": "month_day", "month_days": "Last"}, Repeat(unit="month", month_days=(-1,))),
        ({"repeat": "month_day", "month_days": "15 último"}, Repeat(unit="month", month_days=(15, -1))),
        ({"repeat": "year"}, Repeat(unit="year", month=11, month_days=(24,))),
        (
            {"repeat": "year_nth", "nth": ["4", "-2"], "nth_weekday": ["3"]},
            Repeat(unit="year", month=11, weekdays=(3,), nth=4, also=(-2,)),
        ),
        ({"ends": "count", "count": "9", "weekdays": ["1"]}, Repeat(weekdays=(1,), count=9)),
        ({"ends": "until", "until": "2027-06-30"}, Repeat(until=date(2027, 6, 30))),
    ],
)
def test_every_way_of_repeating_can_be_typed(given, repeat):
    assert read(**given) == repeat


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"repeat": "month_nth", "nth": []}, "nth"),
        ({"repeat": "month_nth", "nth": ["6"]}, "nth"),
        ({"repeat": "month_nth", "nth_weekday": ["x"]}, "nth_weekday"),
        ({"repeat": "month_day", "month_days": ""}, "month_days"),
        ({"repeat": "month_day", "month_days": "32"}, "month_days"),
        ({"repeat": "month_day", "month_days": "soon"}, "month_days"),
        ({"ends": "until", "until": "June"}, "until"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(given, field):
    with pytest.raises(Invalid) as refusal:
        read(**given)
    assert set(refusal.value.fields) == {field}


@settings(deadline=None)
@given(daily | weekly | by_weekday | by_day)
def test_a_form_that_is_filled_with_a_repeat_is_read_as_it(repeat):
    assert read(**repeat_form.filled(repeat)) == replace(
        repeat, month_days=tuple(dict.fromkeys(repeat.month_days)), weekdays=tuple(sorted(set(repeat.weekdays)))
    )


@settings(deadline=None)
@given(yearly.filter(lambda repeat: repeat.nth))
def test_a_weekday_of_a_month_is_read_as_it_was_filled(repeat):
    assert read(date(2027, repeat.month, 1), **repeat_form.filled(repeat)) == repeat


@pytest.mark.parametrize(("day", "month_days"), [(date(2027, 3, 8), (8,)), (date(2027, 2, 28), (-1,))])
def test_a_yearly_form_is_read_as_it_was_filled(day, month_days):
    repeat = Repeat(unit="year", month=day.month, month_days=month_days)

    assert read(day, **repeat_form.filled(repeat)) == repeat


def test_days_off_are_read_however_they_are_parted():
    reading = Reading({"days_off": "2026-12-31\r\n2026-12-24, 2026-12-24;2027-01-01"})

    assert repeat_form.days_off(reading) == (date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 1))


def test_a_day_off_that_is_no_date_is_named():
    reading = Reading({"days_off": "2026-12-31\nChristmas"})
    repeat_form.days_off(reading)

    assert set(reading.wrong) == {"days_off"}


def heard(words, **given):
    return repeat_form.heard(FORM | {"words": words} | given, today=TODAY, language="en")


def test_words_fill_the_fields_and_are_done_with():
    fields = heard("every other Tuesday 7 to 8:30 PM until June, not on US holidays, not on December 22")

    assert {name: said for name, said in fields.items() if said != FORM[name]} == {
        "every": "2", "weekdays": ["1"], "ends": "until", "until": "2027-06-30", "start_time": "19:00",
        "minutes": "90", "holidays": "US", "days_off": "2026-12-22",
    }  # fmt: skip


def test_words_leave_what_they_do_not_say():
    fields = heard("Fridays", start_time="12:15", holidays="US-CA", days_off="2026-12-25")

    assert (fields["start_time"], fields["holidays"], fields["days_off"]) == ("12:15", "US-CA", "2026-12-25")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Fridays at noon", "2026-11-27"),
        ("Fridays at noon starting March 1", "2027-03-05"),
        ("every year on March 8", "2027-03-08"),
        ("the fourth Thursday of November", "2026-11-26"),
        ("December 25 at noon", "2026-12-25"),
    ],
)
def test_words_put_the_first_date_onto_their_rule(words, first):
    assert heard(words)["start_date"] == first


@settings(deadline=None)
@given(
    st.integers(1, 60), st.integers(0, 6), st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(["en", "es"])
)
def test_for_so_many_weeks_is_as_many_dates(number, weekday, start, language):
    names = (
        f"{DAYS_EN[weekday]}s for {number} weeks" if language == "en" else f"{DAYS_ES[weekday]} por {number} semanas"
    )

    fields = heard(names, start_date=start.isoformat())

    first, until = date.fromisoformat(fields["start_date"]), date.fromisoformat(fields["until"])
    dates = [first + timedelta(weeks=n) for n in range(number)]
    assert (fields["ends"], first.weekday(), first - start < timedelta(weeks=1)) == ("until", weekday, True)
    assert dates[-1] <= until < dates[-1] + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("words", "start", "until"),
    [
        ("Tuesdays for 3 months", "2026-11-24", "2027-02-23"),
        ("the last day of the month for 1 month", "2027-01-31", "2027-02-27"),
        ("Tuesdays for a year, starting December 2", "2026-12-08", "2027-12-07"),
        ("every day for 10 days, starting tomorrow", "2026-11-24", "2026-12-03"),
        ("los martes por tres meses", "2026-11-24", "2027-02-23"),
    ],
)
def test_a_length_is_counted_from_the_first_date(words, start, until):
    fields = heard(words, start_date=start)

    assert (fields["start_date"], fields["ends"], fields["until"]) == (start, "until", until)


def test_words_that_end_before_they_begin_are_refused():
    with pytest.raises(Invalid) as refusal:
        heard("Fridays until 2026-01-01")
    assert set(refusal.value.fields) == {"words"}


@pytest.fixture
def counsellor(client, monday):
    who = make_person(make_organisation(), role="counsellor")
    sign_in(client, who)
    return who


def test_the_preview_of_words_fills_the_form(client, counsellor):
    page = client.post(
        "/staff/meetings/new/preview", data=typed(words="el último viernes de cada mes a las 19 h, excepto feriados")
    )

    assert page.status_code == 200
    assert "The last Friday of every month at 7:00 PM, not on US holidays" in page.text
    assert 'value="19:00"' in page.text
    assert '<option value="US" selected>' in page.text
    assert 'name="words" value=""' in page.text


def test_nothing_is_published_of_words_that_nobody_has_seen_as_dates(client, counsellor):
    page = client.post("/staff/meetings", data=typed(words="Fridays at 7 pm"))

    assert "Every Friday at 7:00 PM" in page.text
    assert db.session.scalars(select(Meeting)).all() == []


def test_words_that_are_not_understood_are_kept_and_named(client, counsellor):
    page = client.post("/staff/meetings/new/preview", data=typed(words="every blue moon"))

    assert page.status_code == 422
    assert "We do not understand “blue”" in page.text
    assert 'value="every blue moon"' in page.text


def test_what_the_form_says_is_published(client, counsellor):
    shape = {"repeat": "month_nth", "nth": ["1", "3"], "nth_weekday": "1"}

    client.post("/staff/meetings", data=typed(**shape, holidays="US-CA", days_off="2026-12-15"))

    [meeting] = db.session.scalars(select(Meeting))
    assert meeting.rule == "FREQ=MONTHLY;BYDAY=1TU,3TU"
    assert (meeting.holidays, meeting.days_off) == ("US-CA", ["2026-12-15"])


def test_dates_at_an_hour_that_the_clocks_skip_or_repeat_are_warned_of(client, counsellor):
    night = typed(start_date="2026-11-29", start_time="02:30", weekdays="6", zone="America/New_York")

    looked = client.post("/staff/meetings/new/preview", data=night)
    published = client.post("/staff/meetings", data=night, follow_redirects=True)

    for page in (looked, published):
        assert "The clocks skip this hour on: Sunday, March 14, 2027; Sunday, March 12, 2028" in page.text
        assert "begins at 3:30 AM" in page.text
