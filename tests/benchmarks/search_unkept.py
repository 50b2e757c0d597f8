"""The application as it is served, but without the answers that a process keeps for their minute."""

from aftercare.meetings import finder_ahead
from aftercare.wsgi import app

__all__ = ["app"]

finder_ahead.MOST_KEPT = 0
