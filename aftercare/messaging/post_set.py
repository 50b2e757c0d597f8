"""Texts posted to many people by one statement: bare rows, whose number and words are looked up when they go."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from aftercare.core import clock, ids, sql
from aftercare.core.db import db, is_postgresql
from aftercare.messaging import rows
from aftercare.messaging.models import Message
from aftercare.messaging.posted import LEFT
from aftercare.messaging.states import State

#: What was posted to somebody about a date: some text, or the very one that is asked for.
SOME, STANDS = 1, 2
#: Given to nobody: a text in one of these states never reached its reader.
_TAKEN_BACK = (State.CANCELLED, State.EXPIRED)


class Before:
    """What was posted to one person about one date, for a query over both."""

    def __init__(
        self, organisation_id: ColumnElement[uuid.UUID], occurrence_id: ColumnElement[uuid.UUID],
        person_id: ColumnElement[uuid.UUID],
    ) -> None:  # fmt: skip
        self._key = (organisation_id, occurrence_id, person_id)

    def has(self, once: ColumnElement[str]) -> ColumnElement[bool]:
        """Spell that a text of this name was posted."""
        message = aliased(Message)
        return self._exists(message, message.once == once)

    def seen(self, once: ColumnElement[str], *, but: Collection[str]) -> ColumnElement[int | None]:
        """Spell STANDS if a text of this name holds good or has left, SOME if anything was posted, else nothing.

        What was cancelled for one of these reasons does not stand.
        """
        message = aliased(Message)
        is_cancelled = and_(message.reason.is_not(None), message.reason.in_(but))
        stands = case((and_(message.once == once, ~is_cancelled), STANDS), else_=SOME)
        return select(func.max(stands)).where(*self._of(message)).scalar_subquery()

    def was_asked(self, kinds: Collection[str], *, until: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Spell that a text of some kinds had left by a moment."""
        message = aliased(Message)
        left_at = func.coalesce(message.left_at, message.sent_at, message.claimed_at, message.due_at)
        has_left = message.state.in_([state.value for state in sorted(LEFT)])
        return self._exists(message, message.kind.in_(kinds), has_left, left_at <= until)

    def is_near(
        self, once: str, *, useful_until: ColumnElement[datetime], between: tuple[ColumnElement[datetime], ...]
    ) -> ColumnElement[bool]:
        """Spell that a text as useful holds good whose name begins like this, or, of its kind, between two moments."""
        message, kind = aliased(Message), once.partition(":")[0]
        alike = message.once.startswith(once, autoescape=True)
        soon = (message.due_at > between[0]) & (message.due_at < between[1])
        return self._exists(
            message, message.kind == kind, message.state.not_in(_TAKEN_BACK),
            message.useful_until == useful_until, or_(alike, soon),
        )  # fmt: skip

    def times_cancelled(self, reasons: Collection[str], *, once: ColumnElement[str]) -> ColumnElement[int]:
        """Spell how many texts whose name begins like this were cancelled for some reasons."""
        message = aliased(Message)
        begins = func.substr(message.once, 1, func.length(once)) == once
        return (
            select(func.count())
            .select_from(message)
            .where(*self._of(message), message.reason.in_(reasons), begins)
            .scalar_subquery()
        )

    def _exists(self, message: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(*self._of(message), *where)

    def _of(self, message: Any) -> tuple[ColumnElement[bool], ...]:
        organisation_id, occurrence_id, person_id = self._key
        return (
            message.organisation_id == organisation_id,
            message.occurrence_id == occurrence_id,
            message.person_id == person_id,
        )


def post(values: Mapping[str, SQLColumnExpression[Any]], source: Select[*tuple[Any, ...]]) -> int:
    """Post a text for every row that a select finds, each once; say how many. `values` spell the columns."""
    given = _defaults() | dict(values)
    wanted: Any = source.with_only_columns(*(spelled.label(name) for name, spelled in given.items()))
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(rows.TABLE).from_select(list(given), wanted, include_defaults=False).on_conflict_do_nothing()
    posted = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    # The driver of SQLite counts no rows of a statement that begins with WITH.
    count = getattr(posted, "rowcount", 0) if is_postgresql() else db.session.scalar(select(func.changes()))
    return int(count or 0)


def _defaults() -> dict[str, SQLColumnExpression[Any]]:
    columns = [each for each in rows.TABLE.columns if each.default is not None and each.default.is_scalar]
    plain = {each.name: literal(each.default.arg, each.type) for each in columns}  # type: ignore[union-attr]
    return plain | {
        "id": sql.new_id(literal(ids.stamp())),
        "created_at": literal(clock.now(), Message.created_at.type),
    }
