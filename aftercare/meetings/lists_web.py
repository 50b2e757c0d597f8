"""Staff pages of the lists that meetings are imported from: all of them, one of them, and the form that adds one."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import list_forms, lists_said, lists_shown
from aftercare.meetings.exchange import lists, refresh, runs
from aftercare.people import organisations

door = Blueprint("lists", __name__, url_prefix="/staff/lists")


@door.get("")
@guards.needs("lists:change")
def every() -> ResponseReturnValue:
    """Show the lists of the organisation."""
    rows = [lists_shown.row(each) for each in lists.every(actor.current().organisation_id)]
    return page("meetings/lists.html", lists=rows, zone=actor.current().zone, new_url=url_for("lists.ask_new"))


@door.get("/new")
@guards.needs("lists:change")
def ask_new() -> ResponseReturnValue:
    """Show the form that adds a list."""
    return _form(list_forms.blank())


@door.post("/new")
@guards.needs("lists:change")
def add() -> ResponseReturnValue:
    """Follow a list of the web, or take in a file; what it holds waits for a look."""
    given = list_forms.typed()
    try:
        return _add_file(given) if given["way"] == "file" else _add_address(given)
    except Invalid as refusal:
        abandon()
        return _form(given, errors=refusal.fields or {"file": refusal.sentence})


@door.get("/<uuid:source_id>")
@guards.needs("lists:change")
def show(source_id: uuid.UUID) -> ResponseReturnValue:
    """Show a list and its readings."""
    return _show(source_id)


@door.post("/<uuid:source_id>/reading")
@guards.needs("lists:change")
def read(source_id: uuid.UUID) -> ResponseReturnValue:
    """Let the worker read a list as soon as it can."""
    kept = refresh.read_soon(actor.current().organisation_id, source_id)
    is_followed = kept.every_hours and runs.newest_done(kept.organisation_id, source_id)
    pages.say("go", _("Small changes come in by themselves.") if is_followed else _("What changes waits for you."))
    return pages.see("lists.show", source_id=source_id)


@door.post("/<uuid:source_id>/pace")
@guards.needs("lists:change")
def set_pace(source_id: uuid.UUID) -> ResponseReturnValue:
    """Let a list be read by itself from time to time, or no more."""
    try:
        hours = list_forms.hours(list_forms.typed()["hours"])
        refresh.read_every(actor.current().organisation_id, source_id, hours)
    except Invalid as refusal:
        abandon()
        return _show(source_id, errors={"hours": refusal.sentence})
    pages.say("go", _("Saved."))
    return pages.see("lists.show", source_id=source_id)


@door.post("/<uuid:source_id>/file")
@guards.needs("lists:change")
def send(source_id: uuid.UUID) -> ResponseReturnValue:
    """Take in a newer file of a list; what it changes waits for a look."""
    organisation = organisations.get_organisation(actor.current().organisation_id)
    try:
        content, _name = list_forms.file()
        run = lists.newer_file(organisation, source_id, content, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _show(source_id, errors={"file": refusal.sentence})
    if run is None:
        pages.say("go", _("The file changes nothing: all its meetings are here as they are in it."))
        return pages.see("lists.show", source_id=source_id)
    return pages.see("list_runs.show", source_id=source_id, run_id=run.id)


@door.post("/<uuid:source_id>/stop")
@guards.needs("lists:change")
def stop(source_id: uuid.UUID) -> ResponseReturnValue:
    """Read a list no more; forget it if no meeting came from it."""
    if lists.stop(actor.current().organisation_id, source_id, by=actor.person_id()):
        pages.say("go", _("The list is removed."))
        return pages.see("lists.every")
    pages.say("go", _("The list is read no more. Its meetings stay."))
    return pages.see("lists.show", source_id=source_id)


def _add_address(given: Mapping[str, str]) -> ResponseReturnValue:
    new, hours = list_forms.new_list(given), list_forms.hours(given["hours"])
    kept = lists.add_address(actor.current().organisation_id, given["address"], new, hours=hours, by=actor.person_id())
    return pages.see("lists.show", source_id=kept.id)


def _add_file(given: Mapping[str, str]) -> ResponseReturnValue:
    content, file_name = list_forms.file()
    organisation = organisations.get_organisation(actor.current().organisation_id)
    run = lists.add_file(organisation, content, list_forms.new_list(given, file_name), by=actor.person_id())
    return pages.see("list_runs.show", source_id=run.source_id, run_id=run.id)


def _form(given: Mapping[str, str], errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    said = {name: lists_said.sentence(sentence) for name, sentence in (errors or {}).items()}
    return page(
        "meetings/list_new.html",
        422 if errors else 200,
        form=given,
        errors=said,
        options=list_forms.options(),
        back_url=url_for("lists.every"),
    )


def _show(source_id: uuid.UUID, errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    organisation_id = actor.current().organisation_id
    kept = lists.get(organisation_id, source_id)
    return page(
        "meetings/list.html",
        422 if errors else 200,
        list=lists_shown.whole(kept),
        readings=lists_shown.readings(lists.readings(organisation_id, source_id), source_id),
        paces=lists_shown.paces_of(kept.source.every_hours),
        errors={name: lists_said.sentence(sentence) for name, sentence in (errors or {}).items()},
        zone=actor.current().zone,
        back_url=url_for("lists.every"),
    )
