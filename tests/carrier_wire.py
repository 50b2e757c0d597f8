"""What goes over the wire between a carrier like Twilio and us: texts, forms, signatures, faults."""

import base64
import hashlib
import hmac
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import urlencode

ACCOUNT = "AC" + "0" * 32
TOKEN = "fake-auth-token"
SERVICE = "MG" + "0" * 32
NUMBER = "+15035550111"


@dataclass(frozen=True)
class Fault:
    """What one request to send meets: `429:3`, `500`, `code:30034`, `garbage`, `hang`, `reset`, and `accept+half` (of
    an answer), `accept+drip:2` (an answer that takes two seconds).

    With `accept+` before it, the text is taken all the same: only the answer is lost.
    """

    kind: str
    value: int = 0
    accepts: bool = False

    @classmethod
    def read(cls, spelled: str) -> Self:
        """Read a fault as it is spelled in tests."""
        accepts, rest = spelled.startswith("accept+"), spelled.removeprefix("accept+")
        kind, _, value = rest.partition(":")
        return cls(kind, int(value or 0), accepts)


@dataclass
class Text:
    """A text that the carrier took."""

    sid: str
    to: str
    sender: str
    body: str
    service: str
    callback: str
    validity: int
    created_at: datetime
    status: str
    error_code: int | None = None
    form: dict[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Show the text as Twilio's API does."""
        created = format_datetime(self.created_at)
        sent = None if self.status == "accepted" else created
        return {
            "sid": self.sid, "account_sid": ACCOUNT, "to": self.to, "from": self.sender or None, "body": self.body,
            "status": self.status, "direction": "outbound-api", "messaging_service_sid": self.service or None,
            "date_created": created, "date_updated": created, "date_sent": sent,
            "error_code": self.error_code, "error_message": None, "num_segments": "1", "num_media": "0", "price": None,
            "price_unit": "USD", "api_version": "2010-04-01", "subresource_uris": {},
            "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{self.sid}.json",
        }  # fmt: skip


def sign(url: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    """Sign a form as Twilio does: HMAC-SHA1 over the URL and the sorted fields."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def inbound_form(body: str, *, sender: str, to: str = NUMBER, sid: str = "", **more: str) -> dict[str, str]:
    """Make the form of a text that a person sends."""
    sid = sid or new_sid("SM")
    return {
        "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "MessagingServiceSid": SERVICE,
        "From": sender, "To": to, "Body": body, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "ApiVersion": "2010-04-01", "FromCity": "PORTLAND", "FromState": "OR", "FromZip": "97201", "FromCountry": "US",
        **more,
    }  # fmt: skip


def status_form(text: Text, status: str, error_code: int | None = None) -> dict[str, str]:
    """Make the form of a status callback."""
    form = {
        "MessageSid": text.sid, "SmsSid": text.sid, "MessageStatus": status, "SmsStatus": status, "To": text.to,
        "From": text.sender or NUMBER, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01",
    }  # fmt: skip
    return form | ({"ErrorCode": str(error_code)} if error_code else {})


def post_signed(url: str, form: Mapping[str, str], *, token: str = TOKEN, timeout: float = 15) -> int:
    """Post a signed form, and say the HTTP status that came back; 0 if nothing did."""
    headers = {"X-Twilio-Signature": sign(url, form, token), "I-Twilio-Idempotency-Token": str(uuid.uuid4())}
    request = urllib.request.Request(url, data=urlencode(form).encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def new_sid(prefix: str) -> str:
    return prefix + uuid.uuid4().hex
