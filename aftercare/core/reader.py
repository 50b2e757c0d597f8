"""Single questions to the database, ahead of any session: one statement, no transaction, no look whether all is well.

Only for what is asked so often that a session would cost more than the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, Select, create_engine, event
from sqlalchemy.exc import DBAPIError

EXTENSION = "aftercare.reader"
Processor = Callable[[Any], Any] | None


class Unanswered(Exception):
    """The database could not be asked."""


class Reader:
    """Connections of their own beside an engine's; they are let go when that engine lets go of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = create_engine(
            engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True
        )
        event.listen(engine, "engine_disposed", lambda _: self.engine.dispose())

    def question(self, statement: Select[*tuple[Any, ...]]) -> "Question":
        """Prepare a question whose open parameters are given each time it is asked."""
        return Question(self.engine, statement)


class Question:
    """A statement as the driver takes it, and how its columns are read."""

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        self._engine, self._sql, self._refusal = engine, str(compiled), engine.dialect.loaded_dbapi.Error
        self._constant = dict(compiled.params)
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        kinds = [column.type.dialect_impl(engine.dialect) for column in statement.selected_columns]
        self._read: list[Processor] = [kind.result_processor(engine.dialect, None) for kind in kinds]

    def ask(self, **given: Any) -> tuple[Any, ...] | None:
        """Give the first row of the answer, or None; raise Unanswered. A connection that died is tried anew, once."""
        parameters = self._parameters(given)
        try:
            row = self._fetch(parameters)
        except Unanswered:
            row = self._fetch(parameters)
        if row is None:
            return None
        return tuple(read(value) if read else value for read, value in zip(self._read, row, strict=True))

    def _parameters(self, given: Mapping[str, Any]) -> Any:
        values = self._constant | dict(given)
        return values if self._order is None else tuple(values[name] for name in self._order)

    def _fetch(self, parameters: Any) -> Sequence[Any] | None:
        try:
            connection = self._engine.raw_connection()
        except (DBAPIError, self._refusal) as error:
            raise Unanswered from error
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(self._sql, parameters)
                row: Sequence[Any] | None = cursor.fetchone()
        except self._refusal as error:
            connection.invalidate()
            raise Unanswered from error
        finally:
            connection.close()
        return row
