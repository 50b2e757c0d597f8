"""Write the spreadsheet form of a list (meeting-guide.md 1.1), which our reader, TSML and TSML UI read back."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aftercare.meetings import types
from aftercare.meetings.exchange.listing import DAY_NAMES

Row = Mapping[str, Any]
LEVELS = " > "
# The columns in the order of TSML's own sheet, by the fields of Meeting Guide JSON.
COLUMNS = {
    "Slug": "slug",
    "Name": "name",
    "Day": "day",
    "Time": "time",
    "End Time": "end_time",
    "Timezone": "timezone",
    "Formatted Address": "formatted_address",
    "Approximate": "approximate",
    "Location": "location",
    "Location Notes": "location_notes",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Region": "region",
    "Sub Region": "sub_region",
    "Regions": "regions",
    "Types": "types",
    "Notes": "notes",
    "Group": "group",
    "Group Notes": "group_notes",
    "Attendance Option": "attendance_option",
    "Conference URL": "conference_url",
    "Conference URL Notes": "conference_url_notes",
    "Conference Phone": "conference_phone",
    "Conference Phone Notes": "conference_phone_notes",
    "URL": "url",
    "Website": "website",
    "Feedback URL": "feedback_url",
    "Feedback Emails": "feedback_emails",
    "Venmo": "venmo",
    "Square": "square",
    "PayPal": "paypal",
    "Homegroup Online": "homegroup_online",
    "Entity": "entity",
    "Entity Email": "entity_email",
    "Entity Phone": "entity_phone",
    "Entity Location": "entity_location",
    "Entity Logo": "entity_logo",
    "Entity URL": "entity_url",
    "Updated": "updated",
}
# A cell that begins so is a formula to a spreadsheet, and may do what it likes with the other cells.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
# Numbers, telephone numbers and names of accounts can do nothing.
HARMLESS = re.compile(r"[+-]?[0-9][0-9.,#*() -]*|@[A-Za-z0-9_-]+")
MARK = "'"


def write(rows: Iterable[Row]) -> bytes:
    """Write rows of a feed as a sheet, with a byte order mark so that spreadsheets see the letters as they are."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([guarded(_cell(row, field)) for field in COLUMNS.values()])
    return sheet.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Mark a text that a spreadsheet would take for a formula."""
    return MARK + text if FORMULA.match(text) and not HARMLESS.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Take the mark away again."""
    return text[1:] if text.startswith(MARK) and FORMULA.match(text) else text


def _cell(row: Row, field: str) -> str:
    return SAID[field](row) if field in SAID else str(row.get(field, ""))


def _day(row: Row) -> str:
    return DAY_NAMES[(row["day"] - 1) % 7] if "day" in row else ""


def _clock(field: str) -> Callable[[Row], str]:
    def said(row: Row) -> str:
        if field not in row:
            return ""
        hour, minute = row[field].split(":")
        return f"{(int(hour) - 1) % 12 + 1}:{minute} {'AM' if int(hour) < 12 else 'PM'}"

    return said


def _level(number: int) -> Callable[[Row], str]:
    return lambda row: next(iter(row.get("regions", [])[number : number + 1]), "")


def _types(row: Row) -> str:
    return ", ".join(types.GUIDE[code].english for code in row.get("types", []))


SAID: Mapping[str, Callable[[Row], str]] = {
    "day": _day,
    "time": _clock("time"),
    "end_time": _clock("end_time"),
    "region": _level(0),
    "sub_region": _level(1),
    "regions": lambda row: LEVELS.join(row.get("regions", [])),
    "types": _types,
    "feedback_emails": lambda row: ", ".join(row.get("feedback_emails", [])),
}
