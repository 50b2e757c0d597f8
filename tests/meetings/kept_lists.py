"""Staff who keep lists: what they send in, what there is then, and every path of a list."""

import io
import json
import re

from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import local_edits
from aftercare.meetings.exchange import importing
from aftercare.meetings.exchange.models import ImportRun, MeetingSource, RuleSuggestion
from aftercare.meetings.models import Meeting
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings

ADDRESS = "https://lists.example.org/meetings.json"
HOME = "/staff/lists"


def a_file(*said, name="aa.json"):
    content = said[0] if said and isinstance(said[0], bytes) else json.dumps(said).encode()
    return io.BytesIO(content), name


def sent(staff, *said, **given):
    typed = {"way": "file", "fellowship": "aa", "dialect": "auto", "file": a_file(*said)} | given
    return staff.post(f"{HOME}/new", data=typed)


def only_source():
    db.session.rollback()
    return db.session.scalars(select(MeetingSource)).one()


def newest_run():
    db.session.rollback()
    return db.session.scalars(select(ImportRun).order_by(ImportRun.at.desc(), ImportRun.id.desc())).first()


def url(*parts):
    return "/".join((HOME, *map(str, parts)))


def run_url(run, act=""):
    return url(run.source_id, "runs", run.id) + (f"/{act}" if act else "")


def taken(staff, run, **given):
    [seen] = re.findall(r'name="seen" value="([^"]+)"', staff.get(run_url(run)).text)
    return staff.post(run_url(run, "acceptance"), data={"seen": seen} | given, follow_redirects=True)


def live(clinic):
    return [each.source_key for each in meetings(clinic) if each.vanished_at is None]


def paths_of(source_id, run_id, suggestion_id, meeting_id):
    got = ["", "/runs/{run}", "/runs/{run}/report.json", "/suggestions", "/edits", "/gone"]
    posted = [
        "/reading", "/pace", "/file", "/stop", "/runs/{run}/acceptance", "/runs/{run}/dismissal", "/runs/{run}/undoing",
        "/suggestions/{suggestion}/taking", "/suggestions/{suggestion}/dismissal", "/edits/{meeting}",
    ]  # fmt: skip
    ids = {"run": run_id, "suggestion": suggestion_id, "meeting": meeting_id}
    return [
        (way, url(source_id) + each.format(**ids)) for way, paths in (("get", got), ("post", posted)) for each in paths
    ]


def something_of(organisation):
    """Give the paths of a list of which there is everything: what waits, a suggestion, a word of ours."""
    imported(organisation, row(notes="2nd Monday only"), location=ADDRESS)
    with transaction():
        meeting = db.session.scalars(select(Meeting).where(Meeting.organisation_id == organisation.id)).one()
        local_edits.change(meeting, {"name": "Ours"}, by=None)
        run = importing.look_ahead(organisation, json.dumps([row(name="New")]).encode(), location=ADDRESS)
        assert run is not None
        suggestion = db.session.scalars(select(RuleSuggestion)).one()
    return paths_of(meeting.source_id, run.id, suggestion.id, meeting.id)
