"""How five kinds of software write the same meeting down: the dialects of the made-up list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aftercare.demo import meeting_words as words

ZONE = "America/Denver"
TOWN, STATE, POSTCODE = "Juniper Falls", "CO", "80099"
NORTH, EAST = 39.8312, -105.3127
DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
Row = dict[str, Any]


@dataclass(frozen=True)
class Meeting:
    """What is true about a made-up meeting, before some software writes it down."""

    number: int
    slug: str
    name: str
    fellowship: str
    day: int
    start: int
    minutes: int | None
    attendance: str
    codes: tuple[str, ...]
    place: str
    street: str
    district: str
    notes: str
    group: str
    updated: str

    @property
    def end(self) -> str | None:
        """Give the end as the format writes it."""
        return None if self.minutes is None else _clock(self.start + self.minutes)

    @property
    def is_online(self) -> bool:
        """Say whether one can join from afar."""
        return self.attendance in ("online", "hybrid")

    @property
    def address(self) -> str:
        """Give the formatted address; a meeting that is only online gives its town."""
        town = f"{TOWN}, {STATE} {POSTCODE}, USA"
        return f"{TOWN}, {STATE}, USA" if self.attendance == "online" else f"{self.street}, {town}"


def tsml(meeting: Meeting) -> Row:
    """Write as the WordPress plugin does: ids, the author, a link to the back office, ONL for online."""
    return _without_absent(
        {
            "id": 4000 + meeting.number,
            "name": meeting.name,
            "slug": meeting.slug,
            "fellowship": _said_fellowship(meeting),
            "notes": meeting.notes or None,
            "updated": meeting.updated,
            "location_id": 7000 + meeting.number % 40,
            "url": f"https://meetings.example.org/meetings/{meeting.slug}/",
            "edit_url": f"https://meetings.example.org/wp-admin/post.php?post={4000 + meeting.number}&action=edit",
            "day": meeting.day,
            "time": _clock(meeting.start),
            "end_time": meeting.end,
            "time_formatted": _clock_of_twelve(meeting.start),
            **_call(meeting),
            "types": [*meeting.codes, *(["ONL"] if meeting.is_online else [])],
            "author": "Pat D",
            "location": None if meeting.attendance == "online" else meeting.place,
            "formatted_address": meeting.address,
            "approximate": "yes" if meeting.attendance == "online" else "no",
            **_coordinates(meeting),
            "regions": [TOWN, meeting.district],
            "group": meeting.group or None,
            "attendance_option": meeting.attendance,
        }
    )


def django(meeting: Meeting) -> Row:
    """Write as a home-made site does: coordinates as text, empty text for what is absent, collections as links."""
    coordinates = {field: str(degrees) for field, degrees in _coordinates(meeting).items()}
    return {
        "name": meeting.name,
        "slug": f"meeting-{meeting.slug}-{meeting.day}-{_clock(meeting.start).replace(':', '')}00",
        "fellowship": _said_fellowship(meeting),
        "notes": meeting.notes,
        "updated": meeting.updated,
        "day": meeting.day,
        "time": _clock(meeting.start),
        "end_time": meeting.end or "",
        "conference_url": "",
        "conference_phone": "",
        **_call(meeting),
        "types": [*meeting.codes, *(["ONL"] if meeting.is_online else []), *_closed_place(meeting)],
        "location": meeting.place,
        "formatted_address": meeting.address,
        **coordinates,
        "regions": [TOWN, meeting.district],
        "group": meeting.group,
        "feedback_url": "https://meetings.example.org/meeting-status/",
        "paypal": "https://example.org/pay/juniper" if meeting.number % 9 == 0 else "",
    }


def airtable(meeting: Meeting) -> Row:
    """Write as a table of cells does: null for what is absent, the address in parts, the time zone on every row."""
    is_online_only = meeting.attendance == "online"
    return {
        "slug": meeting.slug,
        "name": meeting.name,
        "fellowship": _said_fellowship(meeting),
        "day": meeting.day,
        "time": _clock(meeting.start),
        "types": [*meeting.codes, *_closed_place(meeting)],
        "conference_url": None,
        "conference_phone": None,
        **_call(meeting),
        "square": None,
        "venmo": f"@not-a-real-account-{meeting.number}" if meeting.number % 4 == 0 else None,
        "notes": meeting.notes or None,
        "location": None if is_online_only else meeting.place,
        "address": None if is_online_only else meeting.street,
        "city": TOWN,
        "state": STATE,
        "postal_code": None if is_online_only else POSTCODE,
        "country": "US",
        "region": TOWN,
        "sub_region": meeting.district,
        "timezone": ZONE,
        "feedback_url": f"https://forms.example.org/report?meeting_name={meeting.number}&copy=1&section=2",
        "latitude": None,
        "longitude": None,
    }


def sheet(meeting: Meeting) -> Row:
    """Write as a spreadsheet does: day names, 12-hour times, types by name in one cell."""
    named = ", ".join(words.TYPE_NAMES.get(code, code) for code in meeting.codes)
    return _without_absent(
        {
            "slug": meeting.slug,
            "name": meeting.name,
            "fellowship": _said_fellowship(meeting),
            "day": DAY_NAMES[meeting.day] if meeting.number % 3 else str(meeting.day),
            "time": _clock_of_twelve(meeting.start),
            "end_time": _clock_of_twelve(meeting.start + meeting.minutes) if meeting.minutes else None,
            "types": named if meeting.fellowship == "aa" else list(meeting.codes),
            "location": meeting.place,
            "formatted_address": meeting.address,
            **_call(meeting),
            "notes": meeting.notes or None,
            "region": meeting.district,
            "attendance_option": meeting.attendance,
        }
    )


def coldfusion(meeting: Meeting) -> Row:
    """Write as an old site does: numbers for names, tabs and HTML in notes, `onl` in small letters."""
    return {
        "slug": 900 + meeting.number,
        "name": meeting.name.replace(" & ", " &amp; "),
        "fellowship": _said_fellowship(meeting),
        "day": meeting.day,
        "time": _clock(meeting.start) + ":00",
        "types": [*meeting.codes, *(["onl"] if meeting.is_online else []), *_closed_place(meeting)],
        "location": meeting.place,
        "address": "" if meeting.attendance == "online" else meeting.street,
        "city": TOWN,
        "state": STATE,
        "postal_code": int(POSTCODE),
        "country": "USA",
        "conference_url": "",
        "conference_phone": "",
        **_call(meeting),
        "notes": meeting.notes,
        "group_notes": f"\t\t\t{meeting.group}<br>Ring the bell &amp; wait." if meeting.group else "\t\t   ",
        "append": " ",
        "updated": meeting.updated,
    }


WRITERS: tuple[Callable[[Meeting], Row], ...] = (tsml, django, airtable, sheet, coldfusion)


def _said_fellowship(meeting: Meeting) -> str:
    return (
        words.FELLOWSHIP_NAMES.get(meeting.fellowship, meeting.fellowship) if meeting.number % 2 else meeting.fellowship
    )


def _closed_place(meeting: Meeting) -> list[str]:
    return ["TC"] if meeting.attendance in ("online", "inactive") else []


def _call(meeting: Meeting) -> Row:
    if not meeting.is_online:
        return {}
    room = 810_000_000 + meeting.number * 7919
    if meeting.number % 5 == 0:
        return {"conference_phone": f"+1303555{100 + meeting.number % 100:04d},,{room}#"}
    return {
        "conference_url": f"https://meet.example.org/j/{room}",
        "conference_url_notes": "Ask the group for the passcode.",
        "conference_phone": f"1303555{100 + meeting.number % 100:04d},,{room}#,,#,,1234#",
    }


def _coordinates(meeting: Meeting) -> Row:
    step = words.PLACES.index((meeting.place, meeting.street))
    return {"latitude": round(NORTH + step * 0.00317, 7), "longitude": round(EAST + step * 0.00211, 7)}


def _without_absent(row: Row) -> Row:
    return {field: value for field, value in row.items() if value is not None}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _clock_of_twelve(minutes: int) -> str:
    hour = minutes // 60 % 24
    return f"{hour % 12 or 12}:{minutes % 60:02d} {'PM' if hour >= 12 else 'AM'}"
