"""The documents of messages: where each stands, and never to which number or what it says."""

from marshmallow import Schema, fields

from aftercare.http.fields import Id, Instant, choice, page_of, said
from aftercare.messaging.states import State


class Message(Schema):
    """One text that was to go out once."""

    id = Id(required=True)
    kind = said()
    state = choice(*(state.value for state in State), required=True)
    reason = fields.String(required=True, allow_none=True)
    person_id = Id(required=True, allow_none=True)
    occurrence_id = Id(required=True, allow_none=True)
    language = said()
    attempts = fields.Integer(required=True)
    error_code = fields.Integer(required=True, allow_none=True)
    due_at = Instant(required=True)
    useful_until = Instant(required=True)
    sent_at = Instant(required=True, allow_none=True)
    created_at = Instant(required=True)


MessagePage = page_of(Message, "MessagePage")
