"""The carrier's doors: what became of a text, and a text that came in. Nothing unsigned gets past the first line."""

import re

import structlog
from flask import Blueprint, Response, abort, request

from aftercare import config
from aftercare.conversations import incoming
from aftercare.core import clock
from aftercare.core.tally import Tally
from aftercare.http import guards
from aftercare.messaging import callbacks, carrier_moments, carriers
from aftercare.messaging.references import Reference
from aftercare.messaging.senders import sender_from

log = structlog.get_logger()
door = Blueprint("hooks", __name__)
#: A wrong token is worth a line in the log; a flood of forged requests is worth no more.
REFUSALS = Tally(every=60.0)
LARGEST = 64 * 1024
# The answer goes out through the outbox, where it has a state; TwiML would have none.
SAY_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{27}=")
_SID = re.compile(r"[A-Za-z0-9]{1,64}")
_STATUS = re.compile(r"[a-z_]{1,32}")
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_CODE = re.compile(r"[0-9]{0,6}")
_OPT_OUT = re.compile(r"[A-Za-z]{0,16}")
_COUNT = re.compile(r"[0-9]{0,3}")
# Twilio's form carries none of these today; others in its place do.
_TIMES = ("DateSent", "DateCreated", "Timestamp")
_ATTEMPT = re.compile(r"[0-9]{0,6}")


@door.post("/sms/status")
@guards.public
@guards.without_csrf
def take_status() -> Response:
    """Take what the carrier says of a text."""
    _admit_carrier_only()
    sid, status = _field("MessageSid", _SID), _field("MessageStatus", _STATUS)
    error_code, attempt = _field("ErrorCode", _CODE), _checked(request.args.get("a", ""), _ATTEMPT)
    callbacks.take_status(
        sid,
        status,
        error_code=int(error_code) if error_code else None,
        reference=Reference.read(request.args.get("m", "")),
        attempt=int(attempt) if attempt else None,
        sender=sender_from(config.current()),
    )
    return Response(status=204)


@door.post("/sms/inbound")
@guards.public
@guards.without_csrf
def take_in() -> Response:
    """Take a text that somebody sent us."""
    _admit_carrier_only()
    incoming.take_in(
        _field("MessageSid", _SID),
        sender=_field("From", _NUMBER),
        to=_field("To", _NUMBER),
        body=request.form.get("Body", ""),
        opt_out_type=_field("OptOutType", _OPT_OUT).upper() or None,
        sent_at=next(filter(None, (carrier_moments.read(request.form.get(name, "")) for name in _TIMES)), None),
        # Of pictures only the count is kept; they are never fetched.
        media_count=int(_field("NumMedia", _COUNT) or 0),
    )
    return Response(SAY_NOTHING, content_type="text/xml; charset=utf-8")


def _admit_carrier_only() -> None:
    """Stop whatever is too large, or not signed for our public address (twilio-and-rules.md 3).

    What bears no signature is not even read; what bears a wrong one costs a digest of 64 KB at most, known or not.
    """
    request.max_content_length = LARGEST
    signature = request.headers.get("X-Twilio-Signature", "")
    if not _SIGNATURE.fullmatch(signature) or not _is_signed(signature):
        count = REFUSALS.count(clock.monotonic())
        if count:
            log.warning("hook_refused", count=count)
        abort(Response(status=403))


def _is_signed(signature: str) -> bool:
    query = request.query_string.decode("latin-1")
    return carriers.is_signed(config.current(), path=request.path, query=query, form=request.form, signature=signature)


def _field(name: str, shape: re.Pattern[str]) -> str:
    return _checked(request.form.get(name, ""), shape)


def _checked(given: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(given):
        abort(Response(status=400))
    return given
