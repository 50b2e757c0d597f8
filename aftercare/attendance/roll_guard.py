"""Keep the roll of a date from whoever may not see it now: the law of `roll_access`, asked of the database."""

from datetime import datetime

from aftercare.attendance.roll_access import may_see_roll
from aftercare.attendance.roster import Roster
from aftercare.core.errors import NotAllowed
from aftercare.http.actor import Actor
from aftercare.meetings import substitutes


def refuse_strangers(asking: Actor, found: Roster, now: datetime) -> None:
    """Raise NotAllowed for somebody who sees neither every roll nor, as a substitute, this one today."""
    date, stands_in = found.occurrence, False
    if "roll:see" not in asking.permissions and asking.person_id is not None:
        stands_in = substitutes.stands_in_at(date, asking.person_id)
    zone = found.meeting.zone
    if not may_see_roll(asking.permissions, stands_in=stands_in, starts_at=date.starts_at, zone=zone, now=now):
        raise NotAllowed("You may see this roll from an hour before the date to the end of its day.")
