"""create_app: all wiring, in one place."""

from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from aftercare import config, foundation, tables
from aftercare.attendance import api as attendance_api
from aftercare.attendance import web as attendance_web
from aftercare.calendars import ahead, subscribe_web
from aftercare.calendars import api as calendars_api
from aftercare.calendars import web as calendars_web
from aftercare.conversations import (
    broadcast_web,
    checkups_web,
    enrolment_web,
    hooks,
    letters_web,
    numbers_web,
    people_pages,
    phones_web,
    sign_in_web,
    templates_web,
    texts_web,
)
from aftercare.core import folders
from aftercare.core.db import db
from aftercare.demo import doors
from aftercare.home import navigation
from aftercare.home import web as home_web
from aftercare.http import actor, api, assets, headers, health, pages, problems
from aftercare.meetings import api as meetings_api
from aftercare.meetings import (
    changes_api,
    closures_api,
    closures_web,
    dates_web,
    finder_ahead,
    finder_api,
    finder_web,
    history_web,
    list_meetings_web,
    list_runs_web,
    lists_web,
    one_date_web,
    print_web,
    publishing_web,
    rsvps_api,
    series_web,
)
from aftercare.meetings import web as meetings_web
from aftercare.messaging import api as messaging_api
from aftercare.messaging import metrics_web, queue_web
from aftercare.people import api as people_api
from aftercare.people import demo_links, passwords, recognition, sessions
from aftercare.people import web as people_web
from aftercare.recovery import api as recovery_api
from aftercare.recovery import calls_web, check_in_web
from aftercare.recovery import web as recovery_web

TABLES = "aftercare.tables"
DOORS = (
    health.door, people_web.door, sign_in_web.door, texts_web.door, letters_web.door, hooks.door, enrolment_web.door,
    checkups_web.door, numbers_web.door, people_pages.door, broadcast_web.door,
    dates_web.door, one_date_web.door, history_web.door, closures_web.door, templates_web.door,
    meetings_web.door, finder_web.door, publishing_web.door, series_web.door, calendars_web.door, subscribe_web.door,
    print_web.door, attendance_web.door, recovery_web.door, check_in_web.door, calls_web.door, home_web.door,
    queue_web.door, metrics_web.door, lists_web.door, list_runs_web.door, list_meetings_web.door,
)  # fmt: skip
API_DOORS = (
    meetings_api.door, changes_api.door, closures_api.door, finder_api.door, rsvps_api.door, attendance_api.door,
    people_api.door, recovery_api.door, calendars_api.door, messaging_api.door,
)  # fmt: skip


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the application from its settings (read from the environment if none are given)."""
    settings = settings or config.read()
    app = foundation.lay(settings)
    app.config.update(_flask_settings(settings))
    app.extensions[TABLES] = (*tables.GLOBAL, *tables.TENANT)
    Migrate(app, db, directory=str(folders.find("migrations")), render_as_batch=True)
    forms = CSRFProtect(app)
    assets.register(app)
    headers.register(app, is_https=settings.is_https)
    problems.register(app)
    passwords.register(app, settings)
    app.extensions[actor.EXTENSION] = recognition.load_actor
    pages.register(app, navigation=navigation.links, shell=navigation.shell)
    for door in DOORS:
        app.register_blueprint(door)
    api.register(app, API_DOORS)
    demo_links.register(app, settings)
    if settings.is_demo:
        app.extensions[home_web.DEMO_PEOPLE] = doors.offered
    phones_web.register(app, settings)
    for view in app.view_functions.values():
        if getattr(view, "without_csrf", False):
            forms.exempt(view)
    finder_ahead.register(app, is_https=settings.is_https)
    ahead.register(app, is_https=settings.is_https)
    # Outermost, so that whoever is counted is the visitor and not the proxy.
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: config.Settings) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "__Host-aftercare" if settings.is_https else "aftercare",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": sessions.OWN_PHONE_LASTS,
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
        **settings.overrides,
    }
