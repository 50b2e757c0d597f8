"""Makes a one-tap link in a demo that runs: `python -m tests.browser.one_tap "Priya Shah" MEETING_ID`.

A process of its own: the demo's clock and keys are settings of a whole process.
"""

import sys
import uuid

from aftercare.app import create_app
from aftercare.core.db import transaction
from aftercare.demo.people import SLUG
from aftercare.meetings import answer_links, schedule
from aftercare.people import accounts, organisations


def link_secret(name: str, meeting_id: uuid.UUID) -> str:
    """Make a link for a patient and a meeting's next date; give its secret."""
    organisation = organisations.get_by_slug(SLUG)
    patients = accounts.people_with_role(organisation.id, "patient")
    person = next(person for person in patients if person.name == name)
    date = schedule.next_dates(schedule.get_meeting(organisation.id, meeting_id), limit=1)[0]
    return answer_links.create(organisation.id, date.id, person.id)


if __name__ == "__main__":
    with create_app().app_context(), transaction():
        print(link_secret(sys.argv[1], uuid.UUID(sys.argv[2])))
