"""Late, can't, wait: what people text of a date without being asked (messaging.md, "What people can text")."""

from datetime import timedelta

from aftercare.attendance import check_in
from aftercare.conversations import answers
from aftercare.conversations.talk import Reply, Talk
from aftercare.core.errors import Conflict
from aftercare.meetings import notices, on_the_way, rsvps, schedule
from aftercare.meetings.models import Occurrence
from aftercare.meetings.waitlist import Status
from aftercare.messaging import posted
from aftercare.people.models import Person

NOTHING_PLANNED = "next_none"
LONGEST_DATE = timedelta(hours=25)
#: What says that a date is full, or a place gone.
SAID_FULL = ("full", "closed", "offer_gone", "waitlisted")


def late(talk: Talk) -> Reply | None:
    """Let the host of the date that runs, or is next, know that the person is on the way."""
    person, date = talk.meant[0], _runs_or_is_next(talk)
    if date is None:
        return Reply(NOTHING_PLANNED, person=person)
    if answers.is_overtaken(talk, person, date):
        return None
    try:
        outcome = on_the_way.note(person.organisation_id, date.id, person.id, via="sms")
    except Conflict as refusal:
        return answers.refused(refusal, person, date)
    if outcome.status == Status.WAITLISTED and not outcome.on_my_way:
        return answers.give(person, date, "yes")
    check_in.take_back_excuse(person, date.id)
    return Reply("late", notices.said_of(date, person), person=person)


def cannot(talk: Talk) -> Reply | None:
    """Take a person's word that they cannot come to what they were asked, or else to their next date.

    Who says why is excused; the reason itself stays in the text, and is erased with it.
    """
    question = talk.about_a_date
    person = question.person if question else talk.meant[0]
    date = question.occurrence if question else _runs_or_is_next(talk)
    if date is None:
        return Reply(NOTHING_PLANNED, person=person)
    if answers.is_overtaken(talk, person, date):
        return None
    reply = answers.give(person, date, "no")
    if reply.kind == "no_thanks" and talk.word.argument:
        check_in.excuse(person, date.id)
        reply = Reply("excused", reply.values, person=person)
    return answers.and_another(talk, reply)


def wait(talk: Talk) -> Reply | None:
    """Put a person in the line for what they were asked or offered last, or were told is full."""
    person = talk.meant[0]
    date = _full_or_asked(talk, person)
    if date is None:
        return answers.NOTHING_OPEN
    if answers.is_overtaken(talk, person, date):
        return None
    if _turned_down(person, date) and rsvps.has_seat(date):
        return Reply("seat_free", notices.said_of(date, person), about=date.id, asks=True, person=person)
    return answers.give(person, date, "yes")


def _turned_down(person: Person, date: Occurrence) -> bool:
    """Tell whether a person said that they cannot come: to wait is then no yes to a place that is free."""
    given = rsvps.find_answer(date.organisation_id, date.id, person.id)
    return given is not None and given.status in (Status.DECLINED, Status.CANCELLED)


def _runs_or_is_next(talk: Talk) -> Occurrence | None:
    """Find the date of theirs that is not over, the one that began last if it still runs."""
    return answers.next_expected(talk.meant[0], since=talk.now - LONGEST_DATE, ending_after=talk.now)


def _full_or_asked(talk: Talk, person: Person) -> Occurrence | None:
    said = posted.said_last([person], SAID_FULL)
    question = talk.about_a_date
    if said is not None and (question is None or posted.left_at(said) > question.asked_at):
        assert said.occurrence_id is not None
        date = schedule.get_occurrence(said.organisation_id, said.occurrence_id)
        is_open = date.status != "cancelled" and talk.now < date.ends_at
        return date if is_open else None
    return question.occurrence if question else None
