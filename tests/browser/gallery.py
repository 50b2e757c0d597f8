"""The styleguide on a port of its own: the real templates, filters and headers, made-up facts, no database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask, render_template, request
from flask_babel import Babel
from werkzeug.serving import make_server

from aftercare.http import formats, headers, pages

ROOT = Path(__file__).parents[2]
ZONE = "America/Denver"
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
STATES = ("none", "going", "waitlisted", "offered", "declined", "maybe", "void")
PLANTED = "<!doctype html><html lang=en><title>Planted</title><main><h1>Planted</h1>{}</main></html>"
FAULTS = {
    "label": "<input type=text>",
    "wide": "<p><svg width=900 height=9></svg></p>",
    "style": "<p style='color:red'>Styled</p>",
    "heavy": "<p hidden>" + "x" * 130_000 + "</p>",
}


@contextmanager
def serving() -> Iterator[str]:
    """Serve the styleguide and the planted faults; give the address."""
    server = make_server("127.0.0.1", 0, gallery(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def gallery() -> Flask:
    """Make the application that shows the styleguide."""
    app = Flask("gallery", template_folder=ROOT / "templates", static_folder=ROOT / "aftercare" / "static")
    translations = str(ROOT / "aftercare/translations")
    Babel(app, locale_selector=_language, default_translation_directories=translations)
    headers.register(app, is_https=False)
    for said in (formats.when_time, formats.when_clock, formats.when_short):
        app.add_template_filter(partial(_said, said), said.__name__)
    for told in (formats.when_day, formats.when_full):
        app.add_template_filter(partial(_said, told, now=NOW), told.__name__)
    app.add_template_filter(_when_date, "when_date")
    app.add_template_filter(pages.translated)
    app.context_processor(_shell)
    app.add_url_rule("/styleguide", view_func=_styleguide, methods=["GET"])
    app.add_url_rule("/planted/<fault>", view_func=lambda fault: PLANTED.format(FAULTS[fault]), endpoint="planted")
    return app


def _language() -> str:
    return request.args.get("language", "en")


def _said(said: Any, moment: datetime, *values: Any, **more: Any) -> str:
    return str(said(moment, *values[:-1], zone=values[-1], language=_language(), **more))


def _when_date(day: date) -> str:
    return formats.when_date(day, today=NOW.date(), language=_language())


def _shell() -> dict[str, Any]:
    nav = [("Today", "/styleguide", True), ("Groups", "/groups", False)]
    return {
        "language": _language(),
        "nav": nav,
        "actor": None,
        "organisation": None,
        "is_demo": True,
        "csrf_token": str,
    }


def _styleguide() -> str:
    weeks = [
        {"label": f"Week {status}", "status": status} for status in ("met", "missed", "neutral", "pending", "open")
    ]
    rows = [_row("Lunch Circle"), _row("Café y Charla", name_language="es", attend="online", place=None)]
    rsvps = [_rsvp(status) for status in STATES]
    return render_template("styleguide.html", rows=rows, rsvps=rsvps, people=_people(), zone=ZONE, weeks=weeks)


def _row(name: str, **more: Any) -> dict[str, Any]:
    plain = {
        "name": name, "url": "/m/1", "starts_at": NOW, "ends_at": NOW + timedelta(hours=1), "zone": ZONE,
        "place": "Elm Street Center, room 4", "address": "12 Elm Street", "attend": "in_person", "languages": ["en"],
        "types": ["Open to all", "Discussion"], "status": "scheduled", "is_mine": False, "rsvp_status": None,
        "closure": None, "distance": None, "name_language": None,
    }  # fmt: skip
    return plain | more


def _rsvp(status: str) -> dict[str, Any]:
    return {
        "id": status, "url": "/answer", "status": status, "about": f"Group {status}", "is_open": True,
        "is_full": False, "place_in_line": 2, "offered_until": NOW, "seats_left": 3, "zone": ZONE,
    }  # fmt: skip


def _people() -> list[dict[str, Any]]:
    plain = {
        "language": "en", "url": "/people/1", "said": "yes", "place_in_line": None, "mark": None, "at": None,
        "via": None, "visits": [True, False, True], "call_reason": None, "call_url": None, "mark_url": "/mark",
    }  # fmt: skip
    here = {"person_id": "1", "name": "Ana R.", "mark": "attended", "at": NOW, "via": "text", "language": "es"}
    away = {"person_id": "2", "name": "Marcus T.", "call_reason": "Missed 3 in a row", "call_url": "/calls/2"}
    return [plain | here, plain | away]
