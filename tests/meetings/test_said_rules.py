from dataclasses import replace
from datetime import date, datetime, time
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aftercare.core.errors import Invalid
from aftercare.meetings.public_holidays import countries
from aftercare.meetings.recurrence import Pattern, in_words, normalised, repeat_of
from aftercare.meetings.repeats import Repeat, write_rule
from aftercare.meetings.said_rules import Said, read
from aftercare.meetings.wording import DAYS_EN, DAYS_ES
from tests.meetings.test_repeats import by_day, by_weekday, daily, weekly, yearly

TODAY = date(2026, 11, 23)
EVENING = time(19)
BUT_SUNDAY = Repeat(weekdays=(0, 1, 2, 3, 4, 5))
TUESDAYS = Repeat(weekdays=(1,))
JUNE = date(2027, 6, 30)


def monthly(nth, *weekdays, also=(), every=1):
    return Repeat(every, "month", weekdays, nth, also=also)


def of_a_month(month, nth, *weekdays, also=(), every=1):
    return Repeat(every, "year", weekdays, nth, also=also, month=month)


def on_days(*days, every=1):
    return Repeat(every, "month", month_days=days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every other Tuesday at 7 PM until June", Said(Repeat(2, weekdays=(1,), until=JUNE), EVENING)),
        ("first and third Monday 6:30pm", Said(monthly(1, 0, also=(3,)), time(18, 30))),
        ("weekdays at noon", Said(Repeat(weekdays=(0, 1, 2, 3, 4)), time(12))),
        ("Tuesdays, 7 p.m.", Said(TUESDAYS, EVENING)),
        ("TUESDAYS AT 19:00", Said(TUESDAYS, EVENING)),
        ("Tue at 07:30", Said(TUESDAYS, time(7, 30))),
        ("Tuesday evenings at 7", Said(TUESDAYS, EVENING)),
        ("every Tuesday at seven in the evening", Said(TUESDAYS, EVENING)),
        ("Tuesdays 7-8:30 pm", Said(TUESDAYS, EVENING, 90)),
        ("Tuesdays from 11 to 1 PM", Said(TUESDAYS, time(11), 120)),
        ("Tuesdays from 11:30 pm to 12:15 am", Said(TUESDAYS, time(23, 30), 45)),
        ("Mon, Wed & Fri at midnight", Said(Repeat(weekdays=(0, 2, 4)), time(0))),
        ("Monday through Thursday at 6 am", Said(Repeat(weekdays=(0, 1, 2, 3)), time(6))),
        ("weekends at 10 am", Said(Repeat(weekdays=(5, 6)), time(10))),
        ("every 3 weeks on Tuesday at 7 pm", Said(Repeat(3, weekdays=(1,)), EVENING)),
        ("every second Tuesday at 7 pm", Said(Repeat(2, weekdays=(1,)), EVENING)),
        ("every second Tuesday of the month at 7 pm", Said(monthly(2, 1), EVENING)),
        ("every last Friday at 7 pm", Said(monthly(-1, 4), EVENING)),
        ("the 1st & 3rd Tuesday of every other month", Said(monthly(1, 1, also=(3,), every=2))),
        ("every 2 months on the first Tuesday at 7 pm", Said(monthly(1, 1, every=2), EVENING)),
        ("monthly on the 15th at 7 pm", Said(on_days(15), EVENING)),
        ("on the 1st and 15th of each month", Said(on_days(1, 15))),
        ("the last day of the month at noon", Said(on_days(-1), time(12))),
        ("daily at 6am", Said(Repeat(unit="day"), time(6))),
        ("every other day at 6 am", Said(Repeat(2, "day"), time(6))),
        ("weekly at 7 pm", Said(Repeat(), EVENING)),
        ("fortnightly on Tuesday at 7 pm", Said(Repeat(2, weekdays=(1,)), EVENING)),
        ("yearly on March 8 at 7 pm", Said(Repeat(unit="year", month=3, month_days=(8,)), EVENING)),
        ("every March 8 at 7 pm", Said(Repeat(unit="year", month=3, month_days=(8,)), EVENING)),
        ("every year on the fourth Thursday of November at 7 pm", Said(of_a_month(11, 4, 3), EVENING)),
        ("fourth Thursday of November", Said(of_a_month(11, 4, 3))),
        ("the 4th Thursday in November of every other year", Said(of_a_month(11, 4, 3, every=2))),
        ("every November on the fourth Thursday", Said(of_a_month(11, 4, 3))),
        ("every second Monday of May, 10 times", Said(replace(of_a_month(5, 2, 0), count=10))),
        ("the second-to-last Friday of the month at 7 pm", Said(monthly(-2, 4), EVENING)),
        ("2nd to last and last Friday in May", Said(of_a_month(5, -2, 4, also=(-1,)))),
        ("cada año el cuarto jueves de noviembre", Said(of_a_month(11, 4, 3))),
        ("el cuarto jueves de noviembre de cada año a las 7 pm", Said(of_a_month(11, 4, 3), EVENING)),
        ("el último lunes de mayo, todos los años", Said(of_a_month(5, -1, 0))),
        ("el penúltimo viernes del mes", Said(monthly(-2, 4))),
        ("every day but Sunday at 7 pm", Said(BUT_SUNDAY, EVENING)),
        ("daily at 7 pm, except on Sundays, not on US holidays", Said(BUT_SUNDAY, EVENING, holidays="US")),
        ("every day except weekends", Said(Repeat(weekdays=(0, 1, 2, 3, 4)))),
        ("Monday to Friday except for Wednesday", Said(Repeat(weekdays=(0, 1, 3, 4)))),
        ("every day except Saturday and Sunday, 10 times", Said(Repeat(weekdays=(0, 1, 2, 3, 4), count=10))),
        ("every day except Sunday, not on December 25", Said(BUT_SUNDAY, days_off=(date(2026, 12, 25),))),
        ("todos los días menos los domingos a las 7 pm", Said(BUT_SUNDAY, EVENING)),
        ("todos los días excepto sábados y domingos", Said(Repeat(weekdays=(0, 1, 2, 3, 4)))),
        ("de lunes a viernes salvo el miércoles", Said(Repeat(weekdays=(0, 1, 3, 4)))),
        ("Tuesdays at 7 pm for 10 weeks", Said(TUESDAYS, EVENING, lasts=(10, "week"))),
        ("for the next three months, Tuesdays at 7 pm", Said(TUESDAYS, EVENING, lasts=(3, "month"))),
        ("every day for a year at 7 pm", Said(Repeat(unit="day"), EVENING, lasts=(1, "year"))),
        ("los martes a las 7 pm por 10 semanas", Said(TUESDAYS, EVENING, lasts=(10, "week"))),
        ("los martes durante los próximos tres meses", Said(TUESDAYS, lasts=(3, "month"))),
        ("Tuesdays at 7 pm starting tomorrow", Said(TUESDAYS, EVENING, on=date(2026, 11, 24))),
        ("starting next Tuesday, every other week at 7 pm", Said(Repeat(2), EVENING, on=date(2026, 11, 24))),
        ("Mondays starting next Monday", Said(Repeat(weekdays=(0,)), on=date(2026, 11, 30))),
        ("los martes a partir de mañana", Said(TUESDAYS, on=date(2026, 11, 24))),
        ("los lunes empezando el próximo lunes", Said(Repeat(weekdays=(0,)), on=date(2026, 11, 30))),
        ("todos los días desde hoy a las 7 pm", Said(Repeat(unit="day"), EVENING, on=TODAY)),
        ("Tuesdays at 7 pm, 10 times", Said(replace(TUESDAYS, count=10), EVENING)),
        ("Tuesdays at 7 pm until 12/22/2026", Said(replace(TUESDAYS, until=date(2026, 12, 22)), EVENING)),
        ("Tuesdays at 7 pm until 2026-12-22", Said(replace(TUESDAYS, until=date(2026, 12, 22)), EVENING)),
        ("Tuesdays until the end of the year", Said(replace(TUESDAYS, until=date(2026, 12, 31)))),
        ("Tuesdays until November", Said(replace(TUESDAYS, until=date(2026, 11, 30)))),
        ("Tuesdays until October", Said(replace(TUESDAYS, until=date(2027, 10, 31)))),
        ("Tuesdays until November 22", Said(replace(TUESDAYS, until=date(2027, 11, 22)))),
        ("Tuesdays through June 2028", Said(replace(TUESDAYS, until=date(2028, 6, 30)))),
        ("starting March 2, Tuesdays at 7 pm", Said(TUESDAYS, EVENING, on=date(2027, 3, 2))),
        ("Tuesday, March 3, 2026 at 7 PM", Said(None, EVENING, on=date(2026, 3, 3))),
        ("December 25 at noon", Said(None, time(12), on=date(2026, 12, 25))),
        ("Tuesdays at 7 pm except December 22", Said(TUESDAYS, EVENING, days_off=(date(2026, 12, 22),))),
        ("Tuesdays except holidays at 7 pm", Said(TUESDAYS, EVENING, holidays="US")),
        ("Tuesdays, not on holidays in California", Said(TUESDAYS, holidays="US-CA")),
        ("Tuesdays, not on holidays in the United States", Said(TUESDAYS, holidays="US")),
        ("Tuesdays, not on holidays in Canada (on)", Said(TUESDAYS, holidays="CA-ON")),
        ("cada dos martes a las 7 de la tarde hasta junio", Said(Repeat(2, weekdays=(1,), until=JUNE), EVENING)),
        ("el ultimo viernes de cada mes a las 19 h", Said(monthly(-1, 4), EVENING)),
        ("Último viernes del mes, 19h30", Said(monthly(-1, 4), time(19, 30))),
        ("primer y tercer lunes del mes a las 6:30 pm", Said(monthly(1, 0, also=(3,)), time(18, 30))),
        ("los martes a la una y media de la tarde", Said(TUESDAYS, time(13, 30))),
        ("todos los sábados y domingos a las 9 de la mañana", Said(Repeat(weekdays=(5, 6)), time(9))),
        ("de lunes a viernes al mediodía", Said(Repeat(weekdays=(0, 1, 2, 3, 4)), time(12))),
        ("entre semana a las once de la mañana", Said(Repeat(weekdays=(0, 1, 2, 3, 4)), time(11))),
        ("fines de semana a las doce de la noche", Said(Repeat(weekdays=(5, 6)), time(0))),
        ("martes de 7 a 8 pm", Said(TUESDAYS, EVENING, 60)),
        ("los días 1 y 15 de cada mes", Said(on_days(1, 15))),
        ("el 15 de cada mes a las 19:00", Said(on_days(15), EVENING)),
        ("cada tres semanas los martes, diez veces", Said(Repeat(3, weekdays=(1,), count=10))),
        ("martes hasta fin de año", Said(replace(TUESDAYS, until=date(2026, 12, 31)))),
        ("martes hasta el 5/12/2026", Said(replace(TUESDAYS, until=date(2026, 12, 5)))),
        ("martes salvo feriados", Said(TUESDAYS, holidays="US")),
        ("martes salvo el 22 de diciembre", Said(TUESDAYS, days_off=(date(2026, 12, 22),))),
        ("diariamente a las 6 am", Said(Repeat(unit="day"), time(6))),
        ("cada otro martes a las 7 pm", Said(Repeat(2, weekdays=(1,)), EVENING)),
        ("un martes sí y otro no, a las 7 pm", Said(Repeat(2, weekdays=(1,)), EVENING)),
        ("los martes alternos a las 7 pm", Said(Repeat(2, weekdays=(1,)), EVENING)),
        ("cada 15 días los martes", Said(Repeat(2, weekdays=(1,)))),
        ("cada quince días, a las 7 pm", Said(Repeat(2), EVENING)),
        ("cada 15 días a las 7 pm", Said(Repeat(15, "day"), EVENING)),
        ("cada ocho días los martes", Said(TUESDAYS)),
        ("a partir del 2 de marzo, los martes", Said(TUESDAYS, on=date(2027, 3, 2))),
    ],
)  # fmt: skip
def test_what_people_say_is_read(text, expected):
    assert read(text, today=TODAY) == expected
    assert read(text, today=TODAY, language="es") == expected


@pytest.mark.parametrize(
    ("text", "word", "language"),
    [
        ("biweekly at 7 pm", "biweekly", "en"),
        ("Tuesdays at 7 pm, bring Soup", "bring", "en"),
        ("Soup on Tuesdays", "Soup", "en"),
        ("every Tuesday of the moon", "moon", "en"),
        ("Tuesdays at 7", "7", "en"),
        ("Tuesdays at 25:00", "25:00", "en"),
        ("Tuesdays at 13 pm", "13 pm", "en"),
        ("Tuesdays at 7 pm and 8 pm", "and", "en"),
        ("Tuesdays at 7 pm, 8 pm", "8 pm", "en"),
        ("Tuesdays at 7 pm, Thursdays at 8 pm", "Thursdays", "en"),
        ("Tuesdays until June, until July", "until", "en"),
        ("Tuesdays until February 30", "February", "en"),
        ("Tuesdays until dawn", "dawn", "en"),
        ("on the 32nd of every month", "32nd", "en"),
        ("the last weekday of the month at 5 pm", "weekday", "en"),
        ("the first weekend of the month", "weekend", "en"),
        ("every month on the 6th Tuesday", "6th", "en"),
        ("every other month on the first Tuesday of May", "of", "en"),
        ("fourth Thursday of November 2027", "2027", "en"),
        ("the second-to-last of the month", "penultimate", "en"),
        ("first Monday and third Tuesday of the month", "third", "en"),
        ("Monday, March 3, 2026", "March", "en"),
        ("every other day but Sunday", "Sunday", "en"),
        ("Tuesdays except Sundays", "Sundays", "en"),
        ("Tuesdays except Tuesdays", "Tuesdays", "en"),
        ("every day except Sunday, December 27", "December", "en"),
        ("the first Monday of the month except Mondays", "Mondays", "en"),
        ("Tuesdays for 0 weeks", "0", "en"),
        ("Tuesdays for 2 hours at 7 pm", "2 hours", "en"),
        ("Tuesdays for 10 weeks, 10 times", "10", "en"),
        ("Tuesdays other week", "other", "en"),
        ("Tuesdays starting next weekend", "starting", "en"),
        ("martes mañana a las 7 pm", "mañana", "es"),
        ("Tuesdays, not on holidays in Atlantis", "Atlantis", "en"),
        ("todos los martes, Café", "Café", "es"),
        ("cada quincena", "quincena", "es"),
        ("los martes a las 7", "7", "es"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_word(text, word, language):
    with pytest.raises(Invalid) as refusal:
        read(text, today=TODAY, language=language)
    assert set(refusal.value.fields) == {"words"}
    assert (f"“{word}”" if language == "en" else f"«{word}»") in refusal.value.sentence


def test_a_refusal_is_in_the_language_of_the_reader():
    with pytest.raises(Invalid, match="No entendemos «soup»"):
        read("every Tuesday soup", today=TODAY, language="es-MX")


@pytest.mark.parametrize(
    "text",
    ["", "  ", ",", "at 7 pm", "until June", "10 times", "for 10 weeks", "not on US holidays", "Tuesdays " * 500],
)
def test_a_sentence_that_names_no_day_is_asked_for_one(text):
    with pytest.raises(Invalid, match="Say when it is, like"):
        read(text, today=TODAY)


@pytest.mark.parametrize(("text", "field"), [("every 53 weeks on Tuesday", "words"), ("Tuesdays, 1001 times", "words")])
def test_a_repeat_that_we_do_not_offer_is_refused(text, field):
    with pytest.raises(Invalid) as refusal:
        read(text, today=TODAY)
    assert set(refusal.value.fields) == {field}


firsts = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0))
skipped = st.sampled_from(["", "US", "US-CA", "US-DC", "MX", "CA-ON", "GB-ENG"])
days_off = st.sets(st.dates(date(2026, 1, 1), date(2030, 1, 1)), max_size=3).map(lambda days: tuple(sorted(days)))


@settings(deadline=None, max_examples=500)
@given(firsts, daily | weekly | by_weekday | by_day | yearly, skipped, days_off, st.sampled_from(["en", "es"]))
@example(datetime(2026, 1, 1, 12), Repeat(unit="month", month_days=(1, 2, -1)), "", (), "es")
@example(datetime(2026, 1, 1, 0, 30), Repeat(unit="month", weekdays=(5, 6), nth=1, also=(2, -1)), "", (), "es")
def test_what_we_say_is_read_back_as_it_was_meant(first, repeat, holidays, off, language):
    if repeat.every == 1 and len(repeat.weekdays) == 7 and repeat.unit == "week":
        # All seven days of every week are said as, and read as, every day.
        repeat = replace(repeat, unit="day", weekdays=())
    try:
        pattern = normalised(Pattern(first, 60, write_rule(repeat), "America/New_York", holidays, off))
    except Invalid:
        return

    said = read(in_words(pattern, language), today=TODAY, language="en")

    assert said == Said(repeat_of(pattern), pattern.first.time(), None, None, pattern.holidays, pattern.days_off)


@pytest.mark.parametrize(("language", "all_but"), [("en", "every day but {}"), ("es", "todos los días menos {}")])
def test_every_day_but_some_is_all_others(language, all_but):
    names = DAYS_EN if language == "en" else DAYS_ES
    for off in (days for number in range(1, 7) for days in combinations(range(7), number)):
        said = read(all_but.format(", ".join(names[day] for day in off)), today=TODAY, language=language)
        assert said == Said(Repeat(weekdays=tuple(day for day in range(7) if day not in off)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_meeting_that_does_not_repeat_is_read_back(language):
    once = Pattern(datetime(2027, 3, 3, 13, 5), 60, None, "America/New_York")

    assert read(in_words(once, language), today=TODAY) == Said(None, time(13, 5), on=date(2027, 3, 3))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_holidays_of_every_country_are_read_back(language):
    for code in countries(language):
        pattern = Pattern(datetime(2027, 3, 2, 19), 60, write_rule(TUESDAYS), "America/New_York", code)
        assert read(in_words(pattern, language), today=TODAY).holidays == code


WORDS = """
every other the first last day week of and on at until 7 pm 15th june martes cada los , not times to - 3 31
tuesday holidays in us (ca) from april 30 2027 no de hasta el a vez año for next tomorrow second-to-last except
"""


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            WORDS.split()
        ),
        max_size=9,
    ).map(" ".join),
    st.sampled_from(["en", "es"]),
)  # fmt: skip
def test_any_sentence_is_read_or_refused(text, language):
    try:
        said = read(text, today=TODAY, language=language)
    except Invalid:
        return
    assert said.on if said.repeat is None else write_rule(said.repeat)
