from datetime import timedelta

import pytest

from aftercare.conversations import reminder_words
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Place
from aftercare.messaging import own_words
from aftercare.people.models import Person
from tests.conversations.reminding import leave, plan, spoken, texts_of_all, thursday, to
from tests.factories import make_organisation, make_person, make_rsvp, saved


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def reminded(occurrence, *people, hold):
    for person in people:
        make_rsvp(occurrence, person, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()


def test_a_reminder_speaks_the_language_that_its_reader_has_when_it_goes(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    reminded(occurrence, ana, hold=hold)
    with transaction():
        db.session.get_one(Person, (clinic.id, ana.id)).language = "es"

    assert spoken() == [
        "Recordatorio: jue 5 nov, 6:00 p.m. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar."
    ]


def test_a_plain_reminder_names_the_place_that_holds_when_it_goes(clinic, hold):
    occurrence, ana = thursday(clinic, name="Tools"), make_person(clinic, text_level="plain")
    reminded(occurrence, ana, hold=hold)
    before = spoken()
    place = saved(Place(organisation_id=clinic.id, name="Room 12"))
    with transaction():
        db.session.merge(occurrence).place_id = place.id

    assert [("Tools" in said, "Room 12" in said) for said in (*before, *spoken())] == [(True, False), (True, True)]


def test_readers_in_other_zones_read_the_time_of_the_place(clinic, hold):
    occurrence = thursday(clinic)
    here, away = make_person(clinic), make_person(clinic, zone="America/New_York")
    reminded(occurrence, here, away, hold=hold)

    assert len(set(spoken())) == 1


def test_readers_in_other_zones_read_their_own_time_of_an_online_date(clinic, hold):
    occurrence = thursday(clinic, attendance="online")
    here, away = make_person(clinic), make_person(clinic, zone="America/New_York")
    reminded(occurrence, here, away, hold=hold)

    assert sorted(said[10:28] for said in spoken()) == ["Thu Nov 5, 6:00 PM", "Thu Nov 5, 8:00 PM"]


def test_words_of_other_kinds_are_left_to_others(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    reminded(occurrence, ana, hold=hold)
    (message,) = texts_of_all("pending")
    message.kind = "milestone"

    assert reminder_words.words([(message, ana)]) == {}


def test_spelling_costs_the_same_for_one_date_as_for_twenty(clinic, hold, statements):
    def cost(number):
        ana = make_person(clinic)
        dates = [thursday(clinic) for _ in range(number)]
        for date in dates:
            make_rsvp(date, ana, created_at=clock.now() - timedelta(days=7))
        with clock.held(dates[0].starts_at - timedelta(hours=49)):
            plan()
            pairs = [(message, db.session.merge(ana)) for message in texts_of_all("pending")]
            spent = statements(lambda: reminder_words.words(pairs))
            with clock.held(dates[0].starts_at):
                leave()
        return spent

    assert cost(1) == cost(20)


def test_a_reminder_says_the_words_that_its_organisation_has_when_it_goes(clinic, hold):
    elsewhere = make_organisation()
    for organisation in (clinic, elsewhere):
        reminded(thursday(organisation), make_person(organisation), hold=hold)
    own = "See you {when:short}? Y or N. HELP for help, STOP to end texts."
    with transaction():
        own_words.keep(clinic.id, ("reminder", "en", "discreet"), own, by=None)

    assert sorted(said[:22] for said in spoken()) == ["Reminder: Thu Nov 5, 6", "See you Thu 6:00 PM? Y"]
