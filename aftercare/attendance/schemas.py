"""The documents of who was there, as the API takes and shows them."""

from marshmallow import Schema, fields

from aftercare.attendance.check_in import LONGEST_REASON, MARKS
from aftercare.attendance.models import WAYS
from aftercare.http.fields import MANY_LINES, Day, Id, Instant, choice, line


class Mark(Schema):
    """What staff saw of a patient at a date."""

    status = choice(*MARKS, load_default="attended")
    reason = line(
        LONGEST_REASON,
        pattern=MANY_LINES,
        allow_none=True,
        load_default=None,
        metadata={"description": "Needed to excuse somebody, and for a correction more than 72 h after the end."},
    )


class Attendance(Schema):
    """The one record of a patient at a date."""

    occurrence_id = Id(required=True)
    patient_id = Id(required=True)
    status = choice(*MARKS, required=True)
    credit_date = Day(required=True, metadata={"description": "The day it counts for; written once."})
    arrived_at = Instant(required=True)
    way = choice(*WAYS, required=True)
    assurance = fields.Integer(required=True, metadata={"description": "0 (own word) to 3 (staff saw it)."})
    updated_at = Instant(required=True)
