"""The documents of personal calendars."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from aftercare.calendars.feeds import ALARMS, LEVELS, LONGEST_NAME
from aftercare.http.fields import NAMED, Day, Id, Instant, Whole, choice, line, page_of


def alarm(**given: Any) -> Whole:
    """Make the member that says how long before each date a device rings."""
    why = {"description": "How many minutes before each date the device rings; null: never."}
    made = Whole(min(ALARMS), max(ALARMS), allow_none=True, metadata=why, **given)
    made.validators.append(validate.OneOf(ALARMS))
    return made


class CalendarDraft(Schema):
    """A calendar to make, for one device."""

    name = line(LONGEST_NAME, pattern=NAMED, least=1, load_default="Calendar", metadata={"description": "The device."})
    level = choice(*LEVELS, load_default="discreet", metadata={"description": "How much its entries say."})
    alarm_minutes = alarm(load_default=None)


class CalendarChange(Schema):
    """What is to be otherwise of a calendar; what is not said stays."""

    level = choice(*LEVELS, metadata={"description": "How much its entries say."})
    alarm_minutes = alarm()

    class Meta:
        """Something is said."""

        json_schema: dict[str, Any] = {"minProperties": 1}

    @validates_schema
    def _says_something(self, change: dict[str, Any], **_: Any) -> None:
        if not change:
            raise ValidationError("Say what is to be otherwise.")


class Calendar(Schema):
    """A calendar, as it stands."""

    id = Id(required=True)
    name = fields.String(required=True)
    level = choice(*LEVELS, required=True)
    alarm_minutes = alarm(required=True)
    created_at = Instant(required=True)
    last_read_on = Day(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)


class NewCalendar(Calendar):
    """A calendar that was made. Whoever has its address reads it: it is said here and never again."""

    url = fields.String(required=True, metadata={"description": "The secret address to subscribe to."})


CalendarPage = page_of(Calendar, "CalendarPage")
