"""`aftercare list`: look after the lists that meetings are imported from, as the staff pages do."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import click

from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings.exchange import import_report, importing, lists, refresh, runs, source, suggestions
from aftercare.meetings.exchange.lists import Kept
from aftercare.meetings.exchange.models import ImportRun
from aftercare.people import organisations
from aftercare.people.models import Organisation

Command = Callable[..., Any]
ORGANISATION = click.option("--organisation", "slug", required=True, help="Short name of the organisation.")
LIST = click.argument("said", metavar="LIST")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


@click.command("show")
@ORGANISATION
@AS_JSON
def show(slug: str, as_json: bool) -> None:
    """Show the lists of an organisation. LIST in other commands is a list's id, its name, or where it comes from."""
    found = [_told(each) for each in lists.every(organisations.get_called(slug).id)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        click.echo("{id}  {name}: {meetings:,} meetings; {suggestions:,} suggestions".format(**each))
        click.echo(f"    read {each['read'] or 'never'}; {_pace(each)}")
        for line in filter(None, (each["failure"], each["waiting"] and "What it would change waits for your word.")):
            click.echo(f"    {line}")


@click.command("readings")
@LIST
@ORGANISATION
@AS_JSON
def readings(said: str, slug: str, as_json: bool) -> None:
    """Show what the last readings of a list changed, newest first."""
    _organisation, kept = _list(slug, said)
    found = lists.readings(kept.source.organisation_id, kept.source.id)
    if as_json:
        rows = [{"id": str(each.id), "at": each.at.isoformat(), "state": each.state, **each.counts} for each in found]
        click.echo(json.dumps(rows))
        return
    for each in found:
        click.echo(f"{each.at:%Y-%m-%d %H:%M} UTC  {each.state}: {import_report.summary(each.counts, did='Meetings')}")


@click.command("waiting")
@LIST
@ORGANISATION
def waiting(said: str, slug: str) -> None:
    """Show in full what a list would change, as JSON, while that waits for a word."""
    click.echo(json.dumps(_waiting(*_list(slug, said)).report, ensure_ascii=False))


@click.command("accept")
@LIST
@ORGANISATION
def accept(said: str, slug: str) -> None:
    """Bring in what waits, removals and all."""
    organisation, kept = _list(slug, said)
    click.echo(importing.accept(organisation, _waiting(organisation, kept).id, by=None).summary())


@click.command("dismiss")
@LIST
@ORGANISATION
def dismiss(said: str, slug: str) -> None:
    """Throw away what waits; the meetings stay as they are."""
    organisation, kept = _list(slug, said)
    runs.dismiss(organisation.id, _waiting(organisation, kept).id, by=None)
    click.echo("All meetings stay as they are.")


@click.command("undo")
@LIST
@ORGANISATION
def undo(said: str, slug: str) -> None:
    """Put everything back as it was before the last reading. The list is read no more by itself."""
    organisation, kept = _list(slug, said)
    newest = runs.newest_done(organisation.id, kept.source.id)
    if newest is None:
        raise NotFound("No reading of this list can be undone.")
    runs.undo(organisation.id, newest.id, by=None)
    click.echo(f"Undone: the reading of {newest.at:%Y-%m-%d %H:%M} UTC.")


@click.command("read")
@LIST
@ORGANISATION
def read(said: str, slug: str) -> None:
    """Let the worker read a list as soon as it can."""
    organisation, kept = _list(slug, said)
    refresh.read_soon(organisation.id, kept.source.id)
    click.echo("The worker reads it in the next minute.")


@click.command("every")
@LIST
@click.argument("hours", metavar="HOURS|never")
@ORGANISATION
def every(said: str, hours: str, slug: str) -> None:
    """Let the worker read a list every so many hours, or never by itself."""
    if hours != "never" and not hours.isdecimal():
        raise Invalid("Say how many hours, or never.")
    organisation, kept = _list(slug, said)
    refresh.read_every(organisation.id, kept.source.id, None if hours == "never" else int(hours))
    click.echo("It is read no more by itself." if hours == "never" else f"It is read every {hours} hours.")


@click.command("suggestions")
@ORGANISATION
@AS_JSON
def suggested(slug: str, as_json: bool) -> None:
    """Show what notes of meetings seem to say about their dates."""
    found = [
        {"id": str(each.id), "meeting": meeting.name, "note": each.sentence, "rule": each.rule}
        for each, meeting in suggestions.waiting(organisations.get_called(slug).id)
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        click.echo(f'{row["id"]}  {row["meeting"]}: "{row["note"]}" {row["rule"] or "(change it by hand)"}')


@click.command("take")
@click.argument("suggestion_id", metavar="SUGGESTION", type=uuid.UUID)
@ORGANISATION
def take(suggestion_id: uuid.UUID, slug: str) -> None:
    """Let a meeting repeat as its note says."""
    meeting = suggestions.take(organisations.get_called(slug).id, suggestion_id, by=None)
    click.echo(f"{meeting.name} now repeats by {meeting.rule}.")


@click.command("leave")
@click.argument("suggestion_id", metavar="SUGGESTION", type=uuid.UUID)
@ORGANISATION
def leave(suggestion_id: uuid.UUID, slug: str) -> None:
    """Leave a meeting as it is, and never bring its note up again."""
    suggestions.dismiss(organisations.get_called(slug).id, suggestion_id, by=None)
    click.echo("The meeting stays as it is.")


COMMANDS = (show, readings, waiting, accept, dismiss, undo, read, every, suggested, take, leave)


def _list(slug: str, said: str) -> tuple[Organisation, Kept]:
    organisation = organisations.get_called(slug)
    return organisation, lists.get_called(organisation.id, said)


def _waiting(organisation: Organisation, kept: Kept) -> ImportRun:
    if kept.waiting is None:
        raise NotFound("Nothing of this list waits for a word.")
    return runs.get(organisation.id, kept.waiting)


def _told(kept: Kept) -> dict[str, Any]:
    of = kept.source
    return {
        "id": str(of.id),
        "name": of.name or source.shown(of.location),
        "source": source.shown(of.location),
        "meetings": kept.meetings,
        "gone": kept.gone,
        "edited": kept.edited,
        "suggestions": kept.suggestions,
        "read": f"{of.last_read_at:%Y-%m-%d %H:%M} UTC" if of.last_read_at else None,
        "every_hours": of.every_hours,
        "failure": of.failure,
        "waiting": str(kept.waiting) if kept.waiting else None,
    }


def _pace(told: Mapping[str, Any]) -> str:
    return f"read again every {told['every_hours']} hours" if told["every_hours"] else "not read again by itself"
