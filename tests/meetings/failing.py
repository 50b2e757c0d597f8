"""Let a verb fail at its first write, its second, its third ... until it succeeds: nothing may ever be half done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import event, select

from aftercare import tables
from aftercare.core.db import db, transaction

WRITES = ("INSERT", "UPDATE", "DELETE")
#: More writes than any verb on a few rows sends.
MANY = 500


class Interrupted(Exception):
    """What the database says when it fails."""


def dump() -> dict[str, list[str]]:
    """Give every row of every table, as the database has it."""
    db.session.rollback()
    models = (*tables.GLOBAL, *tables.TENANT)
    with db.engine.connect() as connection:
        return {
            model.__tablename__: sorted(repr(tuple(row)) for row in connection.execute(select(model.__table__)))
            for model in models
        }


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    """Name the tables whose rows differ."""
    return {name for name in before if before[name] != after[name]}


@contextmanager
def failing_at(number: int) -> Iterator[None]:
    """Let a write fail: the first, the second ..."""
    left = iter(range(number - 1, -1, -1))

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(WRITES) and next(left) == 0:
            raise Interrupted(statement)

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)


def writes_until_done(act: Callable[[], object]) -> int:
    """Let an act fail at each of its writes in turn, and find nothing changed; then let it succeed, and count them."""
    before = dump()
    for number in count(1):
        assert number < MANY
        try:
            with failing_at(number), transaction():
                act()
        except Interrupted:
            assert changed(before, dump()) == set()
        else:
            return number - 1
    raise AssertionError
