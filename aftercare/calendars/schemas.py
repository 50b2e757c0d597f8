"""The documents of personal calendars."""

from marshmallow import Schema, fields

from aftercare.calendars.feeds import LEVELS, LONGEST_NAME
from aftercare.http.fields import NAMED, Id, Instant, choice, line


class CalendarDraft(Schema):
    """A calendar to make, for one device."""

    name = line(LONGEST_NAME, pattern=NAMED, least=1, load_default="Calendar", metadata={"description": "The device."})
    level = choice(*LEVELS, load_default="discreet", metadata={"description": "How much its entries say."})


class Calendar(Schema):
    """A calendar that was made. Whoever has its address reads it: it is said here and never again."""

    id = Id(required=True)
    url = fields.String(required=True, metadata={"description": "The secret address to subscribe to."})
    name = fields.String(required=True)
    level = choice(*LEVELS, required=True)
    created_at = Instant(required=True)
