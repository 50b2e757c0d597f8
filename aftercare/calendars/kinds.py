"""Feeds as they are kept: how their addresses look, and by which one question each is found (calendars.md, "Serve")."""

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aftercare.calendars import answers, board, feeds
from aftercare.calendars.answers import Asked
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import FeedBody, PublicBody
from aftercare.core.crypto import digest
from aftercare.core.reader import Reader, Row

Head = list[tuple[str, str]]
SECRETLY = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
_PERSONAL = re.compile(r"/c/([A-Za-z0-9_-]{22})\.ics")
_MEETING = re.compile(r"/m/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\.ics")
_LIST = re.compile(r"/o/([A-Za-z0-9-]+)/meetings\.ics")


class TurnedOff(Exception):
    """The calendar is nobody's any more: what was sent of it must never go out again."""


@dataclass(frozen=True)
class Found:
    """A kept feed, its row without the bytes, and the day on which it is what would be written, unless `row` changes.

    The bytes may be missing; `heads` are the headers of its answers, written once.
    """

    row: Row
    body: Body
    since: datetime
    until: datetime
    heads: dict[tuple[bool, bool], Head] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Say how many bytes it holds."""
        return len(self.body.zipped)

    def is_of(self, now: datetime) -> bool:
        """Say whether it is of this day."""
        return self.since <= now < self.until

    def answers(self, asking: Asked) -> bool:
        """Say whether it is enough for an answer."""
        return bool(self.body.zipped) or answers.is_known(asking, self.body.tag, self.body.changed_at)


class Kind(ABC):
    """A kind of feed: how its paths look, and by which questions it is found."""

    scope: str
    more: dict[str, str]

    def __init__(self, reader: Reader, statement: Any, body: Any) -> None:
        self._label, self._whole = reader.question(statement), reader.question(statement.add_columns(body))

    @abstractmethod
    def wanted(self, path: str) -> dict[str, Any] | None:
        """Read a path; None if it is none of this kind."""

    @abstractmethod
    def kept(self, values: Sequence[Any], given: dict[str, Any]) -> tuple[Label, str] | None:
        """Give what is kept, and its zone, if it is what would be written now. Raise TurnedOff."""

    def find(self, given: dict[str, Any], before: Found | None, now: datetime, *, whole: bool) -> Found | None:
        """Give what is kept, if it is what would be written now: what was found before, unless its row has changed.

        Without its bytes unless it is wanted whole. Raise TurnedOff if there is none any more.
        """
        question = self._whole if whole else self._label
        row = question.row(given)
        if row is None:
            raise TurnedOff
        if before and not whole and row == before.row and before.is_of(now):
            return before
        values = question.values(row)
        kept = self.kept(values[:-1] if whole else values, given)
        if kept is None:
            return None
        (label, zone), sent = kept, before.body if before else None
        zipped = values[-1] if whole else sent.zipped if sent and sent.tag == label.tag else b""
        return Found(row[:-1] if whole else row, Body(label.tag, label.changed_at, zipped), *_day(zone, now))


class Personal(Kind):
    """The calendar of one device."""

    scope, more = "private", SECRETLY

    def wanted(self, path: str) -> dict[str, Any] | None:
        """Read a path."""
        match = _PERSONAL.fullmatch(path)
        return {"key": digest(match[1])} if match else None

    def kept(self, values: Sequence[Any], given: dict[str, Any]) -> tuple[Label, str] | None:  # noqa: ARG002
        """Give what is kept, and its zone, if it is what would be written now. Raise TurnedOff."""
        found = feeds.as_found(values)
        if found.off_since:
            raise TurnedOff
        return (found.kept, found.reader.zone) if found.kept and found.kept.version == found.version else None


class Public(Kind):
    """A feed that anybody may read, found by a key of its path."""

    scope = "public"

    def __init__(self, reader: Reader, statement: Any, read: Callable[[str], dict[str, Any] | None]) -> None:
        super().__init__(reader, statement, PublicBody.body)
        self._read, self.more = read, {}

    def wanted(self, path: str) -> dict[str, Any] | None:
        """Read a path."""
        return self._read(path)

    def kept(self, values: Sequence[Any], given: dict[str, Any]) -> tuple[Label, str] | None:
        """Give what is kept, and its zone, if it is what would be written now."""
        found = board.as_board(values, about=given["about"])
        return (found.kept, found.zone) if found.kept and found.is_current else None


def kinds(reader: Reader) -> list[Kind]:
    """Give all kinds of feeds."""
    return [
        Personal(reader, feeds.WANTED, FeedBody.body),
        Public(reader, board.WANTED_MEETING, _read_meeting),
        Public(reader, board.WANTED_ORGANISATION, _read_list),
    ]


def _day(zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Give the begin and the end of the day that it is in a zone."""
    clocks = ZoneInfo(zone)
    today = now.astimezone(clocks).date()
    begin, end = (datetime.combine(day, time(), clocks) for day in (today, today + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def _read_meeting(path: str) -> dict[str, Any] | None:
    match = _MEETING.fullmatch(path)
    if match is None:
        return None
    meeting_id = uuid.UUID(match[1])
    return {"key": meeting_id.bytes, "about": str(meeting_id)}


def _read_list(path: str) -> dict[str, Any] | None:
    match = _LIST.fullmatch(path)
    return {"key": match[1].lower(), "about": ""} if match else None
