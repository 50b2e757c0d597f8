"""The API of messages: what was to be sent, and what became of it."""

import uuid
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from aftercare.audit import reading
from aftercare.http import actor, api, cursors, fields, guards
from aftercare.messaging import schemas
from aftercare.messaging.models import Message

door = api.Door("messages", "Texts that were to go out, and where each stands. Never their words, never a number.")


@door.get("/messages")
@guards.writes
@guards.needs("api:messages:read")
@door.asks(fields.PageQuery)
@door.answers(200, schemas.MessagePage)
def list_messages(query: dict[str, Any]) -> Any:
    """List the messages, oldest first."""
    page = cursors.page(_messages(actor.current().organisation_id), query, by=(Message.id,))
    reading.note_list("messages.listed", about="message", ids=[message.id for message in page.items])
    return page


def _messages(organisation_id: uuid.UUID) -> Select[Message]:
    sealed = (defer(Message.number_sealed), defer(Message.body_sealed), defer(Message.number_hash))
    return select(Message).where(Message.organisation_id == organisation_id).options(*sealed)
