"""What the fake carrier answers besides taking texts: what it keeps of them, and of the account itself."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.carrier_wire import Fault

if TYPE_CHECKING:
    from tests.carrier import FakeCarrier

Answer = tuple[int, dict[str, Any]]
NOT_FOUND: Answer = (404, {"code": 20404, "message": "Not found.", "status": 404})
NOT_OURS: Answer = (401, {"code": 20003, "message": "Authenticate.", "status": 401})
_TEXT = re.compile(r"/2010-04-01/Accounts/(AC\w+)/Messages/(SM\w+)\.json")
_ACCOUNT = re.compile(r"/2010-04-01/Accounts/(AC\w+)\.json")
_NUMBERS = re.compile(r"/2010-04-01/Accounts/(AC\w+)/IncomingPhoneNumbers\.json")
_SERVICE = re.compile(r"/v1/Services/(MG\w+)")


def is_record(method: str, path: str) -> bool:
    """Tell whether a request is about a record, and not about texts to take or to list."""
    asked = (_TEXT,) if method == "POST" else (_TEXT, _ACCOUNT, _NUMBERS, _SERVICE)
    return any(pattern.fullmatch(path) for pattern in asked)


def answer(carrier: "FakeCarrier", path: str, query: str, form: dict[str, str]) -> Answer | Fault:
    """Answer a request about a record, or say what it meets."""
    fault = carrier.next_fault(carrier.record_faults)
    if fault is not None:
        return fault
    text = _TEXT.fullmatch(path)
    if text is not None:
        return _change_text(carrier, text[2], form) if form else _shown(carrier, text[2])
    service = _SERVICE.fullmatch(path)
    if service is not None:
        return (200, {"sid": service[1]}) if service[1] in carrier.services else NOT_FOUND
    if _NUMBERS.fullmatch(path):
        return _numbers(carrier, query)
    return 200, {"sid": carrier.account, "status": carrier.account_status, "friendly_name": "Elm Street"}


def _shown(carrier: "FakeCarrier", sid: str) -> Answer:
    return next(((200, sent.shown()) for sent in carrier.sent if sent.sid == sid), NOT_FOUND)


def _change_text(carrier: "FakeCarrier", sid: str, form: dict[str, str]) -> Answer:
    """Let the words of a text be forgotten: nothing else of it can be changed."""
    for sent in carrier.sent:
        if sent.sid == sid:
            sent.body = form["Body"]
            carrier.redacted.append(sid)
            return 200, sent.shown()
    if sid not in carrier.received:
        return NOT_FOUND
    carrier.received[sid] = form["Body"]
    carrier.redacted.append(sid)
    return 200, {"sid": sid, "body": form["Body"], "direction": "inbound", "status": "received"}


def _numbers(carrier: "FakeCarrier", query: str) -> Answer:
    wanted = parse_qs(query).get("PhoneNumber", [""])[0]
    found = [{"phone_number": number} for number in carrier.numbers if number == wanted]
    return 200, {"incoming_phone_numbers": found, "next_page_uri": None, "page": 0}
