from datetime import datetime

import pytest

from aftercare.meetings.recurrence import Pattern, in_words

TUESDAY_EVENING = datetime(2026, 3, 3, 19)


def words(rule, language, first=TUESDAY_EVENING):
    return in_words(Pattern(first, 60, rule, "America/New_York"), language)


@pytest.mark.parametrize(
    ("rule", "english", "spanish"),
    [
        (None, "Tuesday, March 3, 2026 at 7:00 PM", "El martes 3 de marzo de 2026 a las 7:00 p. m."),
        ("FREQ=WEEKLY", "Every Tuesday at 7:00 PM", "Todos los martes a las 7:00 p. m."),
        (
            "FREQ=WEEKLY;BYDAY=TU,SA,SU",
            "Every Tuesday, Saturday and Sunday at 7:00 PM",
            "Todos los martes, sábados y domingos a las 7:00 p. m.",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Monday to Friday at 7:00 PM", "De lunes a viernes a las 7:00 p. m."),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "Every day at 7:00 PM", "Todos los días a las 7:00 p. m."),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every other Tuesday at 7:00 PM", "Cada dos martes a las 7:00 p. m."),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
            "Every other week on Tuesday and Thursday at 7:00 PM",
            "Cada dos semanas los martes y jueves a las 7:00 p. m.",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU",
            "Every 3 weeks on Tuesday at 7:00 PM",
            "Cada 3 semanas los martes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYDAY=2TU",
            "The second Tuesday of every month at 7:00 PM",
            "El segundo martes de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
            "The last Friday of every other month at 7:00 PM",
            "El último viernes de cada dos meses a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU,1TH",
            "The first Tuesday and the first Thursday of every 3 months at 7:00 PM",
            "El primer martes y el primer jueves de cada 3 meses a las 7:00 p. m.",
        ),
        (
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260602T235959",
            "Every Tuesday at 7:00 PM, until June 2, 2026",
            "Todos los martes a las 7:00 p. m., hasta el 2 de junio de 2026",
        ),
        (
            "FREQ=WEEKLY;BYDAY=TU;COUNT=10",
            "Every Tuesday at 7:00 PM, 10 times",
            "Todos los martes a las 7:00 p. m., 10 veces",
        ),
        (
            "FREQ=WEEKLY;BYDAY=TU;COUNT=1",
            "Every Tuesday at 7:00 PM, once",
            "Todos los martes a las 7:00 p. m., una vez",
        ),
    ],
)
def test_a_series_is_said_in_english_and_in_spanish(rule, english, spanish):
    assert (words(rule, "en"), words(rule, "es")) == (english, spanish)


@pytest.mark.parametrize(
    ("hour", "minute", "english", "spanish"),
    [
        (0, 5, "12:05 AM", "a las 12:05 a. m."),
        (1, 0, "1:00 AM", "a la 1:00 a. m."),
        (12, 0, "12:00 PM", "a las 12:00 p. m."),
        (13, 30, "1:30 PM", "a la 1:30 p. m."),
        (23, 59, "11:59 PM", "a las 11:59 p. m."),
    ],
)
def test_the_hour_is_said_by_the_twelve_hour_clock(hour, minute, english, spanish):
    first = TUESDAY_EVENING.replace(hour=hour, minute=minute)

    assert words("FREQ=WEEKLY", "en", first) == f"Every Tuesday at {english}"
    assert words("FREQ=WEEKLY", "es", first) == f"Todos los martes {spanish}"


def test_a_regional_language_is_said_as_its_mother_tongue():
    assert words("FREQ=WEEKLY", "es-MX") == words("FREQ=WEEKLY", "es")


def test_the_last_day_named_is_one_that_the_meeting_can_still_have():
    assert words("FREQ=WEEKLY;UNTIL=20260602T120000", "en") == "Every Tuesday at 7:00 PM, until June 1, 2026"
