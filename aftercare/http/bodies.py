"""The one JSON parser of the API: strict about type, size, repeated members and odd numbers (reliability.md V1, V5)."""

import json
from typing import Any, NoReturn

import flask
import marshmallow
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from aftercare.core.errors import Invalid

#: What a door of the API sets for each request before anything reads it.
MOST_BYTES = 64 * 1024


class StrictParser(FlaskParser):
    """Reads bodies and queries for the schemas, and says what is wrong in our words."""

    def load_json(self, req: flask.Request, schema: marshmallow.Schema) -> Any:  # noqa: ARG002 (webargs' shape)
        """Give the body of a request; raise 415, 413 or 400 for one that is not JSON or too large."""
        return read(req)

    def load_querystring(self, req: flask.Request, schema: marshmallow.Schema) -> Any:
        """Give the query of a request; a member given twice is refused, because two readers could differ on it."""
        for name in schema.fields:
            if len(req.args.getlist(name)) > 1:
                raise Invalid(f"Give {name} once.", fields={name: "Give this once."})
        return super().load_querystring(req, schema)

    def handle_error(self, error: marshmallow.ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Turn what marshmallow found into one list of members and sentences."""
        places: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow's own
        found = {name: wrong for place in places.values() for name, wrong in _flat(place)}
        raise Invalid("Some members are not right: see errors.", fields=found) from error


def read(request: flask.Request) -> Any:
    """Read the JSON body of a request."""
    if request.mimetype != "application/json" or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise UnsupportedMediaType("Send JSON: Content-Type: application/json.")
    if request.content_encoding not in {None, "identity"}:
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")
    return parse(request.get_data(cache=True))


def parse(body: bytes) -> Any:
    """Parse JSON (RFC 8259); members given twice, NaN, endless nesting and half characters are refused."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=_members, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON that can be understood.") from error
    return found


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("A member is given twice.")
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON.")


def _flat(wrong: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(wrong, dict):
        return [pair for key, value in wrong.items() for pair in _flat(value, _inner(name, str(key)))]
    return [(name or "body", " ".join(str(sentence) for sentence in wrong))]


def _inner(name: str, key: str) -> str:
    if key == "_schema":
        return name
    return f"{name}.{key}" if name else key
