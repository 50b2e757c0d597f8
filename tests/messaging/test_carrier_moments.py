from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import carrier_moments


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 02 Nov 2026 17:00:00 +0000",
        "Mon, 02 Nov 2026 10:00:00 -0700",
        "Mon, 02 Nov 2026 17:00:00 -0000",
        "2026-11-02T17:00:00Z",
        "2026-11-02T10:00:00-07:00",
    ],
)
def test_a_moment_is_read_as_carriers_write_it(text):
    assert carrier_moments.read(text) == datetime(2026, 11, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-11-02T17:00:00", "2026-13-02T17:00:00Z", "Mon, 02 Nov 2026 17:00:00", "\x00", "T" * 99],
)
def test_what_is_no_moment_is_none(text):
    assert carrier_moments.read(text) is None


@given(st.text())
def test_any_text_is_read_or_not(text):
    moment = carrier_moments.read(text)

    assert moment is None or moment.tzinfo is UTC
