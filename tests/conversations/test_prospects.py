from datetime import datetime, timedelta

from aftercare.conversations import prospects
from aftercare.core import clock
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp


def dates_of(*people):
    found = prospects.of([(person.organisation_id, person.id) for person in people])
    return {key[1]: sorted(each.useful_until.day for each in dates) for key, dates in found.items()}


def make_week(clinic):
    """Make a date on each day of a week, the first tomorrow."""
    meeting = make_meeting(clinic)
    return meeting, [make_occurrence(meeting, starts=datetime(2026, 11, day, 10)) for day in range(3, 16)]


def test_dates_that_nobody_has_planned_for_yet_are_before_people(app, monday):
    clinic = make_organisation()
    meeting, dates = make_week(clinic)
    ana, ben = make_person(clinic), make_person(clinic)
    make_member(meeting, ana)
    make_rsvp(dates[4], ben)
    make_rsvp(dates[4], ana, status="declined")

    # Up to three days ahead reminders are written already; a text of today takes nothing from what is ten days off.
    assert dates_of(ana, ben) == {ana.id: [6, 8, 9, 10, 11, 12], ben.id: [7]}


def test_a_prospect_is_due_with_its_first_reminder(app, monday):
    clinic = make_organisation(reminder_hours=[24, 2])
    ana = make_person(clinic)
    make_rsvp(make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 7, 10)), ana)

    ((prospect,),) = prospects.of([(clinic.id, ana.id)]).values()

    assert prospect.useful_until - prospect.first_due == timedelta(hours=24)


def test_who_is_reminded_of_nothing_has_no_prospects(app, monday):
    clinic = make_organisation(reminder_hours=[])
    ana = make_person(clinic)
    make_rsvp(make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 7, 10)), ana)

    assert prospects.of([(clinic.id, ana.id)]) == {}
    assert prospects.of([]) == {}


def test_prospects_take_two_questions_for_one_or_many(app, monday, statements):
    clinic = make_organisation()
    meeting, _ = make_week(clinic)
    people = [make_person(clinic) for _ in range(4)]
    for person in people:
        make_member(meeting, person)
    keys = [(person.organisation_id, person.id) for person in people]
    assert clock.now() == monday

    assert statements(lambda: prospects.of(keys)) == statements(lambda: prospects.of(keys[:1])) <= 3
