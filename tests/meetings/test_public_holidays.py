import subprocess
import sys
from datetime import date

import pytest

from aftercare.core.errors import Invalid
from aftercare.core.state_names import STATE_NAMES
from aftercare.meetings.holiday_names import country, named
from aftercare.meetings.public_holidays import checked, countries, is_holiday, is_known


@pytest.mark.parametrize("state", STATE_NAMES)
def test_the_holidays_of_every_state_are_known(state):
    assert is_known(f"US-{state}")


def test_a_country_without_a_region_keeps_its_own_holidays_alone():
    day_after_thanksgiving = date(2026, 11, 27)

    assert is_holiday("US-CA", day_after_thanksgiving)
    assert not is_holiday("US", day_after_thanksgiving)


@pytest.mark.parametrize("code", ["", "US", "US-CA", "MX", "GB-ENG"])
def test_a_code_is_kept_in_capitals(code):
    assert checked(f" {code.lower()} ") == code


def test_a_code_of_nowhere_is_refused():
    with pytest.raises(Invalid, match="We do not know the holidays"):
        checked("XX")


def test_every_country_on_offer_has_a_name_in_both_languages_and_no_other_has_it():
    for language in ("en", "es"):
        offered = countries(language)
        assert len(offered) > 200
        assert len(set(offered.values())) == len(offered)
        assert offered == {code: country(code, language) for code in offered}


def test_a_region_that_has_no_name_with_us_is_said_by_its_code():
    assert named("CA-ON", "en") == "holidays in Canada (ON)"


def test_a_process_that_asks_for_no_holidays_does_not_carry_the_library():
    look = "import sys, aftercare.meetings.recurrence; print('holidays' in sys.modules)"

    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert seen.stdout.strip() == "False"
