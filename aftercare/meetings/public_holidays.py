"""Public holidays: the day itself and the day it is kept on instead, of a country or of one of its regions.

"US" is a country, "US-CA" one of its regions (ISO 3166). The days come from the library `holidays`, which takes 11 MB
once it is asked: it is fetched by its name, so that a process that meets no such meeting does without.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

from aftercare.core.errors import Invalid
from aftercare.meetings import holiday_names

_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,4})?")


def checked(code: str) -> str:
    """Give the code of a country or region as we keep it, "" for none; raise Invalid if nobody knows its holidays."""
    wanted = code.strip().upper()
    if wanted and not is_known(wanted):
        sentence = "We do not know the holidays of this country or state."
        raise Invalid(sentence, fields={"holidays": sentence}, code="holidays")
    return wanted


@lru_cache(maxsize=512)
def is_known(code: str) -> bool:
    """Tell whether the holidays of a country ("US") or region ("US-CA") are known."""
    if not _CODE.fullmatch(code):
        return False
    country, _, region = code.partition("-")
    regions = _library().list_supported_countries(include_aliases=False).get(country)
    return regions is not None and (not region or region in regions)


def is_holiday(code: str, day: date) -> bool:
    """Tell whether a day is a public holiday there."""
    return day in _days(code, day.year)


def countries(language: str) -> dict[str, str]:
    """Give the countries whose holidays are known, by name: code -> name."""
    known: Iterable[str] = _library().list_supported_countries(include_aliases=False)
    named = {code: name for code in known if (name := holiday_names.country(code, language)) != code}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


@lru_cache(maxsize=1024)
def _days(code: str, year: int) -> frozenset[date]:
    country, _, region = code.partition("-")
    return frozenset(_library().country_holidays(country, subdiv=region or None, years=year))


def _library() -> Any:
    return import_module("holidays")
