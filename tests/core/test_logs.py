import uuid
from typing import cast

import pytest
from sqlalchemy.exc import StatementError

from aftercare.core import logs
from aftercare.people import organisations


def test_a_crash_deep_in_the_database_names_our_lines_and_nothing_that_was_typed(app):
    with pytest.raises(StatementError) as crash:
        organisations.get_organisation(cast(uuid.UUID, "canary"))

    said = logs.where(crash.value)

    assert said[-1].startswith("people/organisations.py:")
    assert said[-1].endswith(" get_organisation")
    assert "canary" not in " ".join(said)


def test_a_crash_elsewhere_still_says_where():
    with pytest.raises(ZeroDivisionError) as crash:
        1 / 0  # noqa: B018

    assert "test_logs.py:" in logs.where(crash.value)[-1]
