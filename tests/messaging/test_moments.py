from datetime import datetime, timedelta

import pytest
from babel.dates import format_datetime

from aftercare.messaging.moments import PATTERNS, spell
from aftercare.messaging.segments import to_gsm7

CLDR = {
    ("en", "day"): "EEE MMM d, h:mm a",
    ("en", "short"): "EEE h:mm a",
    ("en", "time"): "h:mm a",
    ("en", "date"): "EEE MMM d",
    ("es", "day"): "EEE d MMM, h:mm a",
    ("es", "short"): "EEE h:mm a",
    ("es", "time"): "h:mm a",
    ("es", "date"): "EEE d MMM",
}
#: Every hour, day of the week and month, and nearly every minute.
MOMENTS = [datetime(2026, 1, 1) + number * timedelta(hours=13, minutes=7) for number in range(700)]


@pytest.mark.parametrize(("language", "pattern"), CLDR)
def test_moments_are_spelled_in_the_words_of_the_language(language, pattern):
    locale = {"en": "en_US", "es": "es_US"}[language]

    said = [spell(moment, pattern, language) for moment in MOMENTS]

    assert said == [to_gsm7(format_datetime(moment, CLDR[language, pattern], locale=locale)) for moment in MOMENTS]


def test_every_pattern_is_compared():
    assert {pattern for _, pattern in CLDR} == PATTERNS
