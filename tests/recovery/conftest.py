"""Somebody who was enrolled ten weeks ago with a goal of one meeting a week, and their group."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.recovery.models import Goal, Path
from tests.factories import make_meeting, make_organisation, make_person
from tests.recovery.deeds import NOW, TUESDAY

BEGAN = TUESDAY.date() - timedelta(days=1, weeks=10)


@pytest.fixture
def clinic(app, hold):
    hold(NOW)
    return make_organisation()


@pytest.fixture
def group(clinic):
    return make_meeting(clinic)


@pytest.fixture
def ana(clinic):
    person = make_person(clinic)
    with transaction():
        db.session.execute(update(Path).where(Path.person_id == person.id).values(enrolled_on=BEGAN))
        db.session.execute(update(Goal).where(Goal.person_id == person.id).values(set_on=BEGAN))
    return person
