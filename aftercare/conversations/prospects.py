"""Which reminders people will get of which nothing is written down yet, so that other texts leave them room."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from aftercare.conversations.reminder_times import AHEAD
from aftercare.core import clock
from aftercare.meetings import coming
from aftercare.messaging.allowances import Key, Prospect
from aftercare.people import organisations

#: A text of today counts for a week; dates later than that take nothing from it.
FAR = timedelta(days=8)


def of(people: Collection[Key]) -> Mapping[Key, Sequence[Prospect]]:
    """Give the dates that people will be reminded of and nobody has planned for, in two queries."""
    now = clock.now()
    leads = _longest_leads({organisation_id for organisation_id, _ in people})
    found: dict[Key, list[Prospect]] = defaultdict(list)
    for date in coming.dates_of(people, after=now, until=now + FAR + max(leads.values(), default=timedelta())):
        lead = leads.get(date.organisation_id)
        if lead is not None and _is_unplanned(date.starts_at, lead, now):
            prospect = Prospect(date.occurrence_id, date.starts_at - lead, date.starts_at)
            found[date.organisation_id, date.person_id].append(prospect)
    return found


def _longest_leads(organisation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, timedelta]:
    known = organisations.organisations_named(organisation_ids)
    return {key: timedelta(hours=max(each.reminder_hours)) for key, each in known.items() if each.reminder_hours}


def _is_unplanned(starts_at: datetime, lead: timedelta, now: datetime) -> bool:
    """Tell whether the planner has not come to a date yet; of those it has, the outbox knows."""
    return starts_at - lead > now + AHEAD
