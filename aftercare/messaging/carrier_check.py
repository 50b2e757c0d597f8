"""Is the account at Twilio as the settings say: asked over the network, with time-outs; nothing is changed there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aftercare.config import Settings
from aftercare.messaging.wire import Broken, Wire

API_URL, SERVICES_URL = "https://api.twilio.com", "https://messaging.twilio.com"
TIMEOUT = (3.05, 10.0)
ACTIVE = "active"


@dataclass(frozen=True)
class Answer:
    """What Twilio said to a question: an HTTP status, 0 if it did not answer, and what it told."""

    status: int
    told: Mapping[str, Any]

    @property
    def is_found(self) -> bool:
        """Tell whether what was asked for is there."""
        return self.status == 200


def ask_account(settings: Settings) -> Answer:
    """Ask for the account itself: whether the credentials hold, and whether it is active."""
    return _ask(settings, API_URL, f"/2010-04-01/Accounts/{settings.twilio_account_sid}.json")


def ask_sender(settings: Settings) -> Answer:
    """Ask for the messaging service, or for the number if there is none."""
    if settings.twilio_messaging_service_sid:
        return _ask(settings, SERVICES_URL, f"/v1/Services/{settings.twilio_messaging_service_sid}")
    path = f"/2010-04-01/Accounts/{settings.twilio_account_sid}/IncomingPhoneNumbers.json"
    answer = _ask(settings, API_URL, path, {"PhoneNumber": settings.twilio_from})
    is_missing = answer.is_found and not answer.told.get("incoming_phone_numbers")
    return Answer(404, {}) if is_missing else answer


def _ask(settings: Settings, address: str, path: str, query: Mapping[str, object] | None = None) -> Answer:
    wire = Wire(settings.twilio_api_url or address, connections=1, timeout=TIMEOUT)
    account = (settings.twilio_account_sid, settings.twilio_auth_tokens[0])
    try:
        response = wire.ask("GET", path, query=query, headers={"Accept": "application/json"}, account=account)
        told = json.loads(response.data)
    except Broken:
        return Answer(0, {})
    except ValueError:
        return Answer(502, {})
    return Answer(response.status, told if isinstance(told, dict) else {})
