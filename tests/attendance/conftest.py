"""A clinic on a Tuesday evening at six, just as its group begins."""

import pytest

from tests.attendance.deeds import SIX, START
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, hold):
    hold(START)
    return make_organisation()


@pytest.fixture
def tuesday(clinic):
    return make_occurrence(make_meeting(clinic), starts=SIX)


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor")
