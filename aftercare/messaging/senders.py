"""Whom our texts come from: how fast, how many a day, and whether at all right now (twilio-and-rules.md 4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, select, update
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.config import Settings
from aftercare.core import throttle
from aftercare.core.db import db, is_postgresql
from aftercare.messaging.models import SenderState
from aftercare.messaging.retries import Failure, pacific_day

_NOT_PAUSED = {"paused_until": None, "paused_at": None, "failure": None, "code": None}


@dataclass(frozen=True)
class Sender:
    """One number or pool of numbers, or a mailbox.

    `per_second` is 0 where the carrier sets the pace, `per_day` 0 for no cap.
    """

    name: str
    per_second: int = 0
    per_day: int = 0
    channel: str = "text"

    @property
    def pace(self) -> str:
        """Name the row that counts texts a second."""
        return f"sender-pace:{self.name}"


@dataclass(frozen=True)
class Pause:
    """Why and until when a sender is held back; `until` may be past, then one text is tried first."""

    since: datetime
    until: datetime
    failure: Failure
    code: int | None


def sender_from(settings: Settings) -> Sender:
    """Give the sender that the settings name."""
    named = settings.twilio_messaging_service_sid or settings.twilio_from
    name = named if settings.sms == "twilio" else "simulator"
    return Sender(name, settings.texts_per_second, settings.texts_per_day)


def mailbox_from(settings: Settings) -> Sender:
    """Give the mailbox that the settings name."""
    return Sender(f"mail:{settings.mail_from}", channel="email")


def all_from(settings: Settings) -> list[Sender]:
    """Give everybody in whose name the settings let us write."""
    return [sender_from(settings), *([mailbox_from(settings)] if settings.smtp_url else [])]


def pause(sender: Sender, until: datetime, *, failure: Failure, code: int | None, now: datetime) -> None:
    """Send nothing from a sender until a moment, and say why (the breaker); what waits, waits."""
    _ensure(sender)
    why = {"paused_until": until, "failure": str(failure), "code": code}
    since = db.func.coalesce(SenderState.paused_at, now)
    db.session.execute(_named(sender).values(**why, paused_at=since))


def resume(sender: Sender, *, now: datetime) -> None:
    """Let a sender send again, because the text that was tried after its pause went through.

    What was already on its way when the pause began proves nothing, so that does not end it.
    """
    db.session.execute(_named(sender).where(SenderState.paused_until <= now).values(**_NOT_PAUSED))


def try_soon(sender: Sender, *, now: datetime) -> None:
    """Let one text be tried at once: a worker that starts has read settings that somebody may have mended.

    A cap of the carrier is not mended that way.
    """
    is_ours = (SenderState.failure == str(Failure.CONFIGURATION), SenderState.paused_until > now)
    db.session.execute(_named(sender).where(*is_ours).values(paused_until=now))


def find_pause(sender: Sender) -> Pause | None:
    """Find why a sender is held back; None if it is not."""
    found = db.session.get(SenderState, sender.name, populate_existing=True)
    if found is None or found.paused_until is None or found.paused_at is None:
        return None
    return Pause(found.paused_at, found.paused_until, Failure(found.failure or Failure.UNKNOWN), found.code)


def may_try(sender: Sender, wanted: int, *, now: datetime) -> int:
    """Say how many texts may be tried: none in a pause, one to see whether it may end, else what is left of the day."""
    columns = (SenderState.paused_until, SenderState.counted_on, SenderState.counted)
    found = db.session.execute(select(*columns).where(SenderState.name == sender.name)).one_or_none()
    if found is None:
        return wanted
    if found.paused_until is not None:
        wanted = 0 if found.paused_until > now else min(wanted, 1)
    if sender.per_day and found.counted_on == pacific_day(now):
        wanted = min(wanted, max(0, sender.per_day - found.counted))
    return wanted


def may_try_urgent(sender: Sender, wanted: int, *, now: datetime) -> int:
    """Say how many texts that nothing of ours holds back may be tried: all, but none in a pause, and one to end it."""
    paused_until = db.session.scalar(select(SenderState.paused_until).where(SenderState.name == sender.name))
    if paused_until is None:
        return wanted
    return 0 if paused_until > now else min(wanted, 1)


def count_urgent(sender: Sender, count: int, *, at: datetime, now: datetime) -> None:
    """Count texts that go whatever the day's cap and the pace say, so that the others keep to both."""
    if sender.per_second:
        throttle.take_some(sender.pace, count, per_second=sender.per_second, now=at)
    if sender.per_day:
        counted = _counted_today(sender, now)
        db.session.execute(_named(sender).values(counted_on=pacific_day(now), counted=counted + count))


def has_room(sender: Sender, wanted: int, *, at: datetime) -> int:
    """Say how many texts the pace has room for now, so that nobody looks at texts that cannot go; it uses none."""
    if not sender.per_second:
        return wanted
    return min(wanted, throttle.free(sender.pace, per_second=sender.per_second, now=at))


def grant(sender: Sender, wanted: int, *, at: datetime, now: datetime) -> int:
    """Use up to `wanted` texts of the sender's day and pace, and say how many they allow now.

    The pace is measured by the database's clock, the day by the one that people see.
    """
    if sender.per_second:
        wanted = throttle.take_some(sender.pace, wanted, per_second=sender.per_second, now=at)
    return _count(sender, wanted, now) if sender.per_day and wanted else wanted


def give_back(sender: Sender, unused: int) -> None:
    """Give back to the day what was granted and not taken by the carrier."""
    if sender.per_day and unused:
        left = SenderState.counted - unused
        db.session.execute(_named(sender).where(SenderState.counted >= unused).values(counted=left))


def _count(sender: Sender, wanted: int, now: datetime) -> int:
    """Count texts of this day, in a row that is locked till they are claimed: no two workers use the same one."""
    before = _counted_today(sender, now)
    granted = max(0, min(wanted, sender.per_day - before))
    db.session.execute(_named(sender).values(counted_on=pacific_day(now), counted=before + granted))
    return granted


def _counted_today(sender: Sender, now: datetime) -> int:
    """Lock the count of a sender's day, and give it."""
    _ensure(sender)
    columns = (SenderState.counted_on, SenderState.counted)
    row = db.session.execute(select(*columns).where(SenderState.name == sender.name).with_for_update()).one()
    return row.counted if row.counted_on == pacific_day(now) else 0


def _named(sender: Sender) -> Update:
    return update(SenderState).where(SenderState.name == sender.name)


def _ensure(sender: Sender) -> None:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(insert(SenderState).values(name=sender.name, counted=0).on_conflict_do_nothing())
