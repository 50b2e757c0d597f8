"""Lists by cursor: a page begins behind the last row of the one before. Never an OFFSET, never a COUNT."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from aftercare.core.db import Model, UTCDateTime, db
from aftercare.core.errors import Invalid

Row = TypeVar("Row", bound=Model)
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursor of those that follow."""

    items: list[Row]
    next: str | None


def page(
    wanted: Select[Row], query: Mapping[str, Any], *, by: Sequence[Column], newest_first: bool = False
) -> Page[Row]:
    """Read one page of a list, in the order of columns that together are unique, or in the opposite one."""
    if query["cursor"]:
        after = [literal(value, column.type) for column, value in zip(by, _read(query["cursor"], by), strict=True)]
        reached, last = tuple_(*by), tuple_(*after)
        wanted = wanted.where(reached < last if newest_first else reached > last)
    limit, order = query["limit"], [column.desc() for column in by] if newest_first else by
    rows = list(db.session.scalars(wanted.order_by(*order).limit(limit + 1)))
    end = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], _write(end, by) if end else None)


def _write(row: Model, by: Sequence[Column]) -> str:
    keys = [getattr(row, column.key) for column in by]
    said = json.dumps([key.isoformat() if isinstance(key, datetime) else str(key) for key in keys])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, by: Sequence[Column]) -> list[Any]:
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_key(column, key) for column, key in zip(by, said, strict=True)]
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise _unknown() from error


def _key(column: Column, said: str) -> uuid.UUID | datetime:
    """Read a key: lists go by moments and ids."""
    if not isinstance(column.type, UTCDateTime):
        return uuid.UUID(said)
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError("A moment of a list has a zone.")
    return moment.astimezone(UTC)


def _unknown() -> Invalid:
    sentence = "This cursor is not from this list. Begin again without one."
    return Invalid(sentence, fields={"cursor": sentence})
