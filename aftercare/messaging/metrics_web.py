"""The page that a monitoring system reads, in Prometheus' text form.

Without AFTERCARE_METRICS_TOKEN there is no such page; with it, only who shows the token sees it.
"""

import hmac
from importlib import import_module

from flask import Blueprint, Response, abort, request

from aftercare import config
from aftercare.http import guards

door = Blueprint("metrics", __name__)


@door.get("/metrics")
@guards.public
def show() -> Response:
    """Show the figures to whoever shows the token."""
    token = config.current().metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(Response(status=401, headers={"WWW-Authenticate": "Bearer"}))
    # By name, so that only those installations load it that use it: it takes 0.15 s and 12 MB.
    metrics = import_module("aftercare.messaging.metrics")
    return Response(metrics.written(), content_type=metrics.CONTENT_TYPE)
