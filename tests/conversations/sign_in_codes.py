"""How tests ask for a code by text, and enter it."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from aftercare.conversations import sign_in_texts
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message

UNKNOWN = "+13035550199"


def texts() -> list[Message]:
    """Let the worker look once, and give the texts that were posted."""
    with transaction():
        sign_in_texts.post_due()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def ask(client: FlaskClient, number: str) -> Any:
    """Ask for a code on the page."""
    return client.post("/sign-in", data={"phone": number})


def enter(client: FlaskClient, code: str, **form: str) -> Any:
    """Type a code on the page."""
    return client.post("/sign-in/code", data={"code": code} | form)


def code_for(client: FlaskClient, number: str) -> str:
    """Ask for a code in a browser, and read it in the text."""
    ask(client, number)
    return texts()[-1].body.split()[0]


def link_for(client: FlaskClient, number: str) -> str:
    """Ask for a code in a browser, and give the path of the link in the text."""
    ask(client, number)
    return texts()[-1].body.split()[-1].removeprefix("http://localhost")


def wrong(code: str) -> str:
    """Make another code."""
    return f"{(int(code) + 1) % 1000000:06d}"
