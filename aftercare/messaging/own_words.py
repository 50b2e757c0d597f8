"""An organisation's own words for texts of the catalogue: what was changed, and what it says now (messaging.md)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.messaging.models import TextTemplate
from aftercare.messaging.texts import NO_WORDS, Key, OwnWords

_REMEMBERED = "own_words"


def words_of(organisation_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, OwnWords]:
    """Give the own words of each of these organisations, for `texts.render`; one query, and once a transaction."""
    known = _remembered()
    missing = {each for each in organisation_ids if each not in known}
    if missing:
        known.update(_read(missing))
        db.session.info[_REMEMBERED] = db.session().get_transaction(), known
    return {each: known[each] for each in organisation_ids}


def own_words(organisation_id: uuid.UUID) -> OwnWords:
    """Give the own words of one organisation."""
    return words_of([organisation_id])[organisation_id]


def keep(organisation_id: uuid.UUID, key: Key, body: str | None, *, by: uuid.UUID | None) -> None:
    """Let an organisation say one text in its own words, which the law has passed; None: in the original ones again."""
    kind, language, level = key
    db.session.execute(
        delete(TextTemplate).where(
            TextTemplate.organisation_id == organisation_id,
            TextTemplate.kind == kind,
            TextTemplate.language == language,
            TextTemplate.level == level,
        )
    )
    if body is not None:
        db.session.add(
            TextTemplate(
                organisation_id=organisation_id, kind=kind, language=language, level=level, body=body,
                updated_at=clock.now(), updated_by=by,
            )
        )  # fmt: skip
    db.session.flush()
    db.session.info.pop(_REMEMBERED, None)
    trail.record(
        "text.changed", organisation_id=organisation_id, about="text", actor_id=by,
        kind=kind, language=language, level=level, is_original=body is None,
    )  # fmt: skip


def _remembered() -> dict[uuid.UUID, OwnWords]:
    """Give what was read in this very transaction: another one may see other words."""
    running = db.session().get_transaction()
    of, known = db.session.info.get(_REMEMBERED, (None, {}))
    return known if running is not None and of is running else {}


def _read(organisation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, OwnWords]:
    wanted = select(
        TextTemplate.organisation_id, TextTemplate.kind, TextTemplate.language, TextTemplate.level, TextTemplate.body
    ).where(TextTemplate.organisation_id.in_(organisation_ids))
    found: dict[uuid.UUID, dict[Key, str]] = defaultdict(dict)
    for organisation_id, kind, language, level, body in db.session.execute(wanted):
        found[organisation_id][kind, language, level] = body
    return {each: found.get(each, NO_WORDS) for each in organisation_ids}
