"""What stands around the words of a letter: a page to answer on, a way to end them; and the pages behind both."""

import base64
import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare import config
from aftercare.consent import mail_ledger
from aftercare.core import clock, throttle
from aftercare.core.errors import Gone, Invalid, NotFound
from aftercare.core.sealed import keyring
from aftercare.meetings import answer_links
from aftercare.messaging import letters, outbox
from aftercare.messaging.channels import EMAIL, OTHER_CHANNEL, TEXT
from aftercare.messaging.models import Message
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

LETTER_LASTS = timedelta(hours=4)
CONFIRM_LASTS = timedelta(days=2)
LONGEST_ADDRESS = 254
_PLACE = "letters.address"


@dataclass(frozen=True)
class Held:
    """What the address of a page in a letter holds, sealed: whose it is, and what for."""

    purpose: str
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    email: str
    until: datetime | None


def letter(message: Message) -> str:
    """Put the letter of a message together, when it is about to go."""
    organisation = organisations.get_organisation(message.organisation_id)
    assert message.person_id is not None
    person = accounts.get_person(message.organisation_id, message.person_id)
    return letters.compose(
        message.body,
        message.language,
        sender=organisation.discreet_name,
        answer_at=_answer_at(message, person),
        stop_at=f"{config.current().base_url}/mail/stop/{_seal(person, 'stop', message.number)}",
    )


def is_offered() -> bool:
    """Tell whether letters can be sent at all."""
    return bool(config.current().smtp_url) or config.current().is_demo


def ask_to_confirm(person: Person, address: str) -> Message | None:
    """Write to an address and ask whether it is theirs; only the latest such question can be answered.

    Raises Invalid if it is none, and if its holder asked us not to write; TooMany if it was written to too often.
    """
    email, now = read_address(address), clock.now()
    if mail_ledger.was_refused(person, email):
        raise Invalid(_REFUSED, fields={"email": _REFUSED})
    mark = keyring().mark(email, purpose=_PLACE)
    throttle.take(f"mail-confirm:{mark.hex()}", times=3, per_seconds=86_400, sentence=_TOO_OFTEN)
    person.email_asked_hash, person.email_asked_at = mark, now
    link = f"{config.current().base_url}/mail/confirm/{_seal(person, 'confirm', email, now + CONFIRM_LASTS)}"
    once = f"mail_confirm:{uuid.uuid4()}"
    return outbox.post_letter(person, email, "mail_confirm", once=once, useful_until=now + LETTER_LASTS, link=link)


def read_address(typed: str) -> str:
    """Read an e-mail address as people type it; raise Invalid."""
    address = typed.strip()
    if not _ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
        raise Invalid(_NO_ADDRESS, fields={"email": _NO_ADDRESS})
    name, _, host = address.rpartition("@")
    return f"{name}@{host.lower()}"


_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")
_NO_ADDRESS = "Write an e-mail address, like ana@example.org."
_REFUSED = "At that address we were asked not to write. Use another one."
_TOO_OFTEN = "We wrote to that address a few times already. Try again tomorrow."


def confirm(secret: str) -> Person:
    """Take the word of whoever opened a letter that its address is theirs, and that they agree to letters."""
    held = read(secret, "confirm")
    person = accounts.get_person(held.organisation_id, held.person_id)
    if person.left_at is not None or not _is_asked(person, held.email):
        raise Gone("This link was used already, or a newer one was asked for.")
    person.email, person.email_frozen_at, person.channel = held.email, None, EMAIL
    _forget_question(person)
    mail_ledger.grant(person, way="email")
    _plan_anew(person, channel=TEXT)
    outbox.post(
        person, "mail_welcome", once=f"mail_welcome:{uuid.uuid4()}", occurs_on=clock.today(person.zone),
        useful_until=clock.now() + LETTER_LASTS, is_answer=True,
    )  # fmt: skip
    return person


def stop(secret: str) -> Person:
    """End letters to a person, at once, and take back those that have not left."""
    held = read(secret, "stop")
    person = accounts.get_person(held.organisation_id, held.person_id)
    if _is_asked(person, held.email):
        _forget_question(person)
    if held.email == person.email:
        end(person, way="email")
    else:
        # Whoever holds an address that was only asked speaks for that address alone.
        mail_ledger.refuse(person, held.email)
    return person


def end(person: Person, *, way: str) -> None:
    """Record that a person wants no more letters, and take back those that have not left."""
    mail_ledger.end(person, way=way)
    _forget_question(person)
    outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED, channel=EMAIL)


def back_to_texts(person: Person) -> None:
    """Write to a person by text again, if they agreed to texts; news that waits still goes by letter."""
    person.channel = TEXT
    _forget_question(person)
    _plan_anew(person, channel=EMAIL)


def _plan_anew(person: Person, *, channel: str) -> None:
    """Take back the reminders that wait for the old way; they are written down anew for the other."""
    outbox.cancel(
        person.organisation_id, person_id=person.id, kinds=("reminder",), reason=OTHER_CHANNEL, channel=channel
    )


def _is_asked(person: Person, email: str) -> bool:
    asked = person.email_asked_hash
    return asked is not None and bytes(asked) in keyring().marks(email, purpose=_PLACE)


def _forget_question(person: Person) -> None:
    person.email_asked_hash = person.email_asked_at = None


def read(secret: str, purpose: str) -> Held:
    """Read the address of a page that stood in a letter; raise NotFound or Gone."""
    try:
        given = json.loads(keyring().open(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)), about=_PLACE))
        until = datetime.fromisoformat(given["until"]) if given["until"] else None
        held = Held(given["for"], uuid.UUID(given["o"]), uuid.UUID(given["p"]), given["email"], until)
    except (ValueError, KeyError, TypeError):
        held = None
    if held is None or held.purpose != purpose:
        raise NotFound("This link does not work. Check that you copied all of it.")
    if held.until is not None and held.until <= clock.now():
        raise Gone("This link is too old. Ask for a new one.")
    return held


def _answer_at(message: Message, person: Person) -> str | None:
    if not message.asks or message.occurrence_id is None:
        return None
    secret = answer_links.create(message.organisation_id, message.occurrence_id, person.id)
    return f"{config.current().base_url}/r/{secret}"


def _seal(person: Person, purpose: str, email: str, until: datetime | None = None) -> str:
    held = {
        "for": purpose, "o": person.organisation_id.hex, "p": person.id.hex, "email": email,
        "until": until.isoformat() if until else None,
    }  # fmt: skip
    return base64.urlsafe_b64encode(keyring().seal(json.dumps(held), about=_PLACE)).decode().rstrip("=")
