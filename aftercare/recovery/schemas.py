"""The documents of how far somebody has come. Never a word of what was missed but where a program asks week by week."""

from marshmallow import Schema, fields

from aftercare.http.fields import Day, Id, choice
from aftercare.recovery.streaks import Status


class Week(Schema):
    """One week: how many meetings were credited, how many it asked for in the end, and what became of it."""

    start = Day(required=True)
    done = fields.Integer(required=True)
    goal = fields.Integer(required=True)
    status = choice(*(status.value for status in Status), required=True)


class Streak(Schema):
    """The weekly goal streak of a patient, as of today in their own zone."""

    patient_id = Id(required=True)
    total = fields.Integer(required=True, metadata={"description": "Meetings they came to, ever."})
    weeks_on_goal = fields.Integer(required=True)
    this_week_done = fields.Integer(required=True)
    this_week_goal = fields.Integer(required=True)
    current = fields.Integer(required=True, metadata={"description": "Weeks in a row."})
    best = fields.Integer(required=True, metadata={"description": "The most weeks in a row, ever."})
    shows_streak = fields.Boolean(
        required=True, metadata={"description": "Whether the patient wants to see their weeks in a row. Respect it."}
    )
    weeks = fields.List(fields.Nested(Week), required=True, metadata={"description": "Oldest first."})


class Milestone(Schema):
    """A number that was reached; never taken back."""

    kind = choice("meetings", "weeks", required=True)
    number = fields.Integer(required=True)
    reached_on = Day(required=True)


class Milestones(Schema):
    """All that a patient has reached, newest first."""

    patient_id = Id(required=True)
    items = fields.List(fields.Nested(Milestone), required=True)
