"""Codes and links that prove a phone: six digits for the browser that asked, a link for any browser; good once.

What a request leaves behind is the same for a number that nobody has and for one that somebody has: one row. Whose
number it is, and whether a text may go there, is looked up later, by the worker.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_, update

from aftercare.core import clock
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.core.tokens import new_long_secret
from aftercare.people import directory
from aftercare.people.access import BY_PHONE
from aftercare.people.models import Person, PersonRole, SignInCode

LASTS = timedelta(minutes=10)
KEPT = timedelta(days=1)
TRIES = 5
DIGITS = 6


def ask(number: str, *, language: str) -> str:
    """Ask for a code to be texted to a number (E.164); give the secret by which this browser is known again."""
    browser = new_long_secret()
    asked = SignInCode(phone=number, browser_hash=digest(browser), language=language, expires_at=clock.now() + LASTS)
    asked.link_hash = digest(link_secret(asked))
    db.session.add(asked)
    db.session.flush()
    return browser


def code(asked: SignInCode) -> str:
    """Say the code of a request. It is not kept: it follows from the id, by a key that is not in the database."""
    number = int.from_bytes(keyring().sign(str(asked.id), purpose="sign_in_code")[:16], "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def link_secret(asked: SignInCode) -> str:
    """Say the secret of the link of a request: 128 bits that only the text carries."""
    mark = keyring().sign(str(asked.id), purpose="sign_in_link")[:16]
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def find_by_code(browser: str, typed: str) -> SignInCode | None:
    """Find the live request of this very browser if this is its code. A wrong code is counted; five end it."""
    wanted = select(SignInCode).where(
        SignInCode.browser_hash == digest(browser), SignInCode.tries < TRIES, *_live(clock.now())
    )
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    asked = db.session.scalars(locked).one_or_none()
    if asked is None:
        return None
    digits = "".join(character for character in typed if character in "0123456789")
    if hmac.compare_digest(digits, code(asked)):
        return asked
    asked.tries += 1
    return None


def find_by_link(secret: str) -> SignInCode | None:
    """Find the live request of a link."""
    wanted = select(SignInCode).where(SignInCode.link_hash == digest(secret), *_live(clock.now()))
    return db.session.scalars(wanted).one_or_none()


def use(asked: SignInCode) -> bool:
    """Use a request up; False if somebody else just did."""
    unused = update(SignInCode).where(SignInCode.id == asked.id, SignInCode.used_at.is_(None))
    used = db.session.execute(unused.values(used_at=clock.now()))
    return bool(getattr(used, "rowcount", 0))


def end(number: str) -> None:
    """End every request of a number: it may be somebody else's from now on."""
    live = update(SignInCode).where(SignInCode.phone_hash.in_(keyring().marks(number, purpose="phone")))
    db.session.execute(live.where(*_live(clock.now())).values(used_at=clock.now()))


def holders(asked: SignInCode) -> Sequence[Person]:
    """Give those who may sign in with the phone of a request: a family may share one, in one organisation or two."""
    found = directory.find_by_phone(asked.phone)
    wanted = (
        select(Person)
        .join(PersonRole, (PersonRole.organisation_id == Person.organisation_id) & (PersonRole.person_id == Person.id))
        .where(
            tuple_(Person.organisation_id, Person.id).in_(found),
            PersonRole.role.in_(BY_PHONE),
            Person.left_at.is_(None),
            Person.phone_frozen_at.is_(None),
        )
        .order_by(Person.organisation_id, Person.id)
        .distinct()
    )
    return db.session.scalars(wanted).all()


def is_asked() -> bool:
    """Tell whether anybody waits for a text."""
    wanted = select(SignInCode.id).where(SignInCode.texted_at.is_(None), *_live(clock.now())).limit(1)
    return db.session.scalars(wanted).first() is not None


def untexted(*, limit: int) -> Sequence[SignInCode]:
    """Take the live requests whose text is still to be posted, oldest first; other workers pass them by."""
    wanted = (
        select(SignInCode)
        .where(SignInCode.texted_at.is_(None), *_live(clock.now()))
        .order_by(SignInCode.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.session.scalars(wanted).all()


def sweep(now: datetime) -> int:
    """Drop the requests that were over a day ago."""
    gone = db.session.execute(delete(SignInCode).where(SignInCode.expires_at < now - KEPT))
    return int(getattr(gone, "rowcount", 0))


def _live(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SignInCode.used_at.is_(None), SignInCode.expires_at > now
