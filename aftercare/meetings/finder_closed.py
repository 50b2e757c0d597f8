"""What programs are told of meetings that are found on a day on which they are closed."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from json.encoder import encode_basestring as text
from typing import Any, NamedTuple

from flask_babel import force_locale

from aftercare.meetings import closed_shown, finder_ask
from aftercare.meetings.finder_sought import Sought
from aftercare.meetings.recurrence import zone_named

OPEN = '"closed":null'
A_DAY = timedelta(days=1)
#: They are few; the newest are enough to tell of.
WANTED = (
    "SELECT scope, CAST(COALESCE(meeting_id, place_id) AS text) AS about, CAST(first_day AS text) AS first_day,"
    " CAST(last_day AS text) AS last_day FROM closures WHERE organisation_id = :o AND lifted_at IS NULL"
    " ORDER BY id DESC LIMIT 1000"
)


class Shut(NamedTuple):
    """A closure that stands: of what, and from which day to which."""

    scope: str
    about: str
    first_day: date
    last_day: date

    def covers(self, meeting: dict[str, Any], day: date) -> bool:
        """Tell whether it keeps a meeting from taking place on a day."""
        if not self.first_day <= day <= self.last_day:
            return False
        place = meeting["place"] if meeting["attendance"] != "online" else None
        about = {"organisation": "", "meeting": meeting["id"], "place": place["id"] if place else None}
        return bool(about[self.scope] == self.about)


class Closed:
    """What is closed of a list on the days of a page."""

    def __init__(self, sought: Sought, moments: Sequence[datetime]) -> None:
        self._language = sought.language
        first, last = (min(moments).date() - A_DAY, max(moments).date() + A_DAY) if moments else (date.max, date.min)
        standing: list[Shut] = sought.remember("closed", lambda: _standing(sought))
        self._standing = [each for each in standing if each.first_day <= last and each.last_day >= first]
        self._about = [each.about for each in self._standing]

    def told(self, told: str, starts_at: datetime, status: str) -> tuple[str, str]:
        """Give how a meeting stands at a moment, and what is told of its being closed then."""
        found = self._covering(told, starts_at, status) if any(about in told for about in self._about) else None
        return (status, OPEN) if found is None else ("cancelled", self._said(found))

    def _covering(self, told: str, starts_at: datetime, status: str) -> Shut | None:
        meeting = json.loads(f"{{{told}}}")
        # A date of ours is off only if it was cancelled: somebody may have let it take place all the same.
        if meeting["kind"] == "programme" and status != "cancelled":
            return None
        day = starts_at.astimezone(zone_named(meeting["zone"])).date()
        return next((each for each in self._standing if each.covers(meeting, day)), None)

    def _said(self, found: Shut) -> str:
        with force_locale(self._language):
            words = closed_shown.during(found.first_day, found.last_day, self._language)
        return (
            f'"closed":{{"first_day":"{found.first_day}","last_day":"{found.last_day}",'
            f'"reopens_on":"{found.last_day + A_DAY}","words":{text(words)}}}'
        )


def _standing(sought: Sought) -> list[Shut]:
    rows = finder_ask.ask(WANTED, {"o": sought.organisation_id})
    found = [
        Shut(scope, str(finder_ask.an_id(about)) if about else "", date.fromisoformat(first), date.fromisoformat(last))
        for scope, about, first, last in rows
    ]
    # The earliest made first, as pages look through them.
    return found[::-1]
