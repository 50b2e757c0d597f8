"""What the finder keeps is kept for a version of the organisation's list: whatever changes the list raises it."""

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aftercare import meetings
from aftercare.core.db import db, transaction
from aftercare.meetings import (
    changes,
    closures,
    dates,
    history,
    local_edits,
    publishing,
    rederiving,
    schedule,
    series,
    substitutes,
    undoing,
)
from aftercare.meetings.closures import Plan
from aftercare.meetings.exchange import runs
from aftercare.meetings.exchange.models import MeetingSource
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.undoing import UNDOING
from aftercare.people.models import Organisation
from tests.factories import make_organisation, make_person
from tests.meetings.finding import at, list_rows
from tests.meetings.serial import FIRST, TUESDAYS, edit, publish

#: Acts that verbs of meetings note of themselves, by what they call the name of an act.
NOTING = {"record", "note", "_note", "_mark_changed"}
ACT = ("meeting.", "meetings.", "occurrence.", "series.")


class Town:
    """A group of ours with two dates, and one of a list."""

    def __init__(self):
        self.clinic = make_organisation()
        self.key = self.clinic.id
        self.group = publish(self.clinic, repeat=replace(TUESDAYS, count=2), place_name="Room").id
        self.date = db.session.scalars(select(Occurrence.id).order_by(Occurrence.starts_at).limit(1)).one()
        self.kim = make_person(self.clinic, role="counsellor").id

    @property
    def keys(self):
        return self.key, self.date

    @property
    def listing(self):
        return db.session.scalars(select(Meeting).where(Meeting.kind == "fellowship")).one()

    def is_published(self):
        yield
        publishing.publish(self.key, Draft("New", FIRST, zone="America/Denver"), by=None)

    def is_extended(self):
        meeting = schedule.get_meeting(self.key, self.group)
        meeting.rule, meeting.horizon_until = "FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 12)
        yield
        schedule.extend_by_id(self.key, self.group)

    def is_cancelled(self):
        yield
        changes.cancel_occurrence(*self.keys, by=None)

    def is_reinstated(self):
        changes.cancel_occurrence(*self.keys, by=None)
        yield
        changes.reinstate_occurrence(*self.keys, by=None)

    def is_moved(self):
        yield
        changes.move_occurrence(*self.keys, to=FIRST + timedelta(days=1), by=None)

    def is_placed(self):
        yield
        dates.change_place(*self.keys, name="Hall", address="", by=None)

    def has_seats(self):
        yield
        dates.change_capacity(*self.keys, capacity=3, by=None)

    def is_noted(self):
        yield
        dates.change_note(*self.keys, note="Back door.", by=None)

    def has_one_more(self):
        yield
        dates.add_date(self.key, self.group, dates.Extra(FIRST + timedelta(days=2)), by=None)

    def is_led_by_another(self):
        yield
        substitutes.stand_in(self.key, self.keys[1], self.kim, by=None)

    def is_closed(self):
        yield
        return closures.close(self.key, Plan("organisation", date(2026, 11, 2), date(2026, 11, 4)), by=None)

    def is_opened(self):
        done = closures.close(self.key, Plan("organisation", date(2026, 11, 2), date(2026, 11, 4)), by=None)
        yield
        closures.lift(self.key, done.closure.id, by=None)

    def is_open_as_before(self):
        # On a Sunday nothing takes place, so that no meeting's history tells of it.
        done = closures.close(self.key, Plan("organisation", date(2026, 11, 8), date(2026, 11, 8)), by=None)
        yield
        undoing.undo_closure(self.key, done.closure.id, by=None)

    def is_changed(self):
        yield
        edit(schedule.get_meeting(self.key, self.group), name="Skills")

    def has_an_heir(self):
        yield
        edit(schedule.get_meeting(self.key, self.group), since=date(2026, 11, 10), name="Skills")

    def is_ended(self):
        yield
        series.end(self.key, self.group, since=date(2026, 11, 10), by=None)

    def has_other_clocks(self):
        schedule.get_occurrence(*self.keys).starts_at -= timedelta(hours=1)
        yield
        rederiving.rederive(self.key, self.group)

    def is_imported(self):
        yield
        list_rows(self.clinic, at(0, "mon", "12:00", name="Lamp"))

    def is_no_more_imported(self):
        list_rows(self.clinic, at(0, "mon", "12:00", name="Lamp"))
        yield
        source = db.session.scalars(select(MeetingSource.id)).one()
        last = runs.newest_done(self.key, source)
        assert last
        runs.undo(self.key, last.id, by=None)

    def is_edited(self):
        list_rows(self.clinic, at(0, "mon", "12:00", name="Lamp"))
        yield
        local_edits.change(self.listing, {"name": "Lantern"}, by=None)

    def is_as_its_list_says(self):
        list_rows(self.clinic, at(0, "mon", "12:00", name="Lamp"))
        local_edits.change(self.listing, {"name": "Lantern"}, by=None)
        yield
        local_edits.take_lists_word(self.key, self.listing.id, "name", by=None)


#: Every act by the name that it notes; what is noted of nothing else is an act of its own.
VERBS = {
    "extended": Town.is_extended,
    "meeting.published": Town.is_published,
    "meeting.clocks_changed": Town.has_other_clocks,
    "meeting.closed": Town.is_closed,
    "meeting.closed.undone": Town.is_open_as_before,
    "meeting.reopened": Town.is_opened,
    "meeting.edited": Town.is_edited,
    "meeting.edit_dropped": Town.is_as_its_list_says,
    "meetings.imported": Town.is_imported,
    "meetings.import_undone": Town.is_no_more_imported,
    "occurrence.added": Town.has_one_more,
    "occurrence.cancelled": Town.is_cancelled,
    "occurrence.capacity": Town.has_seats,
    "occurrence.moved": Town.is_moved,
    "occurrence.noted": Town.is_noted,
    "occurrence.placed": Town.is_placed,
    "occurrence.reinstated": Town.is_reinstated,
    "occurrence.substitute": Town.is_led_by_another,
    "series.begun": Town.has_an_heir,
    "series.changed": Town.is_changed,
    "series.ended": Town.is_ended,
}


def version(town):
    db.session.rollback()
    return db.session.get_one(Organisation, town.key).calendar_version


def noted():
    """Name every act that a file of meetings notes."""
    folder = Path(meetings.__file__).parent
    calls = (each for path in folder.rglob("*.py") for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    for call in calls:
        if isinstance(call, ast.Call) and _name(call.func) in NOTING:
            said = (each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str))
            yield from (act for act in said if act.startswith(ACT))


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_act_that_is_noted_of_a_meeting_is_tried_here():
    assert set(noted()) == set(VERBS) - {"extended"}


@pytest.mark.parametrize("act", VERBS)
def test_an_act_and_its_undoing_let_go_of_what_the_finder_keeps(app, monday, act):
    town = Town()
    deed = VERBS[act](town)
    with transaction():
        next(deed)
    versions = [version(town)]

    with transaction():
        assert next(deed, None) is None
    versions.append(version(town))
    if act in UNDOING:
        change = next(each for each in history.undoable(town.key, town.group) if each.act == act)
        with transaction():
            undoing.undo(town.key, change.id, by=None)
        versions.append(version(town))

    assert versions == sorted(set(versions))
    assert set(UNDOING) <= set(VERBS)
