"""The public page of a meeting, and the two ways to answer on the web: the page, and a one-tap link."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import NotFound
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import agenda, answer_links, closed_shown, rsvps, schedule, series_split, shown, substitutes
from aftercare.meetings.models import Meeting, MeetingType
from aftercare.people import organisations
from aftercare.people.models import Organisation

door = Blueprint("meetings", __name__)


@door.get("/m/<uuid:meeting_id>")
@guards.public
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show one meeting, its next dates, and to those who may answer, the buttons."""
    meeting = schedule.find_public(meeting_id)
    if meeting is None:
        return _gone_on(meeting_id)
    heir = series_split.find_heir(meeting)
    asking = actor.find()
    is_ours = asking is not None and asking.organisation_id == meeting.organisation_id
    dates = _dates(meeting)
    following = next((each for each in dates if each["status"] != "cancelled"), None)
    if is_ours and following and meeting.kind == "programme":
        following["leads"] = _leads(meeting, following["id"])
    can_answer = is_ours and asking is not None and asking.may("own:answer") and meeting.kind == "programme"
    feed = config.current().base_url + url_for("calendars.meeting", meeting_id=meeting.id)
    return page(
        "meetings/meeting.html",
        meeting=_shown(meeting),
        next=following,
        rsvp=_rsvp(following["id"], meeting) if can_answer and following else None,
        dates=[each for each in dates if each is not following],
        calendar=shown.calendar_links(feed, name=meeting.name),
        take_url=url_for("subscribe.meeting", meeting_id=meeting.id),
        sign_in_url=url_for("sign_in.ask_number") if asking is None and meeting.kind == "programme" else None,
        staff=_staff_links(meeting, following) if is_ours and asking and asking.may("meetings:change") else None,
        find_url=url_for("finder.find", slug=_organisation(meeting).slug),
        heir={"url": url_for("meetings.show", meeting_id=heir.id), "first_day": _first_day(heir)} if heir else None,
    )


@door.post("/m/<uuid:meeting_id>/dates/<uuid:occurrence_id>/answer")
@guards.needs("own:answer")
def answer(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Take a patient's answer for a date."""
    asking = actor.current()
    rsvps.answer(asking.organisation_id, occurrence_id, actor.person_id(), request.form.get("answer", ""), via="web")
    if pages.is_partial():
        meeting = schedule.get_meeting(asking.organisation_id, meeting_id)
        return render_template("meetings/_rsvp.html", rsvp=_rsvp(occurrence_id, meeting))
    return redirect(pages.safe_next(url_for("meetings.show", meeting_id=meeting_id)), 303)


@door.get("/r/<token>")
@guards.public
def asked(token: str) -> ResponseReturnValue:
    """Show what a one-tap link asks. Opening it changes nothing: previews and scanners open links."""
    return _asked_page(answer_links.open_link(token), token, done=False)


@door.post("/r/<token>")
@guards.public
@guards.without_csrf
def answer_asked(token: str) -> ResponseReturnValue:
    """Take the answer that the button of a one-tap link gives; the link's secret is the proof."""
    link = answer_links.open_link(token)
    occurrence = link.occurrence
    rsvps.answer(occurrence.organisation_id, occurrence.id, link.person.id, request.form.get("answer", ""), via="link")
    return _asked_page(link, token, done=True)


def _gone_on(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Lead from a meeting that has ended to the one that goes on with it."""
    heir = series_split.find_heir_of_ended(meeting_id)
    if heir is None:
        raise NotFound("There is no such meeting. It may have ended.")
    return redirect(url_for("meetings.show", meeting_id=heir.id), 302)


def _shown(meeting: Meeting) -> dict[str, Any]:
    place = schedule.place_of(None, meeting)
    said = shown.meeting(meeting, place, _types(meeting), pages.language(), tells_join=_tells_join(meeting))
    return said | {"closure": said["closure"] or closed_shown.words(meeting)}


def _tells_join(meeting: Meeting) -> bool:
    """Staff know how to join their groups, and so do their people, unless it is told only to those who said yes."""
    asking = actor.find()
    if asking is None or asking.organisation_id != meeting.organisation_id:
        return False
    return asking.is_staff or not meeting.is_join_withheld


def _types(meeting: Meeting) -> Sequence[MeetingType]:
    return agenda.types_of(meeting.organisation_id, [meeting.id]).get(meeting.id, [])


def _dates(meeting: Meeting) -> list[dict[str, Any]]:
    if meeting.kind == "fellowship":
        listed = shown.next_listed(meeting, after=clock.now())
        closed_shown.mark(meeting, listed)
        return listed
    rows = schedule.next_dates(meeting, limit=7)
    return [shown.date(row, meeting, schedule.place_of(row, meeting)) for row in rows]


def _leads(meeting: Meeting, occurrence_id: uuid.UUID) -> str | None:
    """Name who leads a date, for the people of the organisation."""
    occurrence = schedule.get_occurrence(meeting.organisation_id, occurrence_id)
    return substitutes.first_names(substitutes.leaders(meeting.organisation_id, [occurrence])[occurrence.id]) or None


def _first_day(heir: Meeting) -> date | None:
    return heir.start_local.date() if heir.start_local else None


def _rsvp(occurrence_id: uuid.UUID, meeting: Meeting) -> dict[str, Any]:
    occurrence = schedule.get_occurrence(meeting.organisation_id, occurrence_id)
    url = url_for("meetings.answer", meeting_id=meeting.id, occurrence_id=occurrence_id)
    return shown.rsvp(occurrence, meeting, actor.person_id(), url=url)


def _staff_links(meeting: Meeting, following: dict[str, Any] | None) -> dict[str, Any]:
    has_roll = meeting.kind == "programme" and following is not None
    return {
        "edit_url": url_for("series.ask_edit", meeting_id=meeting.id),
        "dates_url": url_for("dates.show", meeting_id=meeting.id) if meeting.kind == "programme" else None,
        "roll_url": url_for("attendance.roll", occurrence_id=following["id"]) if has_roll and following else None,
        "close_url": url_for("closures.ask", what=f"meeting:{meeting.id}"),
    }


def _organisation(meeting: Meeting) -> Organisation:
    return organisations.get_organisation(meeting.organisation_id)


def _asked_page(link: answer_links.Asked, token: str, *, done: bool) -> ResponseReturnValue:
    occurrence, person = link.occurrence, link.person
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    url = url_for("meetings.answer_asked", token=token)
    is_plain = person.text_level == "plain"
    place = schedule.place_of(occurrence, meeting) if is_plain else None
    return page(
        "meetings/answer.html",
        meeting={"name": meeting.name if is_plain else meeting.discreet_title or ""},
        date=shown.date(occurrence, meeting, place, shows_link=not meeting.is_join_withheld),
        rsvp=shown.rsvp(occurrence, meeting, person.id, url=url),
        done=done,
        next_url=None,
        find_url=url_for("finder.find", slug=_organisation(meeting).slug),
    )
