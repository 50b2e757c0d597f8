"""The documents of meetings and their dates, as the API takes and shows them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, missing, validate, validates_schema

from aftercare.http.fields import (
    MANY_LINES,
    NAMED,
    Day,
    Id,
    Instant,
    PageQuery,
    Truth,
    Wall,
    Whole,
    choice,
    iana_zone,
    line,
    page_of,
    said,
)
from aftercare.meetings.repeat_schema import Repeat

MOST_DAYS_OFF = 200
KINDS = ("programme", "fellowship")


class Place(Schema):
    """Where people meet."""

    name = line(255, load_default="")
    address = line(255, load_default="")
    detail = line(255, load_default="", metadata={"description": "The room, the floor."})


class MeetingDraft(Schema):
    """A meeting to publish. A fellowship meeting is listed only: it has no seats and no facilitators."""

    name = line(255, pattern=NAMED, least=1, required=True)
    kind = choice(*KINDS, load_default="programme")
    discreet_title = line(255, load_default="", metadata={"description": "Shown where others may look."})
    description = line(4000, pattern=MANY_LINES, load_default="")
    fellowship = line(40, pattern=r"^[a-z0-9-]*$", load_default="")
    types = fields.List(
        line(16, pattern=r"^[A-Za-z0-9+-]+$", least=1), validate=validate.Length(max=40), load_default=tuple
    )
    languages = fields.List(
        line(12, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"), validate=validate.Length(max=20), load_default=tuple
    )
    attendance = choice("in_person", "online", "hybrid", load_default="in_person")
    is_open = Truth(allow_none=True, load_default=None, metadata={"description": "Whether anybody may come."})
    join_url = line(2000, pattern=r"^([Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f]+)?$", load_default="")
    join_phone = line(100, load_default="")
    join_notes = line(500, load_default="", metadata={"description": "A passcode, say."})
    is_join_withheld = Truth(
        load_default=False, metadata={"description": "Only who said yes to a date sees how to join it."}
    )
    start_local = Wall(required=True, metadata={"description": "The first date, in `zone`."})
    minutes = Whole(1, 24 * 60, load_default=60)
    capacity = Whole(1, 100_000, allow_none=True, load_default=None, metadata={"description": "Seats; null: no limit."})
    closes_minutes_before = Whole(0, 7 * 24 * 60, allow_none=True, load_default=None)
    zone = iana_zone(metadata={"description": "IANA zone; the organisation's if not given."})
    place = fields.Nested(Place, load_default=dict)
    repeat = fields.Nested(Repeat, allow_none=True, load_default=None)
    holidays = line(
        6,
        pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$",
        load_default="",
        metadata={"description": "No dates on the public holidays of this country, or of its region: US, US-CA."},
    )
    days_off = fields.List(
        Day(),
        validate=validate.Length(max=MOST_DAYS_OFF),
        load_default=tuple,
        metadata={"description": "No dates on these days."},
    )
    facilitators = fields.List(Id(), validate=validate.Length(max=50), load_default=tuple)

    class Meta:
        """A listing has no seats and no staff."""

        json_schema: dict[str, Any] = {
            "if": {"properties": {"kind": {"const": "fellowship"}}, "required": ["kind"]},
            "then": {
                "properties": {
                    "capacity": {"type": "null"},
                    "closes_minutes_before": {"type": "null"},
                    "facilitators": {"maxItems": 0},
                    "is_join_withheld": {"const": False},
                }
            },
        }


class MeetingChange(MeetingDraft):
    """What is to be otherwise of a meeting; what is not said stays. A place or a repeat is said as a whole."""

    scope = choice("all", "following", metadata={"description": "All dates to come, or those `from` a day on."})
    since = Day(data_key="from", metadata={"description": "Dates before this day stay as they are."})

    class Meta:
        """A day goes with `following`, and only with it."""

        exclude = ("kind",)
        json_schema: dict[str, Any] = {
            "minProperties": 1,
            "if": {"properties": {"scope": {"const": "following"}}, "required": ["scope"]},
            "then": {"required": ["from"]},
            "else": {"properties": {"from": False}},
        }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Leave out what is not said, instead of giving it what a new meeting would have."""
        super().on_bind_field(field_name, field_obj)
        field_obj.required, field_obj.load_default = False, missing

    @validates_schema
    def _has_its_day(self, change: dict[str, Any], **_: Any) -> None:
        if not change:
            raise ValidationError("Say what is to be otherwise.")
        if (change.get("scope") == "following") != ("since" in change):
            raise ValidationError("Say `from` which day on, with the scope `following` and only with it.", "from")


class PlaceShown(Schema):
    """Where people meet, as it is known."""

    name = said()
    address = said()
    detail = said()
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)


class ClosedDays(Schema):
    """The days on which a meeting is closed, whether by itself, with its place or with everything."""

    id = Id(required=True, metadata={"description": "The closure."})
    first_day = Day(required=True)
    last_day = Day(required=True)
    reopens_on = Day(required=True, metadata={"description": "The day after the last."})


class Meeting(Schema):
    """A meeting, as it stands."""

    id = Id(required=True)
    lineage_id = Id(required=True, metadata={"description": "Meetings that go on with each other have it in common."})
    kind = choice(*KINDS, required=True)
    name = said()
    discreet_title = said()
    description = said()
    fellowship = said()
    types = fields.List(fields.String(), required=True)
    languages = fields.List(fields.String(), required=True)
    attendance = choice("in_person", "online", "hybrid", "inactive", required=True)
    is_open = Truth(required=True, allow_none=True)
    place = fields.Nested(PlaceShown, required=True, allow_none=True)
    place_id = Id(required=True, allow_none=True, metadata={"description": "By which its place can be closed."})
    closure = fields.Nested(
        ClosedDays, required=True, allow_none=True,
        metadata={"description": "Closed now, or from a day of the next two weeks on."},
    )  # fmt: skip
    join_url = said()
    join_phone = said()
    join_notes = said()
    is_join_withheld = Truth(required=True, metadata={"description": "If so, how to join is not said here."})
    zone = said()
    start_local = Wall(required=True, allow_none=True, metadata={"description": "Null: by appointment."})
    minutes = fields.Integer(required=True, allow_none=True)
    repeat = fields.Nested(Repeat, required=True, allow_none=True)
    holidays = said()
    days_off = fields.List(fields.String(metadata={"format": "date"}), required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    closes_minutes_before = fields.Integer(required=True, allow_none=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)


class MeetingQuery(PageQuery):
    """Which meetings are wanted."""

    kind = choice(*KINDS, load_default=None, allow_none=False)


class Occurrence(Schema):
    """One date of a programme meeting. Its id and `slot_local` stay the same when it is moved."""

    id = Id(required=True)
    meeting_id = Id(required=True)
    slot_local = Wall(
        required=True, allow_none=True, metadata={"description": "When the rule puts it; null: one more date."}
    )
    start_local = Wall(required=True, metadata={"description": "When it is, in the meeting's zone."})
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    status = choice("scheduled", "moved", "cancelled", "held", required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    place_id = Id(required=True, allow_none=True, metadata={"description": "Null: the place of the meeting."})
    note = said()
    roll = choice("open", "held", "final", required=True)
    updated_at = Instant(required=True)


class OccurrenceQuery(PageQuery):
    """Which dates are wanted, by the day on the wall of the meeting."""

    since = Day(load_default=None, allow_none=False, metadata={"description": "The first day."})
    until = Day(load_default=None, allow_none=False, metadata={"description": "The last day."})


class DatePlace(Schema):
    """Where one date is; nothing said: where its meeting is."""

    name = line(255, load_default="")
    address = line(255, load_default="")


class OccurrenceChange(Schema):
    """One change of a date: move it, cancel it or let it take place after all, give it other seats, a place, a note."""

    start_local = Wall(metadata={"description": "Moves it, in the meeting's zone."})
    status = choice(
        "cancelled", "scheduled", metadata={"description": "`scheduled` lets a cancelled date take place after all."}
    )
    capacity = Whole(1, 100_000, allow_none=True, metadata={"description": "Null: any number of seats."})
    place = fields.Nested(DatePlace)
    note = line(500, pattern=MANY_LINES, metadata={"description": "Everybody can read it."})

    class Meta:
        """One thing at a time."""

        json_schema: dict[str, Any] = {"minProperties": 1, "maxProperties": 1}

    @validates_schema
    def _is_one(self, change: dict[str, Any], **_: Any) -> None:
        if len(change) != 1:
            raise ValidationError("Change one thing at a time: start_local, status, capacity, place or note.")


class Wish(Schema):
    """What a patient wants to do about a date."""

    status = choice("going", "declined", "maybe", required=True)


class AnswerLink(Schema):
    """A link that asks one patient about one date: opening it shows two buttons, and changes nothing."""

    url = fields.String(required=True, metadata={"description": "Said once. It works until the date is over."})


class Rsvp(Schema):
    """What became of a patient's wish: a seat, a place in line, an offer that runs out, or none."""

    occurrence_id = Id(required=True)
    patient_id = Id(required=True)
    name = fields.String(metadata={"description": "Only for tokens that may read patients."})
    status = choice("none", "maybe", "going", "waitlisted", "offered", "declined", "cancelled", "void", required=True)
    position = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The place in line of whoever waits; 1 is next."}
    )
    offered_until = Instant(required=True, allow_none=True)
    confirmed_at = Instant(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)


MeetingPage = page_of(Meeting, "MeetingPage")
OccurrencePage = page_of(Occurrence, "OccurrencePage")
RsvpPage = page_of(Rsvp, "RsvpPage")
