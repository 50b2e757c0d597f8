"""The API's ground: doors that only tokens open, documents that say all that a door answers, and /api/v1 itself."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from aftercare.core.errors import NotSignedIn
from aftercare.http import actor, bodies, documents, guards, manual

PREFIX = "/api/v1"
VERSION = "1"
EXTENSION = "aftercare.api"
SETTINGS = {"API_TITLE": "Aftercare", "API_VERSION": VERSION, "OPENAPI_VERSION": "3.1.0"}

View = Callable[..., Any]
Wrap = Callable[[View], View]
ground = Blueprint("api", __name__, url_prefix=PREFIX)


class Problem(Schema):
    """What is answered when something cannot be done (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.String())


class Converter(OpenAPIConverter):
    """Writes our schemas as JSON Schema, with what marshmallow cannot say of a whole document (`Meta.json_schema`)."""

    def schema2jsonschema(self, schema: Any) -> Any:
        """Write one schema."""
        written: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]  # apispec's own
        return written | getattr(schema.Meta, "json_schema", {})


class Plugin(MarshmallowPlugin):
    """apispec's own plugin, with our converter."""

    Converter = Converter


class Api(flask_smorest.Api):
    """All doors of the API, and the document that describes them. Errors are answered by http/problems.py."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def open(self, door: "Door") -> None:
        """Open a door, and describe it under its own tag."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][door.name] = self
        self._app.register_blueprint(door)
        door.register_views_in_doc(self, self._app, self.spec, name=door.name, parameters=None)
        self.spec.tag({"name": door.tag, "description": door.description})

    def _register_error_handlers(self) -> None:
        """Leave errors to http/problems.py."""

    def _register_responses(self) -> None:
        """Describe each status that is a problem, once."""
        for status in HTTPStatus:
            answer = documents.problem(status) if status >= HTTPStatus.BAD_REQUEST else {"description": status.phrase}
            self.spec.components.response(status.name, answer, lazy=True)


class Door(flask_smorest.Blueprint):
    """The routes of one kind of thing. Each takes a bearer token, and declares its scope with `guards.needs`."""

    ARGUMENTS_PARSER = bodies.StrictParser()

    def __init__(self, tag: str, description: str) -> None:
        super().__init__(f"api_{tag}", __name__, url_prefix=PREFIX, description=description)
        self.tag = tag
        self._prepare_doc_cbks.append(documents.complete)
        self.before_request(_only_programs)

    def get(self, rule: str) -> Wrap:
        """Answer a GET."""
        return self._on("GET", rule)

    def post(self, rule: str) -> Wrap:
        """Answer a POST."""
        return self._on("POST", rule)

    def put(self, rule: str) -> Wrap:
        """Answer a PUT."""
        return self._on("PUT", rule)

    def patch(self, rule: str) -> Wrap:
        """Answer a PATCH."""
        return self._on("PATCH", rule)

    def asks(self, schema: type[Schema]) -> Wrap:
        """Read the query of a request by a schema, and hand it to the view first."""
        wrap: Wrap = self.arguments(schema, location="query")
        return wrap

    def takes(self, schema: type[Schema]) -> Wrap:
        """Read the JSON body of a request by a schema, and hand it to the view first."""
        wrap: Wrap = self.arguments(schema)
        return wrap

    def answers(self, status: int, schema: type[Schema], *, headers: dict[str, Any] | None = None) -> Wrap:
        """Show what the view gives by a schema."""
        wrap: Wrap = self.response(status, schema, headers=headers)
        return wrap

    def refuses(self, status: int, why: str) -> Wrap:
        """Describe a refusal of a view's own (those of every view are described without being told)."""
        wrap: Wrap = self.doc(responses={status: documents.problem(HTTPStatus(status), why)})
        return wrap

    def _on(self, method: str, rule: str) -> Wrap:
        """Put a view behind the door. Programs bring no cookie, so they need no form token either."""

        def behind(view: View) -> View:
            guards.without_csrf(view)
            view._apidoc = {**view._apidoc, "facts": documents.facts(view, rule)}  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, view, methods=[method], tags=[self.tag])
            return view

        return behind


def register(app: Flask, doors: Iterable[Door]) -> None:
    """Open the API of an application."""
    app.config.update(SETTINGS)
    api = Api(app, spec_kwargs={"marshmallow_plugin": Plugin(), **documents.head(PREFIX)})
    api.spec.components.schema("Problem", schema=Problem)
    for door in doors:
        api.open(door)
    app.extensions[EXTENSION] = api.spec.to_dict()
    app.register_blueprint(ground)


@ground.get("/openapi.json")
@guards.public
def openapi() -> Response:
    """Describe the API (OpenAPI 3.1)."""
    return jsonify(current_app.extensions[EXTENSION])


@ground.get("/docs")
@guards.public
def docs() -> ResponseReturnValue:
    """Describe the API to people."""
    return render_template("api/docs.html", chapters=manual.chapters(current_app.extensions[EXTENSION]))


def _only_programs() -> None:
    """Let in whoever brings a token. A browser's session opens nothing here."""
    request.max_content_length = bodies.MOST_BYTES
    asking = actor.find()
    if asking is None or asking.via != "token":
        raise NotSignedIn("Send a token: Authorization: Bearer aft_…")
