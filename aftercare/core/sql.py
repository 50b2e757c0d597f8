"""What both databases can say inside a statement, each in its own words: ids, and small tables that are handed in."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CTE, Select, Uuid, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import String, TypeEngine

from aftercare.core.db import is_postgresql

_DASHED = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


class dashed(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """Spell an id as Python does, with dashes: SQLite keeps it without."""

    type = String()
    inherit_cache = True


@compiles(dashed, "postgresql")
def _dashed(element: dashed, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS TEXT)"


@compiles(dashed, "sqlite")
def _dashed_by_hand(element: dashed, compiler: Any, **kw: Any) -> str:
    spelled = compiler.process(element.clauses, **kw)
    return "(" + " || '-' || ".join(f"substr({spelled}, {first}, {length})" for first, length in _DASHED) + ")"


class new_id(FunctionElement[uuid.UUID]):  # noqa: N801 - a function of SQL
    """Make an id for each row, a UUIDv7 (RFC 9562 5.7), from the twelve digits of the moment (`ids.stamp`)."""

    type = Uuid()
    inherit_cache = True


@compiles(new_id, "postgresql")
def _new_id(element: new_id, compiler: Any, **kw: Any) -> str:
    stamp = compiler.process(element.clauses, **kw)
    return f"CAST({stamp} || '7' || substr(replace(CAST(gen_random_uuid() AS TEXT), '-', ''), 14) AS UUID)"


@compiles(new_id, "sqlite")
def _new_id_by_hand(element: new_id, compiler: Any, **kw: Any) -> str:
    stamp = compiler.process(element.clauses, **kw)
    return f"({stamp} || '7' || {_hex(3)} || '8' || {_hex(15)})"


def _hex(digits: int) -> str:
    return f"substr(lower(hex(randomblob({(digits + 1) // 2}))), 1, {digits})"


def step(wanted: Select[Any], *, name: str) -> CTE:
    """Let the database work something out once and for all, before what follows: it may not fold it into the rest."""
    return wanted.cte(name).prefix_with("MATERIALIZED")


def table_of(rows: Iterable[Sequence[Any]], columns: Mapping[str, TypeEngine[Any]], *, name: str) -> CTE:
    """Hand a small table to a statement as one value, so that the statement stays the same however long it is."""
    given = bindparam(None, json.dumps([_row(row, columns) for row in rows]), String())
    if is_postgresql():
        kinds = [column(each, kind) for each, kind in columns.items()]
        records = func.jsonb_to_recordset(cast(given, JSONB)).table_valued(*kinds, name="record")
        return step(select(records.render_derived(with_types=True)), name=name)
    each = func.json_each(given).table_valued("value")
    # Cast, so that SQLite can look rows up by what it compares with a column.
    fields = [cast(func.json_extract(each.c.value, f"$.{key}"), kind).label(key) for key, kind in columns.items()]
    return step(select(*fields), name=name)


def _row(row: Sequence[Any], columns: Iterable[str]) -> dict[str, Any]:
    return dict(zip(columns, map(_written, row), strict=True))


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return moment.isoformat() if is_postgresql() else moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, uuid.UUID):
        return str(value) if is_postgresql() else value.hex
    return value.isoformat() if isinstance(value, date) else value
