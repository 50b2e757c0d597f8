"""Whose public holidays they are, in words, English and Spanish."""

from functools import lru_cache
from typing import Any

from babel import Locale

from aftercare.core.state_names import STATE_NAMES


def named(code: str, language: str) -> str:
    """Say whose holidays they are: "US holidays", "holidays in Canada (ON)"."""
    nation, _, region = code.partition("-")
    place = f" ({STATE_NAMES.get(region, region) if nation == 'US' else region})" if region else ""
    if language == "es":
        return f"los días festivos de {country(nation, 'es')}{place}"
    return f"US holidays{place}" if nation == "US" else f"holidays in {country(nation, 'en')}{place}"


def country(code: str, language: str) -> str:
    """Name a country in English or Spanish; one without a name is its code."""
    if (code, language) == ("US", "es"):
        return "EE. UU."
    return str(_territories(language).get(code, code))


@lru_cache(maxsize=4)
def _territories(language: str) -> Any:
    return Locale.parse(language).territories
