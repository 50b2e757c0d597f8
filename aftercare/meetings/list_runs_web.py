"""Staff pages of one reading of a list: what it would change, take it, leave it, or put everything back."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core.errors import Conflict, NotFound
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import list_runs_shown, lists_shown
from aftercare.meetings.exchange import importing, lists, runs, source
from aftercare.meetings.exchange.models import ImportRun
from aftercare.people import organisations

door = Blueprint("list_runs", __name__, url_prefix="/staff/lists/<uuid:source_id>/runs/<uuid:run_id>")


@door.get("")
@guards.needs("lists:change")
def show(source_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a reading would change, or has changed."""
    run = _run(source_id, run_id)
    kept = lists.get(run.organisation_id, source_id)
    newest = runs.newest_done(run.organisation_id, source_id)
    names = lists_shown.people([run.by, run.undone_by])
    keys: dict[str, Any] = {"source_id": source_id, "run_id": run_id}
    return page(
        "meetings/list_run.html",
        run=list_runs_shown.run(run, kept.source),
        list={"name": lists_shown.name(kept.source)},
        by=names.get(run.by) if run.by else None,
        undone={"at": run.undone_at, "by": names.get(run.undone_by) if run.undone_by else None},
        can_undo=newest is not None and newest.id == run.id,
        zone=actor.current().zone,
        urls={
            **{way: url_for(f"list_runs.{way}", **keys) for way in ("accept", "dismiss", "undo", "report")},
            "back": url_for("lists.show", source_id=source_id),
        },
    )


@door.get("/report.json")
@guards.needs("lists:change")
def report(source_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the whole report of a reading, for a program or a spreadsheet; the key of an address stays here."""
    kept = _run(source_id, run_id).report
    given = jsonify(kept | {"source": source.shown(kept["source"])})
    given.headers["Content-Disposition"] = 'attachment; filename="report.json"'
    return given


@door.post("/acceptance")
@guards.needs("lists:change")
def accept(source_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Bring in what waits, just as it was shown; else show it as it is now."""

    def take(run: ImportRun) -> str:
        organisation = organisations.get_organisation(run.organisation_id)
        report = importing.accept(organisation, run_id, by=actor.person_id(), seen=request.form.get("seen", ""))
        said: str = _("Taken over: %(what)s. Undo puts it all back.", what=lists_shown.counted(report.counts()))
        return said

    return _settle(source_id, run_id, take)


@door.post("/dismissal")
@guards.needs("lists:change")
def dismiss(source_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Leave all meetings as they are."""

    def leave(run: ImportRun) -> str:
        runs.dismiss(run.organisation_id, run_id, by=actor.person_id())
        said: str = _("All meetings stay as they are.")
        return said

    return _settle(source_id, run_id, leave)


@door.post("/undoing")
@guards.needs("lists:change")
def undo(source_id: uuid.UUID, run_id: uuid.UUID) -> ResponseReturnValue:
    """Put everything back as it was before a reading."""

    def put_back(run: ImportRun) -> str:
        runs.undo(run.organisation_id, run_id, by=actor.person_id())
        said: str = _("Everything is as it was before. The list is read no more by itself until you say so.")
        return said

    return _settle(source_id, run_id, put_back)


def _settle(source_id: uuid.UUID, run_id: uuid.UUID, act: Callable[[ImportRun], str]) -> ResponseReturnValue:
    """Do something with a reading and say what came of it; where it cannot be done, show the reading as it is now."""
    run = _run(source_id, run_id)
    try:
        said = act(run)
    except Conflict as conflict:
        pages.say("warm", conflict.sentence)
        return pages.see("list_runs.show", source_id=source_id, run_id=run_id)
    pages.say("go", said)
    return pages.see("lists.show", source_id=source_id)


def _run(source_id: uuid.UUID, run_id: uuid.UUID) -> ImportRun:
    """Give a reading of this list, and of no other."""
    run = runs.get(actor.current().organisation_id, run_id)
    if run.source_id != source_id:
        raise NotFound("There is no such reading of a list.")
    return run
