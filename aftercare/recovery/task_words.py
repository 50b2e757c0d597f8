"""What somebody wrote, for the counsellor who has to answer it; that it was read is noted (messaging.md)."""

import unicodedata
import uuid
from typing import Any

from aftercare.audit import reading
from aftercare.http import actor
from aftercare.messaging import inbound_texts
from aftercare.messaging.models import InboundText
from aftercare.people import organisations
from aftercare.recovery.models import OutreachTask

MAY_READ = "words:read"


def of(task: OutreachTask) -> dict[str, Any] | None:
    """Show the text that a task is about, with the one before it if neither was understood; None if there is none."""
    found = _texts(task)
    if not found:
        return None
    may_read = actor.current().may(MAY_READ)
    zone = organisations.get_organisation(task.organisation_id).zone
    return {"may_read": may_read, "texts": [_read(text, task) for text in found] if may_read else [], "zone": zone}


def _texts(task: OutreachTask) -> list[InboundText]:
    """Find the texts of a task; one that may be meant for another organisation is not shown."""
    named = task.facts.get("inbound_id")
    text = inbound_texts.find(task.organisation_id, uuid.UUID(named)) if named else None
    if text is None:
        return []
    return inbound_texts.row_of(text) if task.kind == "not_understood" else [text]


def _read(text: InboundText, task: OutreachTask) -> dict[str, Any]:
    reading.note("words.read", about="inbound_text", about_id=text.id, person_id=task.person_id)
    body = text.body if text.body_sealed is not None else None
    return {"body": body and _printable(body), "at": text.said_at, "pictures": text.media_count}


def _printable(words: str) -> str:
    """Leave out what no page can hold."""
    return "".join(letter for letter in words if letter == "\n" or unicodedata.category(letter) != "Cc")
