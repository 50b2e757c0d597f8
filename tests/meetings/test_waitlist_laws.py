from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aftercare.core.errors import Conflict
from aftercare.meetings.waitlist import (
    HOLDING,
    Event,
    Seat,
    Status,
    answer,
    front_of_line,
    may_offer,
    next_in_line,
    offers,
    offers_run_out,
    seats_taken,
)

START = datetime(2026, 3, 3, 19, tzinfo=UTC)
people = st.integers(0, 4).map(lambda number: UUID(int=number))
capacities = st.sampled_from([1, 1, 2, 3, None])
said = st.sampled_from([Event.YES, Event.NO, Event.MAYBE])


class OneDate(RuleBasedStateMachine):
    """One date and the people who answer, as a verb would play it: the answer, then the offers, in one transaction."""

    @initialize(capacity=capacities, hours=st.sampled_from([1, 13, 200]))
    def publish(self, capacity, hours):
        self.seats = {}
        self.capacity = capacity
        self.now = START - timedelta(hours=hours)
        self.quiet = False

    @rule(person=people, event=said)
    def somebody_answers(self, person, event):
        before = dict(self.seats)
        seat = before.get(person, Seat(person))
        try:
            outcome = self.answered(seat, event)
        except Conflict:
            assert seat.status not in HOLDING or offers_run_out([seat], self.now)
            return
        self.seats[person] = outcome.seat
        assert_nobody_was_passed_over(before, self.seats, self.capacity, expired=offers_run_out([seat], self.now))
        self.offer_on()

    @rule(person=people)
    def somebody_says_yes_twice(self, person):
        self.somebody_answers(person, Event.YES)
        held = self.seats.get(person, Seat(person))
        if self.now < START and held.status != Status.OFFERED:
            try:
                assert self.answered(held, Event.YES).seat == held
            except Conflict:
                assert held.status not in (*HOLDING, Status.WAITLISTED)

    @rule(minutes=st.integers(1, 180))
    def time_goes_by(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.sweep()

    @rule(quiet=st.booleans())
    def the_quiet_hours_begin_or_end(self, quiet):
        self.quiet = quiet
        self.sweep()

    @rule(capacity=capacities)
    def staff_change_the_capacity(self, capacity):
        before = dict(self.seats)
        self.capacity = capacity
        self.sweep()
        assert all(self.seats[person] == seat for person, seat in before.items() if seat.status == Status.GOING)

    @rule(person=people)
    def staff_raise_somebody(self, person):
        seat = self.seats.get(person)
        if seat and seat.status == Status.WAITLISTED:
            self.seats[person] = replace(seat, position=front_of_line(self.all()))
            self.sweep()

    @invariant()
    def nobody_waits_while_a_seat_is_free_and_may_be_offered(self):
        if may_offer(self.now, START, quiet=self.quiet):
            assert next_in_line(self.all(), self.capacity) == []

    @invariant()
    def places_in_the_line_are_unique(self):
        positions = [seat.position for seat in self.all() if seat.status == Status.WAITLISTED]
        assert len(set(positions)) == len(positions)
        assert None not in positions

    def all(self):
        return list(self.seats.values())

    def answered(self, seat, event):
        before = seats_taken([other for other in self.all() if other.person_id != seat.person_id])
        outcome = answer(seat, event, seats=self.all(), capacity=self.capacity, now=self.now, starts_at=START)
        if outcome.status in HOLDING and seat.status not in HOLDING:
            assert self.capacity is None or before < self.capacity
        return outcome

    def sweep(self):
        for seat in offers_run_out(self.all(), self.now):
            self.seats[seat.person_id] = self.answered(seat, Event.EXPIRY).seat
            assert self.seats[seat.person_id].status in (Status.WAITLISTED, Status.DECLINED)
            self.offer_on()
        self.offer_on()

    def offer_on(self):
        before = dict(self.seats)
        asleep = {seat.person_id for seat in self.all()} if self.quiet else ()
        for seat in offers(self.all(), self.capacity, now=self.now, starts_at=START, asleep=asleep):
            assert seat.offered_until is not None
            assert self.now < seat.offered_until < START
            self.seats[seat.person_id] = seat
            assert self.capacity is None or seats_taken(self.all()) <= self.capacity
        assert_nobody_was_passed_over(before, self.seats, self.capacity)


def assert_nobody_was_passed_over(before, after, capacity, expired=()):
    had_a_seat = {person for person, seat in before.items() if seat.status in HOLDING and seat not in expired}
    # Whoever waits for the quiet hours to end, with a free seat kept for them, is not passed over.
    sure_of_a_seat = next_in_line(list(after.values()), capacity)
    left_waiting = [
        seat.position
        for person, seat in after.items()
        if seat.status == Status.WAITLISTED and before.get(person) == seat and seat not in sure_of_a_seat
    ]
    for person, seat in after.items():
        if seat.status in HOLDING and person not in had_a_seat and left_waiting:
            assert before[person].status == Status.WAITLISTED
            assert before[person].position < min(left_waiting)


OneDate.TestCase.settings = settings(deadline=None, max_examples=200, stateful_step_count=40)
TestOneDate = OneDate.TestCase
