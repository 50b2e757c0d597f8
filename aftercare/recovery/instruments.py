"""Questionnaires that a clinic loads from a file: items that are each answered by a number (product.md section 6).

The service brings none along: the words of BARC-10 and its kin belong to their authors, and a clinic that may use them
has them.
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.messaging import segments
from aftercare.people.models import Organisation
from aftercare.recovery.models import Checkup, Instrument

MOST_ITEMS = 30
LONGEST_ITEM = 110
LONGEST_FILE = 100_000
LANGUAGES = ("en", "es")
FIELDS = {"name", "language", "low", "high", "items"}


def load(organisation: Organisation, content: bytes) -> Instrument:
    """Take a questionnaire from its file; the one of that name and language, if there is one, takes its words.

    The file is JSON: {"name", "language": "en" or "es", "low": 1, "high": 6, "items": [sentences]}. Raises Invalid.
    """
    given = _read(content)
    found = _find(organisation.id, given["name"], given["language"])
    if found is not None and _is_in_use(found):
        raise Invalid("This questionnaire has been answered already. Load the new one under another name.")
    instrument = found or Instrument(organisation_id=organisation.id, name=given["name"], language=given["language"])
    instrument.low, instrument.high, instrument.items = given["low"], given["high"], given["items"]
    instrument.loaded_at = clock.now()
    db.session.add(instrument)
    db.session.flush()
    trail.record(
        "instrument.loaded", organisation_id=organisation.id, about="instrument", about_id=instrument.id,
        items=len(instrument.items),
    )  # fmt: skip
    return instrument


def loaded(organisation_id: uuid.UUID, language: str | None = None) -> Sequence[Instrument]:
    """Give the questionnaires of an organisation, by name."""
    wanted = select(Instrument).where(Instrument.organisation_id == organisation_id)
    if language is not None:
        wanted = wanted.where(Instrument.language == language)
    return db.session.scalars(wanted.order_by(Instrument.name, Instrument.language)).all()


def get_instrument(organisation_id: uuid.UUID, instrument_id: uuid.UUID) -> Instrument:
    """Give a questionnaire of an organisation; raise NotFound."""
    found = db.session.get(Instrument, (organisation_id, instrument_id))
    if found is None:
        raise NotFound("There is no such questionnaire.")
    return found


def _find(organisation_id: uuid.UUID, name: str, language: str) -> Instrument | None:
    return next((each for each in loaded(organisation_id, language) if each.name == name), None)


def _is_in_use(instrument: Instrument) -> bool:
    from_it = select(Checkup.id).where(
        Checkup.organisation_id == instrument.organisation_id, Checkup.instrument_id == instrument.id
    )
    return db.session.scalars(from_it.limit(1)).first() is not None


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > LONGEST_FILE:
        raise Invalid("This file is too large for a questionnaire.")
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid("This file is no JSON. A questionnaire is {name, language, low, high, items}.") from error
    if not isinstance(given, dict) or set(given) != FIELDS:
        raise Invalid("A questionnaire has name, language, low, high and items, and nothing else.")
    _check(given)
    return {**given, "name": given["name"].strip(), "items": [" ".join(each.split()) for each in given["items"]]}


def _check(given: dict[str, Any]) -> None:
    if not isinstance(given["name"], str) or not 1 <= len(given["name"].strip()) <= 60:
        raise Invalid("The name has 1 to 60 letters.")
    if given["language"] not in LANGUAGES:
        raise Invalid("The language is en or es.")
    low, high = given["low"], given["high"]
    if type(low) is not int or type(high) is not int or not 0 <= low < high <= 9:
        raise Invalid("Answers go from low to high, two numbers of one digit, like 1 and 6.")
    items = given["items"]
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise Invalid(f"A questionnaire has 1 to {MOST_ITEMS} items.")
    for number, item in enumerate(items, 1):
        _check_item(number, item)


def _check_item(number: int, item: object) -> None:
    if not isinstance(item, str) or not item.strip():
        raise Invalid(f"Item {number} is empty.")
    spelled = segments.to_gsm7(item)
    if _letters(spelled) < _letters(item):
        raise Invalid(f"Item {number} has letters that a plain phone cannot show.")
    if len(" ".join(spelled.split())) > LONGEST_ITEM:
        raise Invalid(f"Item {number} does not fit one text: it may have {LONGEST_ITEM} letters.")


def _letters(text: str) -> int:
    return sum(letter.isalnum() for letter in text)
