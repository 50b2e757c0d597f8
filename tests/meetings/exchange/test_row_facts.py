from datetime import UTC, datetime

import pytest

from aftercare.meetings.exchange.listing import Entity, SeventhTradition
from tests.meetings.exchange.feeds import kinds, listing, reading, row


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-04-04 16:50:58", datetime(2026, 4, 4, 16, 50, 58, tzinfo=UTC)),
        ("2026-04-0416:50:58", datetime(2026, 4, 4, 16, 50, 58, tzinfo=UTC)),
        ("2026-04-04T16:50:58.123Z", datetime(2026, 4, 4, 16, 50, 58, tzinfo=UTC)),
        ("2026-04-04", datetime(2026, 4, 4, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_the_date_of_the_last_change_is_utc(said, moment):
    assert listing(updated=said).updated == moment


def test_an_entity_has_a_name_and_either_name_of_its_link():
    fields = {"entity": "Intergroup", "entity_phone": "+1-303-555-0100", "entity_email": "nobody"}

    assert listing(**fields, entity_url="https://a.example.org").entity == Entity(
        "Intergroup", phone="+1-303-555-0100", url="https://a.example.org"
    )
    assert (
        listing(**fields, entity_website_url="https://a.example.org").entity
        == listing(**fields, entity_url="https://a.example.org").entity
    )


def test_an_entity_without_a_name_is_left_out_and_said():
    assert kinds(reading(row(entity_phone="303"))) == ["entity"]


@pytest.mark.parametrize("said", [["a@example.org", "b@example.org"], "a@example.org, b@example.org"])
def test_addresses_for_corrections_are_a_list_or_a_text(said):
    assert listing(feedback_emails=said).feedback_emails == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("https://example.org/f", "https://example.org/f"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("mailto:", None),
        ("ftp://x", None),
    ],
)
def test_corrections_go_to_a_link_or_an_address(said, link):
    assert listing(feedback_url=said).feedback_url == link


def test_accounts_have_their_shape_or_are_left_out():
    result = reading(row(venmo="@Group1", square="$Group", paypal="https://paypal.me/Group2", homegroup_online="a b"))

    assert result.listings[0].seventh_tradition == SeventhTradition(venmo="@Group1", square="$Group", paypal="Group2")
    assert kinds(result) == ["collection_found", "collection"]
