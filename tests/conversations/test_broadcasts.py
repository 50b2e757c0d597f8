from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare.audit.models import AuditEvent
from aftercare.consent import ledger
from aftercare.conversations import second_look
from aftercare.conversations.broadcasts import GOING
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, TooMany
from aftercare.messaging.fitness import judge
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from tests.conversations.broadcasting import WORDS, draft, foresee, members, pause, posted, send
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor", name="Sam Ortiz")


@pytest.fixture
def meeting(clinic):
    return make_meeting(clinic)


def test_each_member_reads_it_in_their_language(clinic, meeting, sam):
    members(meeting, make_person(clinic), make_person(clinic, text_level="plain"), make_person(clinic, language="es"))
    make_person(clinic)

    assert send(meeting, draft(), sam) == 3

    assert Counter(each.body for each in posted()) == {
        "Elm St: The door is at the back today. STOP to end texts.": 2,
        "Elm St: La puerta de hoy es la de atras. ALTO para terminar.": 1,
    }
    assert {(each.kind, each.is_answer, each.asks, each.needs_consent) for each in posted()} == {
        ("broadcast", False, False, True)
    }


def test_only_those_who_said_yes_to_the_next_date_get_it_if_so_chosen(clinic, meeting, sam):
    going, maybe, later = (make_person(clinic) for _ in range(3))
    first = make_occurrence(meeting, starts=datetime(2026, 11, 3, 18, 0))
    second = make_occurrence(meeting, starts=datetime(2026, 11, 10, 18, 0))
    make_rsvp(first, going)
    make_rsvp(first, maybe, status="maybe")
    make_rsvp(second, later)
    members(meeting, make_person(clinic))

    assert send(meeting, draft(audience=GOING), sam) == 1

    [message] = posted()
    assert (message.person_id, message.occurrence_id, message.useful_until) == (going.id, first.id, first.starts_at)


def test_who_gets_none_is_counted_with_the_reason(clinic, meeting, sam):
    gone, paused, stopped = (make_person(clinic) for _ in range(3))
    members(
        meeting, make_person(clinic), make_person(clinic, agrees_to_texts=False), paused, stopped, gone,
        make_person(clinic, phone="", agrees_to_texts=False), make_person(clinic, language="es"),
    )  # fmt: skip
    pause(paused)
    with transaction():
        ledger.withdraw_texts(db.session.get_one(Person, (clinic.id, stopped.id)), way="text")
        db.session.get_one(Person, (clinic.id, gone.id)).left_at = clock.now()
    written = draft({"en": WORDS["en"], "es": "  "})

    outlook = foresee(meeting, written)

    assert outlook.without == {"no_consent": 1, "paused": 1, "stopped": 1, "no_number": 1, "no_words": 1}
    assert send(meeting, written, sam) == outlook.people == 1
    assert Counter((each.language, each.channel or "text", each.body) for each in posted()) == outlook.texts


def test_a_second_press_sends_nothing_more_and_says_the_same(clinic, meeting, sam, hold):
    members(meeting, make_person(clinic), make_person(clinic))
    hold(datetime.fromisoformat("2026-11-03T06:59:00+00:00"))
    written = draft()
    first = send(meeting, written, sam)
    hold(datetime.fromisoformat("2026-11-03T07:01:00+00:00"))

    second = send(meeting, written, sam)
    other_words = send(meeting, draft({"en": "Bring a coat."}, form=written.form), sam)

    assert (first, second, other_words) == (2, 2, 2)
    assert len(posted()) == 2
    assert len(acts()) == 1


def acts():
    return list(
        db.session.scalars(select(AuditEvent).where(AuditEvent.act == "broadcast.sent").order_by(AuditEvent.number))
    )


def test_the_trail_knows_who_wrote_to_how_many_and_not_what(clinic, meeting, sam):
    members(meeting, make_person(clinic))
    written = draft()

    send(meeting, written, sam)

    [act] = acts()
    assert (act.actor_id, act.about, act.about_id) == (sam.id, "meeting", meeting.id)
    assert act.facts == {"form": written.form, "audience": "members", "people": 1}


def test_the_words_stand_nowhere_but_sealed(clinic, meeting, sam):
    members(meeting, make_person(clinic))
    send(meeting, draft({"en": "Bring the purple umbrella."}), sam)

    [message] = posted()
    assert b"purple" not in message.body_sealed
    assert "purple" not in repr([act.facts for act in acts()])


def test_a_group_gets_two_messages_a_day(clinic, meeting, sam, hold):
    members(meeting, make_person(clinic))
    other = make_meeting(clinic)
    members(other, make_person(clinic))
    for _ in range(2):
        send(meeting, draft(), sam)

    with pytest.raises(TooMany, match="tomorrow"):
        send(meeting, draft(), sam)

    assert send(other, draft(), sam) == 1
    hold(clock.now() + timedelta(days=1))
    assert send(meeting, draft(), sam) == 1


def test_a_group_gets_no_third_message_however_the_day_passes_until_its_midnight(clinic, meeting, sam, hold):
    members(meeting, make_person(clinic))
    sent = []
    for hour in range(25):
        hold(datetime.fromisoformat("2026-11-02T07:30:00+00:00") + timedelta(hours=hour))
        try:
            sent.append((hour, send(meeting, draft(), sam)))
        except TooMany:
            db.session.rollback()

    assert sent == [(0, 1), (1, 1), (24, 1)]


def test_an_organisation_sends_ten_messages_a_day_and_another_its_own(clinic, sam):
    groups = [make_meeting(clinic) for _ in range(6)]
    for group in groups:
        members(group, make_person(clinic))
    for number in range(10):
        send(groups[number // 2], draft(), sam)

    with pytest.raises(TooMany, match="organisation has sent 10"):
        send(groups[5], draft(), sam)

    elsewhere = make_organisation()
    theirs = make_meeting(elsewhere)
    members(theirs, make_person(elsewhere))
    assert send(theirs, draft(), make_person(elsewhere, role="counsellor")) == 1


def test_a_message_to_nobody_uses_up_nothing(clinic, meeting, sam):
    members(meeting, make_person(clinic, agrees_to_texts=False))

    for _ in range(3):
        with pytest.raises(Conflict, match="Nobody"):
            send(meeting, draft(), sam)


def test_at_night_it_waits_for_the_morning(clinic, meeting, sam, hold):
    members(meeting, make_person(clinic))
    hold(datetime.fromisoformat("2026-11-03T05:00:00+00:00"))

    send(meeting, draft(), sam)

    assert posted()[0].due_at == datetime.fromisoformat("2026-11-03T16:00:00+00:00")


def test_a_meeting_of_others_has_nobody_to_write_to(clinic, sam):
    listing = make_meeting(clinic, kind="fellowship")

    for act in (lambda: foresee(listing, draft()), lambda: send(listing, draft(), sam)):
        with pytest.raises(Conflict, match="Others lead this meeting"):
            act()


@pytest.mark.parametrize("form", ["x", "00000000-0123456789abcdef", "ffffffff-0123456789abcdef", "69000000-%"])
def test_a_page_that_was_not_made_today_sends_nothing(clinic, meeting, sam, form):
    members(meeting, make_person(clinic))

    with pytest.raises(Conflict, match="too old"):
        send(meeting, draft(form=form), sam)


def test_nobody_is_going_where_no_date_is_planned(clinic, meeting):
    with pytest.raises(Invalid) as refused:
        foresee(meeting, draft(audience=GOING))
    assert set(refused.value.fields) == {"audience"}
    with pytest.raises(Invalid, match="Choose who"):
        foresee(meeting, draft(audience="everybody"))


def test_just_before_it_goes_it_is_looked_at_again(clinic, meeting, sam):
    resting, cancelling, coming = (make_person(clinic) for _ in range(3))
    occurrence = make_occurrence(meeting, starts=datetime(2026, 11, 3, 18, 0))
    rows = [make_rsvp(occurrence, person) for person in (resting, cancelling, coming)]
    send(meeting, draft(audience=GOING), sam)
    pause(resting)
    with transaction():
        db.session.merge(rows[1]).status = "cancelled"

    messages = posted()
    reasons = second_look.still_wanted(messages)

    assert {each.person_id: reasons.get(each.id) for each in messages} == {
        resting.id: "paused",
        cancelling.id: "answered",
        coming.id: None,
    }


def test_people_of_another_organisation_are_never_meant(clinic, meeting, sam):
    elsewhere = make_organisation()
    theirs = make_meeting(elsewhere)
    members(theirs, make_person(elsewhere))
    members(meeting, make_person(clinic))

    send(meeting, draft(), sam)

    assert {each.organisation_id for each in posted()} == {clinic.id}


def test_who_has_had_the_texts_of_the_day_gets_it_on_the_next(clinic, meeting, sam):
    [ana, _] = members(meeting, make_person(clinic), make_person(clinic))
    send(meeting, draft(), sam)
    with transaction():
        first = db.session.scalars(select(Message).where(Message.person_id == ana.id)).one()
        first.state, first.left_at = "delivered", clock.now()
    take_back_the_rest()
    send(meeting, draft({"en": "Bring a coat."}), sam)
    [hers, theirs] = sorted(waiting(), key=lambda each: each.person_id != ana.id)

    verdicts = judge([hers, theirs], second_look.still_wanted, now=clock.now())

    assert verdicts[hers.id].due_at == datetime.fromisoformat("2026-11-03T16:00:00+00:00")
    assert theirs.id not in verdicts


def take_back_the_rest():
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="cancelled"))


def waiting():
    return [each for each in posted() if each.state == "pending"]
