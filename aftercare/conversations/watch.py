"""Watch over the sending of texts: when it stands still, staff are told, once, and told when it goes on again.

Run by every worker, for the others, and by `aftercare serve`, for the case that none is left. What is found here is for
whoever may see the queue: managers and admins.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from aftercare.core import clock
from aftercare.core.db import database_now, transaction
from aftercare.messaging import beats, blocks, claims, senders
from aftercare.messaging.beats import Sign
from aftercare.messaging.senders import Pause, Sender
from aftercare.people import organisations
from aftercare.recovery import outreach
from aftercare.recovery.outreach import Standing

WORKER_SILENT, SENDER_PAUSED, TEXTS_FILTERED = outreach.OPERATIONS
NEVER = "never"


def look(*all_senders: Sender) -> None:
    """See whether workers live and senders may send; ask staff to look where not, and close what is over."""
    look_at_workers()
    for sender in all_senders:
        look_at_sender(sender)
    look_at_carriers()


def look_at_workers() -> None:
    """Ask staff to look after workers: all are silent while texts are due, or one stopped without saying so."""
    with transaction(reading=True):
        now, signs = database_now(), beats.latest()
        opened = outreach.open_operations(WORKER_SILENT)
        are_silent = beats.are_all_silent(signs, now=now)
        about = next(iter(signs if are_silent else beats.vanished(signs, now=now)), None)
        concerned = _with_due_texts() if are_silent else organisations.every_id() if about else []
    heard_at = about.beat_at.isoformat() if about else NEVER
    once = f"{about.name}:{heard_at}" if about else NEVER
    _ask(_without(concerned, opened), WORKER_SILENT, once, are_all_silent=are_silent, heard_at=heard_at)
    _close(opened, lambda task: _is_heard_of(task, signs))


def look_at_sender(sender: Sender) -> None:
    """Tell staff whose texts wait that their sender is paused, and why."""
    with transaction(reading=True):
        pause = senders.find_pause(sender)
        tasks = outreach.open_operations(SENDER_PAUSED)
        opened = [task for task in tasks if task.facts.get("channel", "text") == sender.channel]
        concerned = claims.organisations_with_due(clock.now(), sender.channel) if pause else []
    since = pause.since.isoformat() if pause else None
    if pause is not None:
        facts = {"since": str(since), "channel": sender.channel} | _why(pause)
        _ask(_without(concerned, opened), SENDER_PAUSED, f"{sender.name}:{since}", **facts)
    _close(opened, lambda task: task.facts["since"] != since)


def look_at_carriers() -> None:
    """Tell staff of all organisations, once a day, that the carriers block what we send."""
    with transaction(reading=True):
        opened, is_filtered = outreach.open_operations(TEXTS_FILTERED), blocks.is_filtered()
        concerned = organisations.every_id() if is_filtered else []
    _ask(_without(concerned, opened), TEXTS_FILTERED, clock.now().date().isoformat())
    _close(opened, lambda _: not is_filtered)


def _why(pause: Pause) -> dict[str, str | int | bool]:
    why: dict[str, str | int | bool] = {"failure": str(pause.failure)}
    return why | ({"code": pause.code} if pause.code else {})


def _with_due_texts() -> Iterable[uuid.UUID]:
    return claims.organisations_with_due(clock.now())


def _without(concerned: Iterable[uuid.UUID], opened: Iterable[Standing]) -> list[uuid.UUID]:
    asked = {task.organisation_id for task in opened}
    return [organisation_id for organisation_id in concerned if organisation_id not in asked]


def _ask(concerned: Iterable[uuid.UUID], kind: str, about: str, **facts: str | int | bool) -> None:
    for organisation_id in concerned:
        with transaction():
            outreach.open_task(
                organisation_id, kind, once=f"{kind}:{about}", person_id=None, is_urgent=True, due_at=None, **facts
            )


def _close(opened: Iterable[Standing], is_over: Callable[[Standing], bool]) -> None:
    for key in [(task.organisation_id, task.id) for task in opened if is_over(task)]:
        with transaction():
            outreach.close_task(*key, by=None, outcome="done")


def _is_heard_of(task: Standing, signs: Sequence[Sign]) -> bool:
    """Tell whether a worker was heard of since they were all silent, or another started where one vanished."""
    if task.facts["heard_at"] == NEVER:
        return bool(signs)
    heard_at = datetime.fromisoformat(task.facts["heard_at"])
    if task.facts["are_all_silent"]:
        return any(sign.beat_at > heard_at for sign in signs)
    return any(sign.started_at > heard_at for sign in signs)
