"""Whether what was planned is still to be said: asked just before a text goes (messaging.md, "look again")."""

import uuid
from collections.abc import Sequence

from aftercare.conversations import broadcasts, missed, reminders
from aftercare.messaging.models import Message


def still_wanted(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    """Say which of these texts should not go after all, and why."""
    return reminders.still_wanted(messages) | missed.still_wanted(messages) | broadcasts.still_wanted(messages)
