"""Whatever is done to a group, in whatever order: what is on, what is off and why is what plain values say."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Refused
from aftercare.meetings import changes, closures, drafts, history, publishing, schedule, series, undoing
from aftercare.meetings import dates as one_date
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Occurrence, Place, Rsvp
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from aftercare.messaging.models import Message
from tests.factories import make_member, make_organisation, make_person, make_rsvp, saved
from tests.meetings.any_life import DAY, FIRST, LAST, Half, Known, Life, Shut

PLACES = ("Room", "Hall", "Garden")
WEEKDAYS = ((1,), (1, 3), (3,), (2,))
ACTS = ("cancel", "reinstate", "move", "close", "lift", "rule", "hour", "place", "follow", "go", "undo", "extend")


class World:
    """A group of ours, and the same as plain values."""

    def __init__(self):
        self.clinic = make_organisation()
        self.key = self.clinic.id
        self.places = {name: saved(Place(organisation_id=self.key, name=name)).id for name in PLACES}
        self.life = Life([Half(FIRST, (1,), 18, "Room")])
        with transaction():
            draft = Draft(
                "Tools", datetime(2026, 11, 3, 18), zone="America/Denver", repeat=_repeat((1,)), place_name="Room"
            )
            self.meetings = [publishing.publish(self.key, draft, by=None).id]
        self._learn()
        make_member(schedule.get_meeting(self.key, self.meetings[0]), make_person(self.clinic))
        bea = make_person(self.clinic)
        for row in self._rows():
            make_rsvp(row, bea)
        self.undoable = None
        self.replied = set(self.life.dates)

    def play(self, act, number, other):
        before, kept, told = self._last_change(), self.life.copy(), self._told()
        halves = list(self.meetings)
        try:
            with transaction():
                getattr(self, act)(number, other)
        except Refused:
            self.life, self.meetings = kept, halves
        self._learn()
        self._compare()
        # No one hears twice of one change in one way.
        assert max((self._told() - told).values(), default=0) <= 1
        after = self._last_change()
        if act != "undo":
            self.undoable = (after, kept, halves) if after not in {None, before} else None

    def cancel(self, number, _other):
        known = self._pick(number, lambda each: each.is_on)
        changes.cancel_occurrence(self.key, known, by=None)
        self.life.dates[known].is_called_off = True

    def reinstate(self, number, _other):
        known = self._pick(number, lambda each: not each.is_on and not each.is_dropped)
        changes.reinstate_occurrence(self.key, known, by=None)
        each = self.life.dates[known]
        each.is_called_off, each.shut = False, None

    def move(self, number, other):
        known = self._pick(number, lambda each: each.is_on)
        each = self.life.dates[known]
        each.start = (each.start + (other % 2) * DAY).replace(minute=30)
        changes.move_occurrence(self.key, known, to=each.start, by=None)

    def go(self, number, other):
        known, name = self._pick(number, lambda each: not each.is_dropped), (*PLACES, "")[other % 4]
        each = self.life.dates[known]
        before = self.life.place_of(each)
        one_date.change_place(self.key, known, name=name, address="", by=None)
        after = name or self.life.halves[each.half].place
        if after != before:
            each.place = name or None
            self.life.examine(each, before)

    def close(self, number, other):
        first = FIRST + (number % 14) * DAY
        last, name = first + timedelta(days=other * 2), (None, *PLACES)[number % 4]
        scope = "place" if name else "organisation"
        plan = Plan(scope, first, last, place_id=self.places[name] if name else None)
        done = closures.close(self.key, plan, by=None)
        self.life.close(Shut(done.closure.id, name, first, last))

    def lift(self, number, _other):
        if self.life.shut:
            key = self.life.shut[number % len(self.life.shut)].key
            closures.lift(self.key, key, by=None)
            self.life.lift(key)

    def rule(self, number, _other):
        self._edit(weekdays=WEEKDAYS[number % len(WEEKDAYS)])

    def hour(self, number, _other):
        self._edit(hour=15 + number)

    def place(self, number, _other):
        self._edit(place=PLACES[number % len(PLACES)])

    def follow(self, number, other):
        since = FIRST + (number + 3) * DAY
        last = self.life.halves[-1]
        if len(self.life.halves) == 1 and min(self.life.days()) < since:
            half = replace(last, since=since, hour=15 + other, weekdays=WEEKDAYS[number % len(WEEKDAYS)])
            heir = self._change(half, since=since)
            if heir not in self.meetings:
                self.meetings.append(heir)
                self.life.split(half)

    def undo(self, _number, _other):
        if self.undoable:
            change, kept, halves = self.undoable
            undoing.undo(self.key, change, by=None)
            made = {key: each for key, each in self.life.dates.items() if key not in kept.dates}
            for each in made.values():
                each.is_dropped, each.shut = True, None
                each.half = each.half if len(halves) == len(self.meetings) else -1
            self.life, self.meetings = kept.copy(), halves
            self.life.dates |= made
            self.undoable = None

    def extend(self, _number, _other):
        schedule.extend_by_id(self.key, self.meetings[-1])

    def _edit(self, **given):
        half = replace(self.life.halves[-1], **given)
        self._change(half)
        self.life.put(half)

    def _change(self, half, **given):
        meeting = schedule.get_meeting(self.key, self.meetings[-1])
        first = datetime(half.since.year, half.since.month, half.since.day, half.hour)
        start = first if half.since == FIRST or not given else first.replace(day=FIRST.day)
        draft = replace(drafts.of(meeting), first=start, repeat=_repeat(half.weekdays), place_name=half.place)
        return series.change(self.key, meeting.id, draft, **given, by=None).meeting.id

    def _pick(self, number, fits):
        found = sorted(key for key, each in self.life.dates.items() if fits(each) and each.half >= 0)
        if not found:
            raise Refused("There is none.")
        return found[number % len(found)]

    def _rows(self):
        wanted = select(Occurrence).where(Occurrence.organisation_id == self.key).order_by(Occurrence.id)
        return db.session.scalars(wanted).all()

    def _learn(self):
        """Take in the dates that are new."""
        db.session.rollback()
        half = len(self.life.halves) - 1
        for row in self._rows():
            if row.id not in self.life.dates:
                known = Known(row.slot_local.date(), row.start_local, half=half)
                assert (known.slot in self.life.days(), row.meeting_id) == (True, self.meetings[-1])
                known.shut = min(
                    (each.key for each in self.life.covering(known, self.life.place_of(known))), default=None
                )
                self.life.dates[row.id] = known

    def _compare(self):
        rows = {row.id: row for row in self._rows()}
        assert {key: self._stands(row) for key, row in rows.items()} == {
            key: (each.is_on, each.is_called_off, each.shut if not each.is_on else None, each.start)
            for key, each in self.life.dates.items()
        }
        wanted = select(Rsvp.occurrence_id, Rsvp.status, Rsvp.voided_from).where(Rsvp.organisation_id == self.key)
        answers = {row[0]: tuple(row[1:]) for row in db.session.execute(wanted)}
        assert answers == {
            key: ("going", None) if self.life.dates[key].is_on else ("void", "going") for key in self.replied
        }

    def _stands(self, row):
        is_on = row.status != "cancelled"
        return is_on, row.is_called_off, None if is_on else row.closure_id, row.start_local

    def _last_change(self):
        db.session.rollback()
        found = [each for meeting in self.meetings for each in history.undoable(self.key, meeting)]
        return max((each.id for each in found), default=None)

    def _told(self):
        """Count the texts that wait, by reader and what they tell."""
        wanted = select(Message.person_id, Message.once).where(
            Message.organisation_id == self.key, Message.state == "pending"
        )
        return Counter((person, once.split(":")[0]) for person, once in db.session.execute(wanted))


def _repeat(weekdays):
    return Repeat(weekdays=weekdays, until=LAST)


@pytest.fixture
def world(app, monday):
    return World


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 8), st.integers(0, 5)), min_size=5, max_size=10))
@settings(
    max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_dates_are_on_or_off_as_was_said_and_no_answer_is_lost(world, acts):
    lived = world()
    for act in acts:
        lived.play(*act)
