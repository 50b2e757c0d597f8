from datetime import UTC, date, datetime, timedelta

import pytest

from aftercare.http import formats

DENVER = "America/Denver"
NOW = datetime(2028, 11, 23, 17, 0, tzinfo=UTC)  # Thursday, 10 AM in Denver


def denver(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2028, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=7)


@pytest.mark.parametrize(
    ("moment", "language", "said"),
    [
        (denver(23, 18, 30), "en", "Tonight, Thursday, November 23"),
        (denver(23, 18, 30), "es", "Esta noche, jueves 23 de noviembre"),
        (denver(23, 12), "en", "Today, Thursday, November 23"),
        (denver(24, 19), "en", "Tomorrow, Friday, November 24"),
        (denver(24, 19), "es", "Mañana, viernes 24 de noviembre"),
        (denver(22, 19), "en", "Yesterday, Wednesday, November 22"),
        (denver(30, 19), "en", "Thursday, November 30"),
        (denver(30, 19), "es", "jueves 30 de noviembre"),
    ],
)
def test_a_day_is_named_as_people_name_it(moment, language, said):
    assert formats.when_day(moment, now=NOW, zone=DENVER, language=language) == said


def test_the_day_is_that_of_the_place_and_not_of_utc():
    late = datetime(2028, 11, 24, 6, 30, tzinfo=UTC)

    assert formats.when_day(late, now=NOW, zone=DENVER, language="en") == "Tonight, Thursday, November 23"


def test_a_day_more_than_half_a_year_away_carries_its_year():
    assert formats.when_date(date(2027, 3, 2), today=date(2028, 11, 23), language="en") == "Tuesday, March 2, 2027"
    assert formats.when_date(date(2027, 3, 2), today=date(2028, 11, 23), language="es") == "martes 2 de marzo de 2027"
    assert formats.when_date(date(2029, 1, 4), today=date(2028, 11, 23), language="en") == "Thursday, January 4"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "6:30 PM – 7:30 PM Mountain Time"),
        ("es", "6:30 p.\u00a0m. a 7:30 p.\u00a0m., hora de la montaña"),
    ],
)
def test_a_time_span_names_its_zone_once(language, said):
    assert formats.when_time(denver(23, 18, 30), denver(23, 19, 30), zone=DENVER, language=language) == said


@pytest.mark.parametrize(
    ("hour", "minute", "language", "said"),
    [
        (12, 0, "en", "12:00 PM (noon)"),
        (12, 0, "es", "12:00 p.\u00a0m. (mediodía)"),
        (0, 0, "en", "12:00 AM (midnight)"),
        (0, 0, "es", "12:00 a.\u00a0m. (medianoche)"),
        (12, 15, "en", "12:15 PM"),
        (9, 5, "es", "9:05 a.\u00a0m."),
    ],
)
def test_twelve_says_whether_it_is_noon_or_midnight(hour, minute, language, said):
    assert formats.when_clock(denver(23, hour, minute), zone=DENVER, language=language) == said


def test_no_odd_space_stands_in_a_time():
    said = formats.when_full(denver(23, 18, 30), now=NOW, zone=DENVER, language="en")

    assert said == "Tonight, Thursday, November 23, 6:30 PM Mountain Time"


@pytest.mark.parametrize(("language", "said"), [("en", "Thu, Nov 23, 6:30 PM"), ("es", "jue 23 nov, 6:30 p.\u00a0m.")])
def test_a_short_date_keeps_weekday_and_half_of_the_day(language, said):
    assert formats.when_short(denver(23, 18, 30), zone=DENVER, language=language) == said


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("America/Denver", "en", "Mountain Time"),
        ("America/Phoenix", "en", "Mountain Standard Time"),
        ("America/New_York", "es", "hora oriental"),
        ("UTC", "en", "Coordinated Universal Time"),
    ],
)
def test_a_zone_without_clock_changes_is_not_taken_for_its_neighbour(zone, language, said):
    assert formats.zone_name(zone, at=NOW, language=language) == said


@pytest.mark.parametrize(("hour", "part"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "evening")])
def test_the_greeting_fits_the_hour_of_the_place(hour, part):
    assert formats.part_of_day(denver(23, hour), zone=DENVER) == part
