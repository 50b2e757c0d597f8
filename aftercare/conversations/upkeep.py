"""The upkeep of texts: the rounds that a worker makes, with the settings of the running service."""

import uuid
from collections.abc import Iterable

from aftercare import config
from aftercare.conversations import watch
from aftercare.core.db import transaction
from aftercare.messaging import callbacks, carriers, confirmation, redaction, senders
from aftercare.messaging.senders import sender_from
from aftercare.people import organisations


def look() -> None:
    """See whether texts flow, and tell staff where they do not."""
    watch.look(*senders.all_from(config.current()))


def settle_event(event_id: uuid.UUID) -> None:
    """Take an event of the carrier that came before we knew its message, or drop it."""
    callbacks.settle(event_id, sender=sender_from(config.current()))


def drop_old_events() -> None:
    """Drop the events of the carrier that have been settled for long, some at a time."""
    is_done = False
    while not is_done:
        with transaction():
            is_done = callbacks.drop_old() < callbacks.DROPPED_AT_ONCE


def to_confirm() -> Iterable[tuple[uuid.UUID]]:
    """Name whose texts the carrier is to be asked about: nobody's where it always tells by itself."""
    if config.current().sms != "twilio":
        return ()
    return ((organisation_id,) for organisation_id in organisations.every_id())


def confirm(organisation_id: uuid.UUID) -> None:
    """Ask the carrier what became of the texts it took and never spoke of again."""
    settings = config.current()
    carrier = carriers.reporter(settings)
    if carrier is not None:
        confirmation.confirm(carrier, organisation_id, sender=sender_from(settings))


def to_redact() -> Iterable[tuple[uuid.UUID | None]]:
    """Name whose texts the carrier is to forget: those that came in (None), and those of each organisation."""
    settings = config.current()
    if settings.sms == "twilio" and settings.redacts_at_carrier:
        yield (None,)
        yield from ((organisation_id,) for organisation_id in organisations.every_id())


def redact(organisation_id: uuid.UUID | None) -> None:
    """Have the carrier forget what was erased here."""
    carrier = carriers.redactor(config.current())
    if carrier is not None:
        redaction.redact_at_carrier(carrier, organisation_id)
