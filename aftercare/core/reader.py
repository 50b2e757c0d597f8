"""Single questions to the database, ahead of any session: one statement, no transaction, no look whether all is well.

Only for what is asked so often that a session would cost more than the answer.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, PoolProxiedConnection, Select, create_engine, event
from sqlalchemy.exc import DBAPIError

EXTENSION = "aftercare.reader"
Processor = Callable[[Any], Any] | None


class Unanswered(Exception):
    """The database could not be asked."""


class Reader:
    """One connection a thread beside an engine's; all are let go when that engine lets go of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(
            engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True
        )
        self.refusal: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._own, self._open = threading.local(), WeakSet[PoolProxiedConnection]()
        event.listen(engine, "engine_disposed", lambda _: self.let_go())

    def question(self, statement: Select[*tuple[Any, ...]]) -> "Question":
        """Prepare a question whose open parameters are given each time it is asked."""
        return Question(self, statement)

    def stamp(self) -> object | None:
        """Give what stays the same for this thread as long as nobody else writes; None where that is not known.

        SQLite says so without looking at a table, at a tenth of the cost of a question.
        """
        if not self._is_sqlite:
            return None
        return self.fetch("PRAGMA data_version", ()), id(self._own.connection)

    def fetch(self, sql: str, parameters: Any) -> Sequence[Any] | None:
        """Give the first row; raise Unanswered."""
        row: Sequence[Any] | None = self._read(sql, parameters, _first)
        return row

    def fetch_all(self, sql: str, parameters: Any) -> Sequence[Sequence[Any]]:
        """Give all rows; raise Unanswered."""
        rows: Sequence[Sequence[Any]] = self._read(sql, parameters, _all)
        return rows

    def let_go(self) -> None:
        """Close the connections of all threads."""
        for connection in list(self._open):
            connection.invalidate()
        self._own = threading.local()
        self.engine.dispose()

    def _read(self, sql: str, parameters: Any, rows: Callable[[Any], Any]) -> Any:
        """Ask; a connection that died is tried anew, once."""
        try:
            return self._ask(sql, parameters, rows)
        except self.refusal:
            self._drop()
        try:
            return self._ask(sql, parameters, rows)
        except (self.refusal, DBAPIError) as error:
            self._drop()
            raise Unanswered from error

    def _ask(self, sql: str, parameters: Any, rows: Callable[[Any], Any]) -> Any:
        connection = getattr(self._own, "connection", None) or self._connect()
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql, parameters)
            return rows(cursor)

    def _connect(self) -> PoolProxiedConnection:
        connection = self._own.connection = self.engine.raw_connection()
        self._open.add(connection)
        return connection

    def _drop(self) -> None:
        connection = self._own.__dict__.pop("connection", None)
        if connection is not None:
            connection.invalidate()


class Question:
    """A statement as the driver takes it, and how its columns are read."""

    def __init__(self, reader: Reader, statement: Select[*tuple[Any, ...]]) -> None:
        dialect = reader.engine.dialect
        compiled = statement.compile(dialect=dialect)
        self._reader, self._sql = reader, str(compiled)
        self._constant = dict(compiled.params)
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._read: list[Processor] = [kind.result_processor(dialect, None) for kind in kinds]

    def ask(self, **given: Any) -> tuple[Any, ...] | None:
        """Give the first row of the answer, or None; raise Unanswered."""
        row = self._reader.fetch(self._sql, self._parameters(given))
        if row is None:
            return None
        return tuple(read(value) if read else value for read, value in zip(self._read, row, strict=True))

    def _parameters(self, given: Mapping[str, Any]) -> Any:
        values = self._constant | dict(given)
        return values if self._order is None else tuple(values[name] for name in self._order)


def _first(cursor: Any) -> Any:
    return cursor.fetchone()


def _all(cursor: Any) -> Any:
    return cursor.fetchall()
