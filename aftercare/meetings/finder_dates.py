"""The dates of programme meetings, as the finder lists them among the listings."""

import uuid
from collections.abc import Sequence
from typing import Any

from aftercare.meetings import finder_ask, finder_hits, finder_sql
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_hits import Hit
from aftercare.meetings.finder_sought import IN_BOX, Key, Sought
from aftercare.meetings.finder_windows import Window

MOST = 1_000
NOBODY = uuid.UUID(int=0)
PROGRAMME = "m.kind = 'programme'"


def find(sought: Sought) -> tuple[list[Hit], Key | None]:
    """Give the dates that fit, in order, and up to where they are whole: None if to the end."""
    if not sought.has_any(PROGRAMME):
        return [], None
    by_distance = sought.wish.by_distance
    limit = MOST if by_distance else sought.limit + 1
    sql, given = _question(sought, limit)
    rows = finder_ask.ask(sql, given)
    found = [_hit(sought, row) for row in rows]
    near = sought.wish.near
    hits = [hit for hit in found if near is None or (hit.meters is not None and hit.meters <= near.meters)]
    is_cut = len(rows) == limit and not by_distance
    return [hit for hit in hits if sought.after is None or hit.key > sought.after], found[-1].key if is_cut else None


def _question(sought: Sought, limit: int) -> tuple[str, dict[str, Any]]:
    wanted, after = merged(sought.windows), finder_ask.mark(NOBODY)
    if sought.after and sought.after[1] == sought.since and limit < MOST:
        after = sought.after[2]
    given: dict[str, Any] = {
        "o": sought.organisation_id, "since": sought.since, "until": wanted[-1][1], "after": after, "n": limit,
    }  # fmt: skip
    for number, (begins, ends) in enumerate(wanted):
        given |= {f"a{number}": begins, f"b{number}": ends}
    conditions, given = sought.conditions_on_meetings, given | sought.held
    if sought.wish.near:
        conditions, given = conditions + IN_BOX, given | sought.box
    return finder_sql.dates(len(wanted), conditions), given


def merged(windows: Sequence[Window]) -> list[Window]:
    """Join stretches of time that follow each other without a gap."""
    joined: list[Window] = []
    for begins, ends in windows:
        if joined and joined[-1][1] == begins:
            joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((begins, ends))
    return joined


def _hit(sought: Sought, row: Asked) -> Hit:
    begins, mark, meeting_id, ends, status, place_id = row[:6]
    meters, starts_at = finder_hits.meters(sought, row[-2], row[-1]), finder_ask.moment(begins)
    key = (meters or 0 if sought.wish.by_distance else 0, starts_at, mark)
    return Hit(key, meeting_id, starts_at, finder_ask.moment(ends), status, place_id, meters)
