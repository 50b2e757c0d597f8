"""Codes that show a number to be somebody's: six digits texted to it, or eight from staff that come in from it.

The six digits are good in the browser that asked, for ten minutes. The eight are good once, for an hour, by a text from
the new phone, or typed with its number. Whether anybody has the number makes no difference here.
"""

import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.core.tokens import new_long_secret
from aftercare.people import directory
from aftercare.people.models import TO_TEXT, DirectoryEntry, NumberChange, Person

LASTS = timedelta(minutes=10)
STAFF_LASTS = timedelta(hours=1)
KEPT = timedelta(days=1)
TRIES = 5
DIGITS, STAFF_DIGITS = 6, 8
PURPOSE = "number_code"


@dataclass(frozen=True)
class Key:
    """What the browser that asked shows to be known again."""

    organisation_id: uuid.UUID
    change_id: uuid.UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.organisation_id.hex}.{self.change_id.hex}.{self.secret}"


def ask(person: Person, number: str) -> Key:
    """Let a code be texted to a number that somebody wants to be theirs; what they asked before is over."""
    _end(NumberChange.person_id == person.id, NumberChange.way == "own", organisation_id=person.organisation_id)
    change = NumberChange(
        organisation_id=person.organisation_id, person_id=person.id, way="own", number=number,
        expires_at=clock.now() + LASTS,
    )  # fmt: skip
    db.session.add(change)
    return _held(change)


def make_staff_code(person: Person, *, by: uuid.UUID) -> str:
    """Make the code that staff give to somebody with a new phone, and give it, this once; older ones are over."""
    _end(NumberChange.person_id == person.id, organisation_id=person.organisation_id)
    code = _unused_code()
    change = NumberChange(
        organisation_id=person.organisation_id, person_id=person.id, way="staff", made_by=by,
        code_hash=keyring().mark(code, purpose=PURPOSE), expires_at=clock.now() + STAFF_LASTS,
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    directory.enter_mark(PURPOSE, code, organisation_id=change.organisation_id, subject_id=change.id)
    trail.record(
        "number.code_made", organisation_id=person.organisation_id, about="person", about_id=person.id,
        person_id=person.id, actor_id=by,
    )  # fmt: skip
    return code


def find_by_staff_code(typed: str) -> NumberChange | None:
    """Find the live change of a code that staff gave out, in whichever organisation."""
    found = (_live_one(*key) for key in directory.find_by_mark(PURPOSE, typed)) if is_staff_code(typed) else ()
    return next((change for change in found if change is not None), None)


def is_staff_code(typed: str) -> bool:
    """Tell whether something looks like a code of staff."""
    return len(typed) == STAFF_DIGITS and typed.isascii() and typed.isdigit()


def aim(change: NumberChange, number: str) -> Key:
    """Let a code be texted to the number that was typed with a code of staff."""
    change.number = number
    change.texted_at = None
    change.expires_at = min(change.expires_at, clock.now() + LASTS)
    return _held(change)


def code(change: NumberChange) -> str:
    """Say the code that is texted. It is not kept: it follows from id and number, by a key outside the database."""
    signed = keyring().sign(f"{change.id}:{change.number}", purpose="number_change")
    return f"{int.from_bytes(signed[:16], 'big') % 10**DIGITS:0{DIGITS}d}"


def find_asked(key: str) -> NumberChange | None:
    """Find the live change that a browser asked for."""
    read = _read_key(key)
    change = _live_one(read.organisation_id, read.change_id) if read else None
    if read is None or change is None or change.browser_hash is None:
        return None
    return change if hmac.compare_digest(bytes(change.browser_hash), digest(read.secret)) else None


def matches(change: NumberChange, typed: str) -> bool:
    """Tell whether this is the code that was texted. A wrong one is counted; five end it."""
    if change.tries >= TRIES:
        return False
    digits = "".join(character for character in typed if character in "0123456789")
    if hmac.compare_digest(digits, code(change)):
        return True
    change.tries += 1
    return False


def use(change: NumberChange) -> bool:
    """Use a change up; False if somebody else just did."""
    return _end(NumberChange.id == change.id, organisation_id=change.organisation_id) == 1


def end_all(person: Person) -> None:
    """End everything that was to give somebody another number."""
    _end(NumberChange.person_id == person.id, organisation_id=person.organisation_id)


def is_asked() -> bool:
    """Tell whether anybody waits for a text."""
    wanted = select(NumberChange.id).where(TO_TEXT, *_live(clock.now())).limit(1)
    return db.session.scalars(wanted).first() is not None


def untexted(*, limit: int) -> Sequence[NumberChange]:
    """Take the live changes whose text is still to be posted, oldest first; other workers pass them by."""
    wanted = select(NumberChange).where(TO_TEXT, *_live(clock.now())).order_by(NumberChange.made_at).limit(limit)
    return db.session.scalars(wanted.with_for_update(skip_locked=True)).all()


def sweep(now: datetime) -> int:
    """Drop the changes that were over a day ago."""
    over = NumberChange.expires_at < now - KEPT
    ids = select(NumberChange.id).where(over, NumberChange.way == "staff")
    db.session.execute(
        delete(DirectoryEntry).where(DirectoryEntry.purpose == PURPOSE, DirectoryEntry.subject_id.in_(ids)),
        execution_options={"synchronize_session": False},
    )
    gone = db.session.execute(delete(NumberChange).where(over))
    return int(getattr(gone, "rowcount", 0))


def _held(change: NumberChange) -> Key:
    secret = new_long_secret()
    change.browser_hash = digest(secret)
    db.session.flush()
    return Key(change.organisation_id, change.id, secret)


def _read_key(text: str) -> Key | None:
    try:
        organisation, change, secret = text.split(".")
        return Key(uuid.UUID(organisation), uuid.UUID(change), secret)
    except ValueError:
        return None


def _unused_code() -> str:
    """Make a code that nobody else has: by it alone a text is told from all others."""
    while True:
        code = f"{secrets.randbelow(10**STAFF_DIGITS):0{STAFF_DIGITS}d}"
        if not directory.find_by_mark(PURPOSE, code):
            return code


def _live_one(organisation_id: uuid.UUID, change_id: uuid.UUID) -> NumberChange | None:
    wanted = select(NumberChange).where(
        NumberChange.organisation_id == organisation_id, NumberChange.id == change_id, *_live(clock.now())
    )
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()


def _live(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return NumberChange.used_at.is_(None), NumberChange.expires_at > now


def _end(*matching: ColumnElement[bool], organisation_id: uuid.UUID) -> int:
    live = update(NumberChange).where(NumberChange.organisation_id == organisation_id, NumberChange.used_at.is_(None))
    ended = db.session.execute(live.where(*matching).values(used_at=clock.now()))
    return int(getattr(ended, "rowcount", 0))
