from datetime import date, datetime

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
        ("FREQ=DAILY", "Every day at 7:00 PM", "Todos los días a las 7:00 p. m."),
        ("FREQ=DAILY;INTERVAL=2", "Every other day at 7:00 PM", "Cada dos días a las 7:00 p. m."),
        ("FREQ=DAILY;INTERVAL=10", "Every 10 days at 7:00 PM", "Cada 10 días a las 7:00 p. m."),
        (
            "FREQ=MONTHLY;BYDAY=1TU,3TU",
            "The first and third Tuesday of every month at 7:00 PM",
            "El primer y tercer martes de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU,1TH,-1TU,-1TH",
            "The first and last Tuesday and the first and last Thursday of every month at 7:00 PM",
            "El primer y último martes y el primer y último jueves de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15",
            "On the 15th of every month at 7:00 PM",
            "El día 15 de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,2,3,11,22",
            "On the 1st, 2nd, 3rd, 11th and 22nd of every other month at 7:00 PM",
            "Los días 1, 2, 3, 11 y 22 de cada dos meses a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "On the 31st of every month that has one at 7:00 PM",
            "El día 31 de cada mes que lo tiene a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "On the last day of every month at 7:00 PM",
            "El último día de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15,-1",
            "On the 15th and the last day of every month at 7:00 PM",
            "El día 15 y el último día de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "On the 1st, 15th and the last day of every month at 7:00 PM",
            "Los días 1, 15 y el último día de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8",
            "Every year on March 8 at 7:00 PM",
            "Cada año el 8 de marzo a las 7:00 p. m.",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-2FR",
            "The second-to-last Friday of every month at 7:00 PM",
            "El penúltimo viernes de cada mes a las 7:00 p. m.",
        ),
        (
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "Every year on the fourth Thursday of November at 7:00 PM",
            "Cada año el cuarto jueves de noviembre a las 7:00 p. m.",
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=-1",
            "Every other year on the last day of February at 7:00 PM",
            "Cada dos años el último día de febrero a las 7:00 p. m.",
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


@pytest.mark.parametrize(
    ("holidays", "days_off", "english", "spanish"),
    [
        ("US", (), ", not on US holidays", ", excepto los días festivos de EE. UU."),
        ("US-CA", (), ", not on US holidays (California)", ", excepto los días festivos de EE. UU. (California)"),
        ("MX", (), ", not on holidays in Mexico", ", excepto los días festivos de México"),
        ("CA-ON", (), ", not on holidays in Canada (ON)", ", excepto los días festivos de Canadá (ON)"),
        ("", (date(2026, 12, 24),), ", not on December 24, 2026", ", excepto el 24 de diciembre de 2026"),
        (
            "US",
            (date(2026, 12, 24), date(2027, 1, 1)),
            ", not on US holidays, not on December 24, 2026 and January 1, 2027",
            ", excepto los días festivos de EE. UU., excepto el 24 de diciembre de 2026 y el 1 de enero de 2027",
        ),
    ],
)
def test_what_a_series_skips_is_said_last(holidays, days_off, english, spanish):
    pattern = Pattern(TUESDAY_EVENING, 60, "FREQ=WEEKLY;UNTIL=20270630", "America/New_York", holidays, days_off)

    assert in_words(pattern, "en") == f"Every Tuesday at 7:00 PM, until June 30, 2027{english}"
    assert in_words(pattern, "es") == f"Todos los martes a las 7:00 p. m., hasta el 30 de junio de 2027{spanish}"


def test_a_regional_language_is_said_as_its_mother_tongue():
    assert words("FREQ=WEEKLY", "es-MX") == words("FREQ=WEEKLY", "es")


def test_the_last_day_named_is_one_that_the_meeting_can_still_have():
    assert words("FREQ=WEEKLY;UNTIL=20260602T120000", "en") == "Every Tuesday at 7:00 PM, until June 1, 2026"
