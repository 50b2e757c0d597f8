"""The database: one session, one transaction, the column types, SQLite's manners. Only here: commit and rollback."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Double,
    Engine,
    Float,
    ForeignKeyConstraint,
    MetaData,
    String,
    Table,
    TypeDecorator,
    Uuid,
    event,
    func,
    inspect,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.orm.util import identity_key

from aftercare.core import ids, write_lock
from aftercare.core.errors import Refused

_reading: ContextVar[bool] = ContextVar("reading", default=False)
#: What is done just before a commit, in this order in every transaction, so that no two wait for each other's locks.
LAST_STEPS = ("calendars", "audit")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """A row. Gets its id before anything else is set, because sealed columns are bound to it."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={dict[str, Any]: JSON().with_variant(JSONB(), "postgresql")},
    )

    def __init__(self, **values: Any) -> None:
        if hasattr(type(self), "id"):
            self.id = values.pop("id", None) or ids.new()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


Row = TypeVar("Row", bound=Model)


class Tenant:
    """A row of one organisation: its key begins with the organisation, so that it can live beside its kin."""

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-1)


db = SQLAlchemy(model_class=Model, disable_autonaming=True)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC; SQLite keeps it without an offset, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        """Give the moment back aware, in UTC: in one step, because no other column is read so often."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def belongs_to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Refer to a row of the same organisation: the organisation is part of every reference."""
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], ondelete=ondelete
    )


def of_organisation() -> ForeignKeyConstraint:
    """Refer to the organisation that owns the row."""
    return ForeignKeyConstraint(["organisation_id"], ["organisations.id"])


@contextmanager
def transaction(*, reading: bool = False) -> Iterator[None]:
    """Do everything inside or nothing of it. `reading` takes no write lock on SQLite."""
    mode = _reading.set(reading)
    try:
        yield
        _finish()
    except Refused as refusal:
        if refusal.is_kept:
            _finish()
        else:
            abandon()
        raise
    except BaseException:
        abandon()
        raise
    finally:
        _reading.reset(mode)


@contextmanager
def part() -> Iterator[None]:
    """Do one part of the running transaction; if it fails, undo that part alone, and raise."""
    kept = {name: copy(noted) for name, noted in db.session.info.items()}
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        db.session.info.clear()
        db.session.info.update(kept)
        raise


def begin_reading() -> None:
    """Let the transactions of this context take no write lock until `begin_writing`."""
    _reading.set(True)


def begin_writing() -> None:
    """Let the transactions of this context take the write lock at once (SQLite: BEGIN IMMEDIATE)."""
    _reading.set(False)


def abandon() -> None:
    """Undo what the running transaction has done."""
    db.session.info.clear()
    db.session.rollback()


def before_commit(name: str, step: Callable[[], object]) -> None:
    """Do a step once, just before the running transaction is committed: work that holds a lock many wait for."""
    db.session.info.setdefault("last_steps", {}).setdefault(name, step)


def _finish() -> None:
    steps = db.session.info.pop("last_steps", {})
    for name in sorted(steps, key=LAST_STEPS.index):
        steps[name]()
    db.session.commit()


def is_postgresql() -> bool:
    """Tell which of the two databases this is."""
    return db.engine.dialect.name == "postgresql"


def insert_once(model: type[Model], **values: Any) -> bool:
    """Insert a row unless its like is there; say whether it was inserted (PostgreSQL tells by RETURNING alone)."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    table = cast(Table, model.__table__)
    statement = insert(table).values(**values).on_conflict_do_nothing().returning(literal(1))
    return db.session.execute(statement).first() is not None


def find_read(model: type[Row], key: tuple[Any, ...]) -> Row | None:
    """Find a row, by its key, that the running transaction has read before; the database is not asked."""
    row: Row | None = db.session.identity_map.get(identity_key(model, key))
    return None if row is None or inspect(row).expired else row


def database_now() -> datetime:
    """Ask the database for the time: leases are measured by one clock, whichever machine a worker runs on."""
    if is_postgresql():
        moment: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
        return moment
    stamp = db.session.execute(select(func.strftime("%Y-%m-%dT%H:%M:%fZ", "now"))).scalar_one()
    return datetime.fromisoformat(stamp)


@event.listens_for(Engine, "connect")
def _mannered(connection: Any, _record: Any) -> None:
    """Set what SQLite keeps per connection (write-ahead log, durable commits, foreign keys, patience of 30 s)."""
    if not isinstance(connection, sqlite3.Connection):
        _impatient(connection)
        return
    connection.isolation_level = None
    write_lock.be_patient(connection, write_lock.PATIENCE)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _impatient(connection: Any) -> None:
    """Have PostgreSQL end a transaction whose process was stopped in the midst of it: nobody waits for its locks."""
    was, connection.autocommit = connection.autocommit, True
    name = "idle_in_transaction_session_timeout"
    connection.execute(f"SELECT set_config('{name}', '60s', false) WHERE current_setting('{name}') = '0'")
    connection.autocommit = was


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at the start of whatever may write: a later upgrade would die with `locked`."""
    if connection.dialect.name != "sqlite":
        return
    if _reading.get():
        connection.exec_driver_sql("BEGIN DEFERRED")
    else:
        write_lock.take(connection)


@event.listens_for(Table, "after_parent_attach")
def _strict(table: Table, _parent: Any) -> None:
    """Make every SQLite table STRICT: a wrong type is refused, as PostgreSQL refuses it."""
    table.dialect_options["sqlite"]["strict"] = True


@compiles(Uuid, "sqlite")
@compiles(String, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(Date, "sqlite")
@compiles(JSON, "sqlite")
def _as_text(_type: Any, _compiler: Any, **_: Any) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _as_integer(_type: Any, _compiler: Any, **_: Any) -> str:
    return "INTEGER"


@compiles(Float, "sqlite")
@compiles(Double, "sqlite")
def _as_real(_type: Any, _compiler: Any, **_: Any) -> str:
    return "REAL"
