"""The documents of the finder, as the API takes and shows them."""

from marshmallow import Schema, fields

from aftercare.http.fields import Id, PageQuery, Truth, choice, line, said
from aftercare.meetings import wishes

#: Coordinates of this earth, or a postal code. Names of towns are for people.
WHERE = (
    r"^(-?([0-8]?[0-9](\.[0-9]{1,6})?|90(\.0{1,6})?),-?((1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,6})?|180(\.0{1,6})?)"
    r"|[0-9]{5})$"
)


class FindQuery(PageQuery):
    """What is looked for: all of it together."""

    q = line(wishes.LONGEST_TEXT, load_default="", metadata={"description": "Words; the last may be only begun."})
    near = line(
        60, pattern=WHERE, load_default="", allow_none=False,
        metadata={"description": "Latitude and longitude, as 39.74,-104.99, or a US postal code."},
    )  # fmt: skip
    within = choice(
        *map(str, wishes.REACHES), load_default=str(wishes.REACH),
        metadata={"description": "How far from there, in the `distance_unit` of the answer."},
    )  # fmt: skip
    sort = choice(*wishes.SORTS, load_default="start")
    day = choice(
        *wishes.AHEAD, *wishes.DAYS, load_default="",
        metadata={"description": "`now`: begun in the last 10 minutes, or beginning in the next 2 hours."},
    )  # fmt: skip
    time = choice(*wishes.HOURS, load_default="")
    type = choice(*wishes.type_codes(), load_default="", metadata={"description": "A code of the Meeting Guide list."})
    language = choice(*wishes.languages(), load_default="")
    attend = choice(*wishes.ATTENDS, load_default="", metadata={"description": "A hybrid meeting is both others too."})
    open = choice(*wishes.OPENS, load_default="", metadata={"description": "Open to anybody, or not."})


class FoundPlace(Schema):
    """Where a meeting is."""

    id = Id(required=True)
    name = said()
    address = said()
    region = said()
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    is_approximate = Truth(required=True)


class FoundClosed(Schema):
    """The days on which a meeting is closed, one of which this is."""

    first_day = said()
    last_day = said()
    reopens_on = fields.String(required=True, metadata={"description": "The day after the last."})
    words = fields.String(required=True, metadata={"description": "The same in the language of the organisation."})


class FoundMeeting(Schema):
    """A meeting at one of its times, as anybody may know it."""

    id = Id(required=True)
    url = said()
    kind = choice("programme", "fellowship", required=True)
    name = said()
    fellowship = said()
    group = said()
    attendance = choice("in_person", "online", "hybrid", "inactive", required=True)
    is_open = Truth(required=True, allow_none=True)
    languages = fields.List(fields.String(), required=True)
    types = fields.List(fields.String(), required=True)
    starts_at = fields.String(required=True, allow_none=True, metadata={"description": "UTC. Null: by appointment."})
    ends_at = fields.String(required=True, allow_none=True)
    zone = fields.String(required=True, metadata={"description": "The zone that the meeting keeps."})
    status = choice("scheduled", "moved", "cancelled", "held", required=True)
    closed = fields.Nested(FoundClosed, required=True, allow_none=True)
    place = fields.Nested(FoundPlace, required=True, allow_none=True)
    place_detail = said()
    distance = fields.Float(required=True, allow_none=True)
    join_url = said()
    join_phone = said()
    join_notes = said()


class FoundPage(Schema):
    """One page of what is found."""

    items = fields.List(fields.Nested(FoundMeeting), required=True)
    by_appointment = fields.List(
        fields.Nested(FoundMeeting), required=True, metadata={"description": "On the last page alone."}
    )
    zone = fields.String(required=True, metadata={"description": "The zone in which days and hours are meant."})
    distance_unit = choice("miles", "km", required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Null on the last page."})
