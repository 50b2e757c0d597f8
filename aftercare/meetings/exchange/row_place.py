"""Where a row's meeting is: address, town, region, coordinates."""

import math
import re

from aftercare.meetings.exchange.listing import Place
from aftercare.meetings.exchange.plain_text import plain
from aftercare.meetings.exchange.row import ADDRESS, LINE, Row

MOST_LEVELS = 10
CANADIAN_POSTCODE = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d", re.IGNORECASE)
PROVINCES = frozenset(
    """
    AB,BC,MB,NB,NL,NS,NT,NU,ON,PE,QC,SK,YT,ALBERTA,BRITISH COLUMBIA,MANITOBA,NEW BRUNSWICK,NEWFOUNDLAND AND LABRADOR,
    NOVA SCOTIA,NORTHWEST TERRITORIES,NUNAVUT,ONTARIO,PRINCE EDWARD ISLAND,QUEBEC,QUÉBEC,SASKATCHEWAN,YUKON
    """.replace("\n", "")
    .replace("    ", "")
    .split(",")
)
USA = frozenset({"US", "USA", "U.S.", "U.S.A.", "UNITED STATES", "UNITED STATES OF AMERICA", "ESTADOS UNIDOS"})
ZIP = re.compile(r"\d{3,5}(?:-\d{4})?")
YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
# Apps take fewer parts between commas for a town only (tsml-ui).
EXACT_PARTS = 4


def read_place(row: Row) -> Place:
    """Read the place of a row, from one formatted address or from its five parts."""
    street, address = _address(row)
    latitude, longitude = _coordinates(row)
    return Place(
        name=row.line("location"),
        address=address,
        region=_region(row),
        latitude=latitude,
        longitude=longitude,
        approximate=_is_approximate(row, street, address),
        notes=row.text("location_notes"),
    )


def _address(row: Row) -> tuple[str | None, str | None]:
    """Give the street and the whole address; the street is known only where the parts stand alone."""
    if whole := row.line("formatted_address", most=ADDRESS):
        return None, whole
    street, city, state = row.line("address"), row.line("city"), row.line("state")
    postcode = row.line("postal_code")
    country = _country(row, state, postcode)
    postcode = _postcode(row, postcode, country)
    region = " ".join(part for part in (state, postcode) if part)
    parts = [part for part in (street, city, region, country) if part]
    return street, ", ".join(parts) or None


def _country(row: Row, state: str | None, postcode: str | None) -> str | None:
    said = row.line("country")
    if said is None:
        return None
    if said.upper() in USA:
        return "USA"
    read = _country_named(said.upper(), (state or "").upper(), postcode or "")
    if read is None:
        return said
    row.find("country", "country", said, made=read)
    return read


def _country_named(said: str, state: str, postcode: str) -> str | None:
    if said != "CA":
        return None
    # "CA" is Canada to the postal union and California to whoever fills in a form of five lines.
    if state in PROVINCES or CANADIAN_POSTCODE.fullmatch(postcode):
        return "Canada"
    return "USA" if ZIP.fullmatch(postcode) else None


def _postcode(row: Row, said: str | None, country: str | None) -> str | None:
    # A number loses its leading zeros: 2139 is 02139 in Cambridge.
    if said and country == "USA" and said.isascii() and said.isdigit() and 3 <= len(said) < 5:
        row.find("postcode", "postal_code", said, made=said.zfill(5))
        return said.zfill(5)
    return said


def _region(row: Row) -> tuple[str, ...]:
    listed = row.get("regions")
    if not isinstance(listed, list):
        levels = (row.line(field) for field in ("region", "sub_region", "sub_sub_region"))
        return tuple(dict.fromkeys(level for level in levels if level))
    said = [plain(level[: LINE * 4]) if isinstance(level, str) else "" for level in listed]
    known = [" ".join(level.split())[:LINE] for level in said if level]
    if len(known) < len(listed):
        row.tally.count("empty_items", field=row.called("regions"))
    return tuple(known[:MOST_LEVELS])


def _is_approximate(row: Row, street: str | None, address: str | None) -> bool:
    said = row.get("approximate")
    if isinstance(said, str | int) and (known := YES_NO.get(str(said).lower())) is not None:
        return known
    if address is None or street:
        return address is None
    parts = [part.strip() for part in address.split(",")]
    if len(parts) >= EXACT_PARTS:
        return False
    # "10 Downing Street, London, UK" is an address, whatever apps make of it; "Anytown, OK 12345, USA" is none.
    is_exact = len(parts) > 1 and any(c.isdigit() for c in parts[0])
    if is_exact:
        row.find("address_short", "formatted_address", address)
    return not is_exact


def _coordinates(row: Row) -> tuple[float | None, float | None]:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if latitude is None and longitude is None:
        both = row.get("coordinates")
        if not isinstance(both, str) or "," not in both:
            return None, None
        latitude, _, longitude = both[:80].partition(",")
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None or (north == 0 and east == 0):
        row.find("coordinates", "latitude", latitude)
        return None, None
    return north, east


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
