"""Which carrier the settings name."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from flask import Flask

from aftercare.config import Settings
from aftercare.messaging.gateway import Carrier, Redactor, Reporter
from aftercare.messaging.simulator import SimulatedCarrier


def carrier_for(app: Flask, settings: Settings) -> Carrier:
    """Make the carrier of an installation."""
    if settings.sms == "twilio":
        carrier: Carrier = _twilio().carrier_from(settings)
        return carrier
    return SimulatedCarrier(app)


def reporter(settings: Settings) -> Reporter | None:
    """Make what can be asked what became of texts; the simulated carrier always tells by itself."""
    if settings.sms != "twilio":
        return None
    carrier: Reporter = _twilio().carrier_from(settings)
    return carrier


def redactor(settings: Settings) -> Redactor | None:
    """Make what has old texts forgotten at the carrier; None where the settings do not want it."""
    if settings.sms != "twilio" or not settings.redacts_at_carrier:
        return None
    carrier: Redactor = _twilio().carrier_from(settings)
    return carrier


def mail_carrier(app: Flask, settings: Settings) -> Carrier | None:
    """Make what hands letters over; None where no mail server is set. In the demo they are shown on the phones."""
    if not settings.smtp_url and settings.is_demo:
        return SimulatedCarrier(app)
    carrier: Carrier | None = mail_server(settings)
    return carrier


def mail_server(settings: Settings) -> Any:
    """Make what speaks to the mail server (`messaging.mail.MailCarrier`); None where none is set."""
    if not settings.smtp_url:
        return None
    mail: Any = import_module("aftercare.messaging.mail")
    carrier: Carrier = mail.MailCarrier(mail.server_from(settings))
    return carrier


def is_signed(settings: Settings, *, path: str, query: str, form: Mapping[str, str], signature: str) -> bool:
    """Tell whether the carrier signed a request for its public address; the simulated one never asks over HTTP."""
    if settings.sms != "twilio":
        return False
    url = _twilio().public_url(settings.base_url, path, query)
    return bool(_twilio().signed_by_carrier(url, form, signature, settings.twilio_auth_tokens))


def _twilio() -> Any:
    # By name, so that only those installations load it that use it: it takes 0.3 s and 25 MB.
    return import_module("aftercare.messaging.twilio")
