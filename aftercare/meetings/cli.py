"""`aftercare import`, `export` and `list`: bring meetings in, give them out, look after where they come from."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import click

from aftercare.core.errors import Invalid
from aftercare.meetings import export_cli, lists_cli, types
from aftercare.meetings.exchange import dialects, importing, list_file, refresh, source
from aftercare.meetings.exchange.import_report import Report
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.people import organisations

InApp = Callable[[Callable[..., Any]], Callable[..., Any]]


def commands(in_app: InApp, *more_exports: click.Command) -> list[click.Command]:
    """Give the commands; `in_app` runs one inside the application, in a transaction."""
    export = click.Group("export", help="Give meetings out, for other programs.")
    for each in (*export_cli.EXPORTS, *more_exports):
        export.add_command(_inside(in_app, each))
    listing = click.Group("list", help="Look after the lists that meetings are imported from.")
    for each in lists_cli.COMMANDS:
        listing.add_command(_inside(in_app, each))
    return [import_command(in_app), export, listing]


def import_command(in_app: InApp) -> click.Command:
    """Give the one that brings lists in."""
    return _inside(in_app, import_meetings)


def _inside(in_app: InApp, command: click.Command) -> click.Command:
    assert command.callback is not None
    ours = copy(command)
    ours.callback = in_app(command.callback)
    return ours


@click.command("import")
@click.argument("source_name", metavar="SOURCE")
@click.option("--organisation", "slug", required=True, help="Short name of the organisation.")
@click.option("--format", "dialect", type=click.Choice(dialects.NAMES), default=dialects.AUTO, show_default=True)
@click.option("--formats", "formats_name", help="A BMLT server's answer to GetFormats, a file or an https address.")
@click.option("--fellowship", help="Whose list it is, like aa or na, where its rows do not say.  [default: aa]")
@click.option("--zone", help="Time zone of rows that name none, like America/Denver.")
@click.option("--list", "list_name", help="Name of the list, if its file is called otherwise each time.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--accept-removals", is_flag=True, help="Take off what the list no longer names, however much it is.")
@click.option("--every", "hours", type=int, help="Let the worker read the list again every so many hours.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_meetings(
    source_name: str,
    slug: str,
    dialect: str,
    formats_name: str | None,
    fellowship: str | None,
    zone: str | None,
    list_name: str | None,
    dry_run: bool,
    accept_removals: bool,
    hours: int | None,
    as_json: bool,
) -> None:
    """Bring the meetings of a list, a file or an https address, into an organisation.

    A second time changes only what has changed.
    """
    # Before the first look at the database: a site may be slow, and nobody else could write.
    location = list_name or (source_name if source.is_address(source_name) else str(Path(source_name).resolve()))
    refresh.check_pace(location, hours)
    opened = _opened(source_name, dialect)
    formats = source.read_formats(formats_name) if formats_name else None
    organisation = organisations.get_called(slug)
    feed = _feed(importing.remembered(organisation.id, location), fellowship, zone)
    if formats is not None:
        feed = replace(feed, formats=formats)
    with opened as content, _progress("Reading meetings", content) as told:
        report = importing.import_list(
            organisation, content, location=location, defaults=feed, dialect=dialect, dry_run=dry_run,
            accepts_removals=accept_removals, told=told,
        )  # fmt: skip
    if hours is not None and not dry_run:
        refresh.set_pace(importing.locked_source(organisation.id, location, feed, dialect), hours)
    _print(report, as_json=as_json)
    if report.is_waiting:
        raise importing.waits(report)


def _opened(source_name: str, dialect: str) -> AbstractContextManager[BinaryIO]:
    if source.is_address(source_name):
        return nullcontext(BytesIO(source.read(source_name, dialect=dialect).content or b""))
    return list_file.opened(source_name)


def _feed(kept: FeedDefaults, fellowship: str | None, zone: str | None) -> FeedDefaults:
    known = types.find_fellowship(fellowship) if fellowship else kept.fellowship
    if known is None:
        raise Invalid(f"{fellowship} is no fellowship we know. Use one of: {', '.join(types.FELLOWSHIPS)}.")
    return replace(kept, fellowship=known, zone=zone or kept.zone)


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.document(), ensure_ascii=False))
        return
    for line in report.lines():
        click.echo(line)


def _progress(label: str, content: BinaryIO) -> AbstractContextManager[Callable[[int], None] | None]:
    """Show how far a long work has come, to somebody who watches."""
    return _Bar(label, content) if sys.stderr.isatty() else nullcontext()


class _Bar:
    """A bar on the error stream; the report alone goes to the other.

    How many rows a list has shows only at its end, so the bar goes by how much of its bytes has been read.
    """

    def __init__(self, label: str, content: BinaryIO) -> None:
        self._content = content
        self._bar: Any = click.progressbar(
            length=content.seek(0, os.SEEK_END), label=label, file=sys.stderr, item_show_func=_meetings
        )

    def __enter__(self) -> Callable[[int], None]:
        self._bar.__enter__()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.__exit__(None, None, None)

    def _tell(self, done: int) -> None:
        self._bar.update(self._content.tell() - self._bar.pos, done)


def _meetings(done: int | None) -> str:
    return "" if done is None else f"{done:,} meetings"
