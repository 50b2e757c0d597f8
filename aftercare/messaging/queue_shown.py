"""What managers and admins are shown of the queue of texts, in words."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare import config
from aftercare.core import clock
from aftercare.core.db import database_now
from aftercare.messaging import advice, beats, blocks, queue_figures, senders
from aftercare.messaging.beats import Sign
from aftercare.messaging.channels import EMAIL
from aftercare.messaging.queue_figures import Figures
from aftercare.messaging.senders import Sender

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_MOST_WORKERS = 10


def of(organisation_id: uuid.UUID) -> dict[str, Any]:
    """Show how an organisation's texts stand, and whether they can go."""
    figures = queue_figures.of([organisation_id])[organisation_id]
    sender, now = senders.sender_from(config.current()), database_now()
    signs = beats.latest()
    return {
        "counts": _counts(figures),
        "failed": _failed(figures),
        "pause": _pause(sender),
        "mail_pause": next(map(_pause, senders.all_from(config.current())[1:]), None),
        "is_filtered": blocks.is_filtered(),
        "workers": [_worker(sign, now) for sign in signs[:_MOST_WORKERS]],
        "are_silent": beats.are_all_silent(signs, now=now),
        "per_second": sender.per_second,
        "per_day": sender.per_day,
    }


def _counts(figures: Figures) -> Sequence[tuple[str, int | str]]:
    oldest = figures.oldest_due
    return [
        (_("Due now"), figures.due),
        (_("Late, due for more than 5 minutes"), figures.late),
        (_("The oldest has been due for"), _long((clock.now() - oldest).total_seconds()) if oldest else "–"),
        (_("Being sent"), figures.sending),
        (_("In doubt, being looked up"), figures.unknown),
        (_("Not delivered in 24 hours"), sum(figures.failed.values())),
        (_("People who stopped texts in 30 days"), figures.stopped),
    ]


def _failed(figures: Figures) -> Sequence[Sequence[int | str]]:
    most_first = sorted(figures.failed.items(), key=lambda each: (-each[1], each[0]))
    return [(code or "–", count, advice.about(failure, code)) for (failure, code), count in most_first]


def _pause(sender: Sender) -> dict[str, Any] | None:
    found = senders.find_pause(sender)
    if found is None:
        return None
    why = advice.about_mail() if sender.channel == EMAIL else advice.about(found.failure, found.code)
    return {"since": found.since, "code": found.code, "why": why}


def _worker(sign: Sign, now: datetime) -> Sequence[str]:
    heard = _("%(time)s ago", time=_long((now - sign.beat_at).total_seconds()))
    return (sign.name, _state(sign, now), heard)


def _state(sign: Sign, now: datetime) -> str:
    if sign.stopped_at is not None:
        return str(_("Stopped as asked"))
    return str(_("At work") if sign.is_living(now) else _("Silent"))


def _long(seconds: float) -> str:
    """Say how long something took, in the largest whole unit."""
    passed = max(0, int(seconds))
    if passed < _MINUTE:
        return str(ngettext("%(num)s second", "%(num)s seconds", passed))
    if passed < _HOUR:
        return str(ngettext("%(num)s minute", "%(num)s minutes", passed // _MINUTE))
    if passed < _DAY:
        return str(ngettext("%(num)s hour", "%(num)s hours", passed // _HOUR))
    return str(ngettext("%(num)s day", "%(num)s days", passed // _DAY))
