"""Single questions to the database, ahead of any session: one statement, no transaction, no look whether all is well.

Only for what is asked so often that a session would cost more than the answer.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import Dialect, Engine, PoolProxiedConnection, Select, create_engine, event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import DBAPIError

EXTENSION = "aftercare.reader"
#: So many bytes of a SQLite database are read where they lie: copied page by page, they would take three times as long.
MOST_MAPPED = 256 * 1024 * 1024
Processor = Callable[[Any], Any] | None
Row = Sequence[Any]
_Given = TypeVar("_Given")
_numbers = count()
#: libpq's words for a result that holds rows (PGRES_TUPLES_OK), one without any (PGRES_COMMAND_OK), and binary values.
_ROWS, _DONE, _BINARY = 2, 1, 1


class Unanswered(Exception):
    """The database could not be asked."""


@dataclass(eq=False)
class Line:
    """A thread's connection: as the pool knows it, as the driver does, and the questions that are prepared on it."""

    pooled: PoolProxiedConnection
    driver: Any
    prepared: set[bytes] = field(default_factory=set)


class Reader:
    """One connection a thread beside an engine's; all are let go when that engine lets go of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(
            engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True
        )
        self.refusal: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._own, self._open = threading.local(), WeakSet[Line]()
        event.listen(engine, "engine_disposed", lambda _: self.let_go())
        if self._is_sqlite:
            event.listen(self.engine, "connect", _map)

    def question(self, statement: Select[*tuple[Any, ...]]) -> "Question":
        """Prepare a question whose open parameters are given each time it is asked."""
        kind = Prepared if self.engine.dialect.driver == "psycopg" else Question
        return kind(self, statement)

    def stamp(self) -> object | None:
        """Give what stays the same for this thread as long as nobody else writes; None where that is not known.

        SQLite says so without looking at a table, at a tenth of the cost of a question.
        """
        if not self._is_sqlite:
            return None
        return self.fetch("PRAGMA data_version", ()), self._own.line

    def fetch(self, sql: str, parameters: Any) -> Row | None:
        """Give the first row; raise Unanswered."""
        return self.read(lambda line: _first(line, sql, parameters))

    def fetch_all(self, sql: str, parameters: Any) -> Sequence[Row]:
        """Give all rows; raise Unanswered."""
        return self.read(lambda line: _all(line, sql, parameters))

    def read(self, act: Callable[[Line], _Given]) -> _Given:
        """Ask over this thread's connection; one that died is made anew, once. Raise Unanswered."""
        try:
            return act(self._line())
        except self.refusal:
            self._drop()
        try:
            return act(self._line())
        except (self.refusal, DBAPIError) as error:
            self._drop()
            raise Unanswered from error

    def let_go(self) -> None:
        """Close the connections of all threads."""
        for line in list(self._open):
            self._end(line)
        self._own = threading.local()
        self.engine.dispose()

    def _line(self) -> Line:
        line: Line | None = getattr(self._own, "line", None)
        if line is None:
            pooled = self.engine.raw_connection()
            line = self._own.line = Line(pooled, pooled.driver_connection)
            self._open.add(line)
        return line

    def _drop(self) -> None:
        line = self._own.__dict__.pop("line", None)
        if line is not None:
            self._end(line)

    def _end(self, line: Line) -> None:
        self._open.discard(line)
        line.pooled.invalidate()


class Question:
    """A statement as the driver takes it, and how its columns are read."""

    def __init__(self, reader: Reader, statement: Select[*tuple[Any, ...]]) -> None:
        dialect, written_for = reader.engine.dialect, self._dialect(reader)
        compiled = statement.compile(dialect=written_for)
        self._reader, self._sql = reader, str(compiled)
        self._constant = dict(compiled.params)
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        kinds = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        self._processors: list[Processor] = [kind.result_processor(dialect, None) for kind in kinds]

    def ask(self, **given: Any) -> tuple[Any, ...] | None:
        """Give the first row of the answer, or None; raise Unanswered."""
        row = self.row(given)
        return None if row is None else self.values(row)

    def row(self, given: Mapping[str, Any]) -> Row | None:
        """Give the first row as it came, only fit to be compared with another one; raise Unanswered."""
        return self._reader.fetch(self._sql, self._parameters(given))

    def values(self, row: Row) -> tuple[Any, ...]:
        """Read a row as it came."""
        return tuple(read(value) if read else value for read, value in zip(self._processors, row, strict=True))

    def _dialect(self, reader: Reader) -> Dialect:
        return reader.engine.dialect

    def _parameters(self, given: Mapping[str, Any]) -> Any:
        values = self._constant | dict(given)
        return values if self._order is None else tuple(values[name] for name in self._order)


class Prepared(Question):
    """A question that PostgreSQL has planned before, asked in libpq's own words: the driver's cursor would take as
    long as the answer. Its parameters are texts and bytes alone.
    """

    def __init__(self, reader: Reader, statement: Select[*tuple[Any, ...]]) -> None:
        super().__init__(reader, statement)
        self._name, self._kinds = b"asked_%d" % next(_numbers), list[int]()

    def row(self, given: Mapping[str, Any]) -> Row | None:
        """Give the first row as it came, only fit to be compared with another one; raise Unanswered."""
        taken = [value.encode() if isinstance(value, str) else value for value in self._parameters(given)]
        return self._reader.read(lambda line: self._ask(line, taken))

    def values(self, row: Row) -> tuple[Any, ...]:
        """Read a row as it came, as the driver would."""
        return super().values(self._reader.read(lambda line: self._loaded(line, row)))

    def _dialect(self, _reader: Reader) -> Dialect:
        return PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

    def _ask(self, line: Line, taken: list[bytes]) -> Row | None:
        asked = line.driver.pgconn
        if self._name not in line.prepared:
            self._check(asked.prepare(self._name, self._sql.encode()), _DONE)
            line.prepared.add(self._name)
        result = asked.exec_prepared(self._name, taken, [_BINARY] * len(taken), _BINARY)
        self._check(result, _ROWS)
        self._kinds = self._kinds or [result.ftype(n) for n in range(result.nfields)]
        return tuple(result.get_value(0, n) for n in range(result.nfields)) if result.ntuples else None

    def _loaded(self, line: Line, row: Row) -> Row:
        loader = self._reader.engine.dialect.loaded_dbapi.adapt.Transformer(line.driver)
        loader.set_loader_types(self._kinds, _BINARY)
        loaded: Row = loader.load_sequence(row)
        return loaded

    def _check(self, result: Any, wanted: int) -> None:
        if result.status != wanted:
            raise self._reader.refusal(result.error_message)


def _map(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA mmap_size={MOST_MAPPED}")


def _first(line: Line, sql: str, parameters: Any) -> Row | None:
    with closing(line.driver.cursor()) as cursor:
        cursor.execute(sql, parameters)
        row: Row | None = cursor.fetchone()
        return row


def _all(line: Line, sql: str, parameters: Any) -> Sequence[Row]:
    with closing(line.driver.cursor()) as cursor:
        cursor.execute(sql, parameters)
        rows: Sequence[Row] = cursor.fetchall()
        return rows
