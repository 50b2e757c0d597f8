"""A carrier that asks us: signed forms, posted to an installation that texts through Twilio."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from aftercare import config
from aftercare.messaging.models import Message
from aftercare.messaging.rows import reference_of
from tests.carrier_wire import ACCOUNT, SERVICE, TOKEN, sign

BASE = "https://meet.example.org"
SID = "SM" + "1" * 32


class Asking:
    """A carrier that posts signed forms to us."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, form: dict[str, str], **given: Any) -> Any:
        """Post a form, signed unless a signature is given."""
        token, signature = given.pop("token", TOKEN), given.pop("signature", None)
        headers = {"X-Twilio-Signature": sign(BASE + path, form, token) if signature is None else signature}
        return self.client.post(path, data=form, headers=headers, **given)

    def tell(self, message: Message, status: str, *, sid: str = SID, attempt: int = 1, code: int = 0) -> Any:
        """Tell what became of one try to send a message."""
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT}
        path = f"/sms/status?m={reference_of(message)}&a={attempt}"
        return self.post(path, form | ({"ErrorCode": str(code)} if code else {}))


@contextmanager
def texting_by_twilio(app: Flask, client: FlaskClient, **more: Any) -> Iterator[Asking]:
    """Let an application text through Twilio, which asks it back."""
    before = app.extensions[config.EXTENSION]
    app.extensions[config.EXTENSION] = replace(
        before,
        sms="twilio",
        base_url=BASE,
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=(TOKEN, "the-next-token"),
        twilio_messaging_service_sid=SERVICE,
        **more,
    )
    yield Asking(client)
    app.extensions[config.EXTENSION] = before
