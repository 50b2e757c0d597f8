"""Our Twilio carrier, speaking to whatever server a test names."""

import uuid

from aftercare.messaging.gateway import OutgoingText
from aftercare.messaging.twilio import Account, TwilioCarrier
from tests.carrier_wire import ACCOUNT, SERVICE, TOKEN

ANA = "+15035550100"
BODY = "Reminder: Tue Dec 1, 6:00 PM. ¿? & é"
CALLBACK = "https://texts.example.org/sms/status?m=1&a=2"


def account_at(url, **more):
    return Account(**{"sid": ACCOUNT, "token": TOKEN, "messaging_service": SERVICE, "api_url": url} | more)


def twilio_at(url, fault="", **more) -> TwilioCarrier:
    """Give our carrier: it waits half a second for an answer that will never come, and long for any other."""
    return TwilioCarrier(account_at(url, **more), timeout=(20, 0.5 if "hang" in fault else 20))


def text_to(to=ANA, body=BODY, valid_seconds=600, callback=CALLBACK):
    return OutgoingText(to, body, callback, valid_seconds, uuid.uuid4())
