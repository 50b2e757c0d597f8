"""The documents of what is done to meetings and dates: closures, substitutes, one more date, an end, the history."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from aftercare.http.fields import (
    MANY_LINES,
    Day,
    Id,
    Instant,
    PageQuery,
    Truth,
    Wall,
    Whole,
    choice,
    line,
    page_of,
    said,
)
from aftercare.meetings.closures import SCOPES

OF_A_SCOPE = {"meeting": "meeting_id", "place": "place_id"}


class ClosureDraft(Schema):
    """What is to be closed, from which day to which; both days are closed, on the wall of each meeting."""

    scope = choice(*SCOPES, required=True, metadata={"description": "What is closed."})
    meeting_id = Id(metadata={"description": "With the scope `meeting`, and only with it."})
    place_id = Id(metadata={"description": "With the scope `place`, and only with it."})
    first_day = Day(required=True)
    last_day = Day(required=True)
    reason = line(500, load_default="", metadata={"description": "For the staff alone."})

    @validates_schema
    def _names_what_it_is_about(self, draft: dict[str, Any], **_: Any) -> None:
        for scope, name in OF_A_SCOPE.items():
            if (draft.get("scope") == scope) != (name in draft):
                raise ValidationError(f"Say `{name}` with the scope `{scope}`, and only with it.", name)

    class Meta:
        """A scope goes with what it is about."""

        json_schema: dict[str, Any] = {
            "allOf": [
                {
                    "if": {"properties": {"scope": {"const": scope}}, "required": ["scope"]},
                    "then": {"required": [name]},
                    "else": {"properties": {name: False}},
                }
                for scope, name in OF_A_SCOPE.items()
            ]
        }


class Closure(Schema):
    """A meeting, a place or everything that is closed for some days, and opens again by itself."""

    id = Id(required=True)
    scope = choice(*SCOPES, required=True)
    meeting_id = Id(required=True, allow_none=True)
    place_id = Id(required=True, allow_none=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    reopens_on = Day(required=True, metadata={"description": "The day after the last."})
    reason = said()
    made_at = Instant(required=True)
    lifted_at = Instant(required=True, allow_none=True, metadata={"description": "When it was opened again early."})


class SubstituteWanted(Schema):
    """Who is to lead a date in another's stead."""

    person_id = Id(required=True, allow_none=True, metadata={"description": "Somebody of the staff; null: as always."})
    instead_of = Id(
        load_default=None, allow_none=True, metadata={"description": "One who leads the meeting; null: all of them."}
    )


class Leader(Schema):
    """Somebody who leads a date."""

    person_id = Id(required=True)
    stands_in = Truth(required=True, metadata={"description": "This date alone, in another's stead."})


class Leaders(Schema):
    """Who leads a date."""

    leaders = fields.List(fields.Nested(Leader), required=True)


class ExtraDate(Schema):
    """One more date, which no rule gives; what is left out is as the meeting's."""

    start_local = Wall(required=True, metadata={"description": "In the meeting's zone."})
    minutes = Whole(1, 24 * 60, allow_none=True, load_default=None)
    note = line(500, pattern=MANY_LINES, load_default="", metadata={"description": "Everybody can read it."})


class Ending(Schema):
    """From which day on a meeting has no dates."""

    since = Day(required=True, data_key="from", metadata={"description": "Dates before this day stay as they are."})


class Change(Schema):
    """One change of a meeting or of one of its dates. What it says of people is their ids alone, and staff's only."""

    id = Id(required=True)
    meeting_id = Id(required=True)
    occurrence_id = Id(required=True, allow_none=True, metadata={"description": "Null: the meeting as a whole."})
    act = said()
    at = Instant(required=True)
    by = Id(required=True, allow_none=True, metadata={"description": "A person, or a token."})
    before = fields.Dict(keys=fields.String(), required=True, metadata={"description": "As far as it was changed."})
    after = fields.Dict(keys=fields.String(), required=True)
    can_undo = Truth(required=True, metadata={"description": "For ten minutes, unless the same changed since."})
    undone_at = Instant(required=True, allow_none=True)
    undone_by = Id(required=True, allow_none=True)


class ClosureQuery(PageQuery):
    """Which closures are wanted: those that are not over, unless all are asked for."""

    which = choice("standing", "all", load_default="standing")


ClosurePage = page_of(Closure, "ClosurePage")
ChangePage = page_of(Change, "ChangePage")
