"""Idempotency-Key: a POST that is repeated with its key gets the answer it got, and does nothing again."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import clock
from aftercare.core.db import db, is_postgresql
from aftercare.core.errors import Invalid
from aftercare.core.sealed import keyring
from aftercare.http import actor
from aftercare.http.models import KeptAnswer

HEADER = "Idempotency-Key"
SHAPE = r"^[!-~]{1,255}$"
KEPT_HEADERS = ("Location", "ETag")
KEPT_FOR = timedelta(hours=24)

View = Callable[..., Any]


def once(view: View) -> View:
    """Do a POST once for each key that its caller gives; a refusal is not kept, so it may be tried again."""

    @wraps(view)
    def kept(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        return _first_or_again(_row_key(key), lambda: view(*args, **kwargs))

    kept.is_idempotent = True  # type: ignore[attr-defined]  # what the documents of the API read
    return kept


def sweep(now: datetime) -> int:
    """Drop the answers that are kept long enough; say how many."""
    gone = db.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < now - KEPT_FOR))
    return int(getattr(gone, "rowcount", 0))


def _first_or_again(key: tuple[uuid.UUID, str], act: Callable[[], Response]) -> Response:
    mark = hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)).digest()
    if not _is_first(key, mark):
        return _again(key, mark)
    answer = act()
    changed = update(KeptAnswer).where(KeptAnswer.organisation_id == key[0], KeptAnswer.key == key[1])
    db.session.execute(changed.values(status=answer.status_code, body_sealed=_seal(key, answer)))
    return answer


def _is_first(key: tuple[uuid.UUID, str], mark: bytes) -> bool:
    """Take the key. Whoever comes second waits here until the first has its answer (or has failed)."""
    organisation_id, name = key
    now = clock.now()
    old = delete(KeptAnswer).where(KeptAnswer.organisation_id == organisation_id, KeptAnswer.key == name)
    db.session.execute(old.where(KeptAnswer.created_at < now - KEPT_FOR))
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    taken = insert(KeptAnswer).values(
        organisation_id=organisation_id, key=name, request_hash=mark, status=0, body_sealed=b"", created_at=now
    )
    return db.session.scalar(taken.on_conflict_do_nothing().returning(KeptAnswer.key)) is not None


def _again(key: tuple[uuid.UUID, str], mark: bytes) -> Response:
    kept = db.session.get_one(KeptAnswer, key, populate_existing=True)
    if kept.request_hash != mark:
        sentence = "This Idempotency-Key came with another request before. Use a new key."
        raise Invalid(sentence, fields={HEADER: sentence})
    said = json.loads(keyring().open(kept.body_sealed, about=_place(key)))
    answer = current_app.response_class(said["body"], status=kept.status, mimetype="application/json")
    answer.headers.update(said["headers"])
    return answer


def _seal(key: tuple[uuid.UUID, str], answer: Response) -> bytes:
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    said = json.dumps({"body": answer.get_data(as_text=True), "headers": headers})
    return keyring().seal(said, about=_place(key))


def _row_key(key: str) -> tuple[uuid.UUID, str]:
    """Keep keys apart by caller, and hashed: a caller may have put anything into one."""
    if not re.fullmatch(SHAPE, key):
        sentence = "Use 1 to 255 visible ASCII characters."
        raise Invalid(sentence, fields={HEADER: sentence})
    caller = actor.current()
    said = f"{caller.person_id} {caller.attributes.get('token_id', '')} {key}"
    return caller.organisation_id, hashlib.sha256(said.encode()).hexdigest()


def _place(key: tuple[uuid.UUID, str]) -> str:
    return f"kept_answers.body_sealed:{key[0]}:{key[1]}"
