"""Feeds as last written: kept until their version changes, so that nearly every request is answered by one read."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from aftercare.calendars.models import FeedBody, PublicBody
from aftercare.core import clock
from aftercare.core.db import abandon, db, is_postgresql, transaction

SECOND = timedelta(seconds=1)
TAG_LENGTH = 32


@dataclass(frozen=True)
class Label:
    """What is known of a body without reading it: its version, the tag of its bytes, when they last changed."""

    version: str
    tag: str
    changed_at: datetime


@dataclass(frozen=True)
class Body:
    """The bytes of a feed (gzip), their tag, and when they last changed."""

    tag: str
    changed_at: datetime
    zipped: bytes


def packed(feed: bytes, *, version: str, before: Label | None) -> tuple[Label, Body]:
    """Pack a feed that was just written; the same bytes keep their tag and their moment of change."""
    tag = _tag(feed)
    changed_at = before.changed_at if before and before.tag == tag else _moment_after(before)
    return Label(version, tag, changed_at), unchanged_since(changed_at, feed)


def unchanged_since(moment: datetime, feed: bytes, *, tag: str | None = None) -> Body:
    """Pack a feed of which it is known when it last changed, and perhaps by which tag it goes."""
    return Body(tag or _tag(feed), moment, gzip.compress(feed, mtime=0))


def keep(table: type[FeedBody | PublicBody], label: Label, body: Body, *, when: Callable[[], bool], **key: Any) -> None:
    """Keep a body in a transaction of its own, if `when` still says so inside it.

    The request that asked only reads. What it read is let go first: on SQLite a read that turned into a write would
    die with `locked`.
    """
    abandon()
    with transaction():
        if not when():
            return
        values = {"version": label.version, "tag": body.tag, "changed_at": body.changed_at, "body": body.zipped}
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        statement = insert(table).values(**key, **values)
        db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _tag(feed: bytes) -> str:
    return hashlib.sha256(feed).hexdigest()[:TAG_LENGTH]


def _moment_after(before: Label | None) -> datetime:
    """Give the second of this change. No two changes share one: Last-Modified knows only seconds."""
    now = clock.now().replace(microsecond=0)
    return max(now, before.changed_at + SECOND) if before else now
