"""The API of messages: what was to be sent, and what became of it."""

from typing import Any

from aftercare.audit import reading
from aftercare.http import actor, api, cursors, fields, guards
from aftercare.messaging import posted, schemas
from aftercare.messaging.models import Message

door = api.Door("messages", "Texts that were to go out, and where each stands. Never their words, never a number.")


@door.get("/messages")
@guards.writes
@guards.needs("api:messages:read")
@door.asks(fields.PageQuery)
@door.answers(200, schemas.MessagePage)
def list_messages(query: dict[str, Any]) -> Any:
    """List the messages, oldest first."""
    page = cursors.page(posted.all_of(actor.current().organisation_id), query, by=(Message.id,))
    reading.note_list("messages.listed", about="message", ids=[message.id for message in page.items])
    return page
