"""My week, my goal and pause; and for staff, what came of a task."""

import uuid
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.audit import reading
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.people import accounts, organisations
from aftercare.people.models import Person
from aftercare.recovery import outreach, progress, task_shown, task_words, week

door = Blueprint("recovery", __name__)


@door.get("/week", endpoint="week")
@guards.needs("own:see")
def my_week() -> ResponseReturnValue:
    """Show a patient their week."""
    person = _person()
    organisation = organisations.get_organisation(person.organisation_id)
    urls = {
        "find": url_for("finder.find", slug=organisation.slug),
        "calendars": url_for("calendars.mine"),
        "goal": url_for("recovery.goal"),
        "streak_switch": url_for("recovery.switch_streak"),
        "check_in": url_for("check_in.ask"),
        "texts": url_for("texts.show") if person.phone else None,
    }
    return pages.page("recovery/week.html", urls=urls, **week.of(person))


@door.get("/week/goal")
@guards.needs("own:goal")
def goal() -> ResponseReturnValue:
    """Show goal and pause."""
    person = _person()
    path = progress.find_path(person)
    form = {"goal": progress.goal_of(person), "week_start": str(path.week_start if path else 0)}
    return _goal_page(person, form)


@door.post("/week/goal")
@guards.needs("own:goal")
def set_goal() -> ResponseReturnValue:
    """Set the goal, and the day on which weeks begin."""
    person = _person()
    form = {"goal": request.form.get("goal", ""), "week_start": request.form.get("week_start", "0")}
    try:
        progress.set_goal(person, _number(form["goal"]))
        progress.set_week_start(person, _number(form["week_start"]))
    except Invalid as refusal:
        abandon()
        return _goal_page(_person(), form, errors={name: _(said) for name, said in refusal.fields.items()}, status=422)
    pages.say("go", _("Your goal is saved."))
    return pages.see("recovery.week")


@door.post("/week/streak")
@guards.needs("own:goal")
def switch_streak() -> ResponseReturnValue:
    """Show weeks in a row, or hide them."""
    progress.show_streak(_person(), request.form.get("show") == "yes")
    return pages.see("recovery.week")


@door.post("/week/pause")
@guards.needs("own:goal")
def pause() -> ResponseReturnValue:
    """Rest from today on."""
    progress.set_pause(_person(), _number(request.form.get("days", "")))
    pages.say("go", _("You are on a pause. Your visits stay."))
    return pages.see("recovery.goal")


@door.post("/week/pause/end")
@guards.needs("own:goal")
def end_pause() -> ResponseReturnValue:
    """End the pause."""
    progress.end_pause(_person())
    return pages.see("recovery.goal")


@door.get("/staff/tasks/<uuid:task_id>")
@guards.writes
@guards.needs("outreach:see")
def task(task_id: uuid.UUID) -> ResponseReturnValue:
    """Show one task, and ask what came of it; that it was looked at is noted."""
    found = outreach.get_task(actor.current().organisation_id, task_id)
    reading.note("task.seen", about="task", about_id=task_id, person_id=found.person_id)
    return _task_page(task_id, {})


@door.post("/staff/tasks/<uuid:task_id>")
@guards.needs("outreach:close")
def close_task(task_id: uuid.UUID) -> ResponseReturnValue:
    """Note what came of a task."""
    organisation_id, outcome = actor.current().organisation_id, request.form.get("outcome", "")
    try:
        outreach.close_task(organisation_id, task_id, by=actor.person_id(), outcome=outcome)
    except Invalid as refusal:
        return _task_page(task_id, {name: _(said) for name, said in refusal.fields.items()}, status=422)
    pages.say("go", _("Noted. Thank you."))
    return pages.see("home.staff")


def _person() -> Person:
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _number(typed: str) -> int:
    """Read a number that a button or a list gave; what none gave is below every limit."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1


def _goal_page(person: Person, form: dict[str, Any], *, status: int = 200, **more: Any) -> ResponseReturnValue:
    until = progress.paused_until(person)
    return pages.page(
        "recovery/goal.html",
        status,
        form=form,
        action=url_for("recovery.set_goal"),
        current=progress.goal_of(person),
        pause={"until": until, "end_url": url_for("recovery.end_pause")} if until else None,
        pause_url=url_for("recovery.pause"),
        back_url=url_for("recovery.week"),
        **({"errors": {}} | more),
    )


def _task_page(task_id: uuid.UUID, errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    found = outreach.get_task(actor.current().organisation_id, task_id)
    return pages.page(
        "recovery/task.html",
        status,
        task=task_shown.rows([found])[0],
        words=task_words.of(found),
        outcomes=task_shown.outcomes(),
        is_open=found.closed_at is None,
        action=url_for("recovery.close_task", task_id=task_id),
        back_url=url_for("home.staff"),
        errors=errors,
    )
