"""The members of the API's documents. What is documented is what is taken: no second spelling of anything."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate

_DAY = r"(19[7-9][0-9]|2[0-8][0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DAY = f"^{_DAY}$"
WALL = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
ID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
MANY_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
NAMED = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"


class Id(fields.String):
    """A UUID in its usual form."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**_with_metadata(given, format="uuid"))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not re.fullmatch(ID, text):
            raise self.make_error("invalid")
        return uuid.UUID(text)


class Wall(fields.String):
    """A time as the clock on the wall shows it, without an offset: 2026-11-10T18:00."""

    default_error_messages = {"wall": "Write a time like 2026-11-10T18:00, without an offset."}

    def __init__(self, **given: Any) -> None:
        super().__init__(**_with_metadata(given, pattern=WALL))

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value.isoformat(timespec="seconds") if isinstance(value, datetime) else None

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not re.fullmatch(WALL, text):
            raise self.make_error("wall")
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.make_error("wall") from error


class Day(fields.String):
    """A date: 2026-11-10."""

    default_error_messages = {"day": "Write a date like 2026-11-10."}

    def __init__(self, **given: Any) -> None:
        super().__init__(**_with_metadata(given, format="date", pattern=DAY))

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else None

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if not re.fullmatch(DAY, text):
            raise self.make_error("day")
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.make_error("day") from error


class Instant(fields.String):
    """A moment in UTC: 2026-11-11T01:00:00Z. Only ever said, never taken."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**_with_metadata(given, format="date-time"))

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class Whole(fields.Integer):
    """A whole number between two others; 5.0 is one (JSON Schema says so), "5" and true are none."""

    def __init__(self, least: int, most: int, **given: Any) -> None:
        super().__init__(validate=validate.Range(min=least, max=most), **given)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryWhole(fields.Integer):
    """A whole number in a query, written in digits."""

    def __init__(self, least: int, most: int, **given: Any) -> None:
        super().__init__(validate=validate.Range(min=least, max=most), **given)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise self.make_error("invalid")
        return int(value)


class Truth(fields.Boolean):
    """true or false, and no other word for them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


def line(most: int, *, pattern: str = ONE_LINE, least: int = 0, **given: Any) -> fields.String:
    """Make a member that holds a text without control characters, of at most so many characters."""
    rules = [validate.Length(min=least, max=most), validate.Regexp(pattern)]
    return fields.String(validate=rules, **given)


def said() -> fields.String:
    """Make a member that is always shown, and may hold any text."""
    return fields.String(required=True)


def iana_zone(**given: Any) -> fields.String:
    """Make a member that holds the name of an IANA time zone."""
    rules: list[Callable[[Any], Any]] = [validate.Length(min=1, max=64), _known_zone]
    return fields.String(validate=rules, **_with_metadata(given, format="iana-time-zone"))


def choice(*words: str, **given: Any) -> fields.String:
    """Make a member that holds one of a few words."""
    return fields.String(validate=validate.OneOf(words), **given)


def page_of(schema: type[Schema], name: str) -> type[Schema]:
    """Make the schema of one page of a list: its items, and where the next page begins (null on the last)."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(schema), required=True),
            "next": fields.String(required=True, allow_none=True, metadata={"description": "Null on the last page."}),
        },
        name=name,
    )


class PageQuery(Schema):
    """Which page of a list is wanted."""

    limit = QueryWhole(1, 200, load_default=50, metadata={"description": "How many at most."})
    cursor = line(
        400, load_default=None, allow_none=False, metadata={"description": "What `next` said on the page before."}
    )


def _known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError("This time zone is not known.") from error


def _with_metadata(given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return given | {"metadata": more | given.get("metadata", {})}
