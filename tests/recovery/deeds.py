"""A history for the tests of recovery: dates of one weekly group, and what came of them."""

from datetime import UTC, datetime, timedelta

from aftercare.core.db import db, transaction
from tests.factories import make_attendance, make_occurrence

#: Wednesday, November 4, 2026, noon in Denver; the weeks begin on Mondays.
NOW = datetime(2026, 11, 4, 19, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 3, 18, 0)


def date_of(meeting, weeks_ago=0, **given):
    return make_occurrence(meeting, starts=TUESDAY - timedelta(weeks=weeks_ago), **given)


def came(meeting, person, *weeks, **given):
    """Let somebody have come so many weeks ago, to dates whose rolls are final."""
    return [make_attendance(date_of(meeting, week, roll="final"), person, **given) for week in weeks]


def do(deed, *values, **given):
    """Do something in a transaction of its own."""
    db.session.rollback()
    with transaction():
        return deed(*values, **given)
