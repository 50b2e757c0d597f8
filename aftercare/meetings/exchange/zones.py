"""Names of time zones, as strict as they must be: a wrong one moves a meeting by an hour and nobody notices."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

# What people of the United States write. "EST" is a zone of its own in the database, without summer time; whoever
# writes it in a meeting list means the clock on the wall of New York.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        word: zone
        for zone, words in {
            "America/New_York": ("et", "est", "edt", "eastern", "eastern time", "eastern standard time", "us/eastern"),
            "America/Chicago": ("ct", "cst", "cdt", "central", "central time", "central standard time", "us/central"),
            "America/Denver": ("mt", "mdt", "mountain", "mountain time", "mountain standard time", "us/mountain"),
            "America/Los_Angeles": ("pt", "pst", "pdt", "pacific", "pacific time", "us/pacific"),
        }.items()
        for word in words
    }
)
# Enough countries to catch a list that gathers meetings of the world under one clock.
COUNTRY_ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("usa", "united states", "us"), ("America/", "Pacific/", "US/")),
        **dict.fromkeys(("canada", "mexico", "méxico", "brazil", "argentina", "chile", "colombia"), ("America/",)),
        **dict.fromkeys(("uk", "united kingdom", "england", "scotland", "wales"), ("Europe/London",)),
        **dict.fromkeys(("ireland", "germany", "netherlands", "france", "italy", "sweden", "poland"), ("Europe/",)),
        "spain": ("Europe/", "Atlantic/"),
        "portugal": ("Europe/", "Atlantic/"),
        "south africa": ("Africa/",),
        "australia": ("Australia/",),
        "new zealand": ("Pacific/",),
        **dict.fromkeys(("india", "japan", "philippines", "israel", "thailand"), ("Asia/",)),
    }
)


def keeps_time_of(address: str, zone: str) -> bool:
    """Say whether the country at the end of an address may keep the time of a zone; unknown countries may."""
    country = address.rpartition(",")[2].strip().casefold()
    return zone.startswith(COUNTRY_ZONES.get(country, ("",)))


def find_zone(text: str) -> str | None:
    """Give the IANA name that a text means: itself, in another case, or a name Americans use. No offsets."""
    word = text.casefold().strip()
    if word in ALIASES:
        return ALIASES[word]
    return _names().get(word)


def is_zone(text: str) -> bool:
    """Say whether the database of time zones has this very name, good or bad."""
    return text in _all_names()


@cache
def _all_names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _names() -> Mapping[str, str]:
    # A name without a slash is an abbreviation or a fixed offset (MST, GMT0, HST); only UTC means one thing.
    named = {name.casefold(): name for name in _all_names() if "/" in name and not name.startswith("Etc/")}
    return MappingProxyType({**named, "utc": "UTC", "etc/utc": "UTC"})
