from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import finder_rows, found_days
from aftercare.meetings.exchange import runs
from aftercare.meetings.exchange.models import ImportRun
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation
from tests.meetings.finding import at, list_rows, names

LINK = "https://zoom.us/j/5550100"
PLACE = {
    "id": "0" * 32, "name": "House", "address": "1 Elm St", "region": "", "latitude": 39.75, "longitude": -105.0,
    "is_approximate": False,
}  # fmt: skip
LISTING = {
    "id": "1" * 32, "kind": "fellowship", "name": "Lamp", "group_name": "", "fellowship": "aa", "languages": [],
    "attendance": "hybrid", "is_open": True, "place_detail": "", "join_url": LINK, "join_phone": "", "join_notes": "",
    "is_join_withheld": False, "zone": "America/Denver", "start_local": datetime(2026, 1, 6, 18, 30), "minutes": None,
    "rule": "FREQ=WEEKLY;BYDAY=TU,TH", "holidays": "", "days_off": [], "listed": True, "ended_at": None,
    "vanished_at": None, "search_text": " lamp aa _hybrid_ _open_",
}  # fmt: skip
TUESDAY = date(2026, 11, 3)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def listed(**otherwise):
    return found_days.rows(LISTING | otherwise, PLACE, ["SP", "O"])


def test_a_listing_has_a_row_for_each_of_its_weekdays():
    assert [(row["weekday"], row["start_minute"], row["minutes"]) for row in listed()] == [(1, 1110, 60), (3, 1110, 60)]
    assert listed(start_local=None) == []


def test_words_and_marks_stand_apart_between_blanks():
    assert {(row["words"], row["marks"]) for row in listed()} == {(" lamp aa ", " _hybrid_ _open_ ")}
    assert {(row["words"], row["marks"]) for row in listed(search_text="")} == {(" ", " ")}


@pytest.mark.parametrize(
    ("rule", "on", "off"),
    [
        ("FREQ=MONTHLY;BYDAY=1TU", TUESDAY, TUESDAY + timedelta(days=7)),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261103T235959", TUESDAY, TUESDAY + timedelta(days=7)),
        (None, date(2026, 1, 6), TUESDAY),
    ],
)
def test_only_what_is_not_every_week_keeps_its_rule(rule, on, off):
    series = listed(rule=rule)[0]["series"]

    assert found_days.takes_place(series, "America/Denver", on)
    assert not found_days.takes_place(series, "America/Denver", off)
    assert listed()[0]["series"] == ""
    assert listed(days_off=["2026-11-03"])[0]["series"] != ""


@pytest.mark.parametrize(
    "otherwise",
    [
        {"listed": False},
        {"ended_at": datetime(2026, 1, 1)},
        {"vanished_at": datetime(2026, 1, 1)},
        {"kind": "programme"},
    ],
)
def test_what_is_no_listing_or_none_any_more_is_not_shown(otherwise):
    assert listed()[0]["is_shown"]
    assert not listed(**otherwise)[0]["is_shown"]


def test_a_link_that_is_withheld_is_not_even_kept_there():
    assert LINK in listed()[0]["told"]
    assert LINK not in listed(is_join_withheld=True)[0]["told"]
    assert LINK not in listed(kind="programme", is_open=None)[0]["told"]


def test_a_link_stays_withheld_when_its_list_is_read_again(clinic):
    list_rows(clinic, at(0, "mon", "12:00", name="Lamp", conference_url=LINK))
    with transaction():
        meeting = db.session.scalars(select(Meeting)).one()
        meeting.is_join_withheld = True
        finder_rows.keep(meeting)
    list_rows(clinic, at(0, "mon", "12:00", name="Lamp", conference_url=LINK, notes="Bring a cup."))

    told = db.session.scalars(select(MeetingDay.told)).one()
    assert '"join_url":""' in told
    assert LINK not in told


def test_what_left_its_list_is_not_found_until_that_is_undone(clinic):
    stay = [at(0, "mon", "12:00", name=f"Lamp {n}") for n in range(5)]
    list_rows(clinic, *stay, at(0, "mon", "13:00", name="Porch"))
    list_rows(clinic, *stay)
    assert names(clinic, q="porch") == names(clinic, time="midday")[5:] == []

    with transaction():
        source_id = db.session.scalars(select(ImportRun.source_id).distinct()).one()
        last = runs.newest_done(clinic.id, source_id)
        assert last
        runs.undo(clinic.id, last.id, by=None)
    db.session.refresh(clinic)
    assert names(clinic, q="porch") == names(clinic, time="midday")[5:] == ["Porch"]
