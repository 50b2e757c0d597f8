from sqlalchemy import func, select

from aftercare.attendance.models import Attendance
from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.demo import people, story
from aftercare.meetings.models import Meeting, Rsvp
from aftercare.messaging.models import Message
from aftercare.people import accounts, organisations
from aftercare.recovery import progress


def test_the_demo_has_lived_through_half_a_year(app, monday):
    story.tell(lambda _sentence: None)

    told = organisations.get_by_slug(people.SLUG)
    is_told_once_and_through_the_real_verbs(told)
    its_people_are_where_their_stories_say(told)
    nobody_who_stopped_the_texts_has_one_waiting(told)
    no_text_of_the_past_is_left_to_be_sent(told)
    tonight_some_have_said_yes(told)


def person(organisation, name):
    [found] = [each for each in accounts.people_with_role(organisation.id, "patient") if each.name == name]
    return found


def is_told_once_and_through_the_real_verbs(told):
    assert story.is_told()
    assert trail.verify(told.id)[1] is None
    kinds = dict(db.session.execute(select(Meeting.kind, func.count()).group_by(Meeting.kind)).all())
    assert kinds["programme"] == 6
    assert kinds["fellowship"] > 280


def its_people_are_where_their_stories_say(told):
    assert progress.of(person(told, "Priya Shah")).total == 24
    assert progress.of(person(told, "Ana Reyes")).current >= 5
    assert progress.of(person(told, "Marcus Tate")).weeks[-2].status == "missed"
    assert progress.of(person(told, "Tom Ellis")).total == 0


def nobody_who_stopped_the_texts_has_one_waiting(told):
    robin = person(told, "Robin Hale")

    assert db.session.scalars(select(Message).where(Message.person_id == robin.id)).all() == []


def no_text_of_the_past_is_left_to_be_sent(_told):
    now = clock.now()
    waiting = db.session.scalars(select(Message).where(Message.state == "pending")).all()

    assert [message for message in waiting if message.useful_until > now and message.due_at < now] == []


def tonight_some_have_said_yes(_told):
    tonight = db.session.scalars(select(Rsvp.status).where(Rsvp.occurs_on == clock.today("America/Denver"))).all()

    assert sorted(tonight) == ["going", "going", "maybe"]
    assert (db.session.scalar(select(func.count()).select_from(Attendance)) or 0) > 80
