"""What every page needs: the reader's language, navigation, dates as people say them, and one kind of answer."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, has_request_context, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, gettext
from werkzeug.wrappers import Response

from aftercare.core import clock
from aftercare.http import actor, formats, guards

LANGUAGES = ("en", "es")
Link = tuple[str, str, bool]
Navigation = Callable[[actor.Actor | None], Sequence[tuple[str, str]]]
Shell = Callable[[actor.Actor | None], dict[str, Any]]
door = Blueprint("pages", __name__)


def speak(app: Flask) -> None:
    """Let an application speak our languages."""
    Babel(app, locale_selector=language)


def register(app: Flask, *, navigation: Navigation, shell: Shell) -> None:
    """Give every template its filters and context; `navigation` and `shell` come from the top floor."""
    filters = (
        formats.when_day, formats.when_time, formats.when_clock, formats.when_full, formats.when_short,
    )  # fmt: skip
    for each in filters:
        app.add_template_filter(partial(_said, each), each.__name__)
    app.add_template_filter(_when_date, "when_date")
    app.add_template_filter(_when_short_date, "when_short_date")
    app.add_template_filter(translated)
    app.context_processor(partial(_context, navigation, shell))
    app.register_blueprint(door)


def language() -> str:
    """Say the reader's language: as they chose, else as their record says, else as the browser asks."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = request.args.get("lang") or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    asking = actor.find()
    if asking is not None:
        return asking.language
    return request.accept_languages.best_match(LANGUAGES) or "en"


def translated(sentence: str) -> str:
    """Give a sentence of ours in the reader's language; one that nobody has translated stays as it is."""
    return gettext(sentence) if sentence else ""


def page(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Render a page."""
    return render_template(template, **context), status


def see(endpoint: str, **values: Any) -> Response:
    """Send the reader on after a POST (303)."""
    return redirect(url_for(endpoint, **values), 303)


def say(look: str, sentence: str) -> None:
    """Show a sentence on top of the next page. `look` is go, warm or bad."""
    session["notices"] = [*session.get("notices", []), [look, sentence]]


def is_partial() -> bool:
    """Tell whether htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def safe_next(default: str) -> str:
    """Give where to go on to: a path of ours, never another site."""
    wanted = request.form.get("next") or request.args.get("next") or ""
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if is_ours and "\\" not in wanted and wanted.isprintable() else default


@door.post("/language")
@guards.public
def choose_language() -> ResponseReturnValue:
    """Remember the language that the reader chose."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(safe_next("/"), 303)


def _context(navigation: Navigation, shell: Shell) -> dict[str, Any]:
    asking = actor.find()
    g.now = clock.now()
    return {
        "actor": asking,
        "language": language(),
        "nav": [(label, url, request.path == url) for label, url in navigation(asking)],
        "notices": session.pop("notices", []) if "notices" in session else [],
        **shell(asking),
    }


def _said(said: Callable[..., str], moment: datetime, *values: Any) -> str:
    """Say a moment in the reader's language, at the moment of reading."""
    *between, zone = values
    named: dict[str, Any] = {"zone": zone, "language": language()}
    if said in (formats.when_day, formats.when_full):
        named["now"] = clock.now()
    return said(moment, *between, **named)


def _when_date(day: date, zone: str | None = None) -> str:
    asking = actor.find()
    today = clock.today(zone or (asking.zone if asking else "UTC"))
    return formats.when_date(day, today=today, language=language())


def _when_short_date(day: date) -> str:
    return formats.when_short_date(day, language=language())
