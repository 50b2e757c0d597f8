"""Ask the database a statement of the finder: values as its driver takes them, and what comes back as ours."""

import json
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from aftercare.core.db import db, is_postgresql
from aftercare.core.reader import Reader
from aftercare.meetings import finder_sql

_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)
Asked = Sequence[Any]


@contextmanager
def without_session(reader: Reader) -> Iterator[None]:
    """Ask past the session meanwhile: no transaction is begun for what reads a little and is asked often."""
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


def ask(sql: str, given: Mapping[str, Any]) -> Sequence[Asked]:
    """Give all rows of a statement."""
    is_distributed = is_postgresql()
    taken = {name: _taken(value, is_distributed=is_distributed) for name, value in given.items()}
    statement = finder_sql.as_driver(sql, postgresql=is_distributed)
    if reader := _reader.get():
        return reader.fetch_all(statement, taken)
    return db.session.connection().exec_driver_sql(statement, taken).all()


def an_id(value: Any) -> uuid.UUID:
    """Read an id."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def moment(value: Any) -> datetime:
    """Read a moment."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def mark(an_id: uuid.UUID) -> str:
    """Write an id as the database does where it is read as text."""
    return str(an_id) if is_postgresql() else an_id.hex


def _taken(value: Any, *, is_distributed: bool) -> Any:
    if isinstance(value, Collection) and not isinstance(value, str):
        return list(value) if is_distributed else json.dumps(list(value), default=lambda each: each.hex)
    if is_distributed:
        return value
    if isinstance(value, uuid.UUID):
        return value.hex
    # As the column type writes it, so that the order of texts is that of moments.
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value
