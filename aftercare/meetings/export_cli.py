"""`aftercare export`: give meetings out, for other programs and for spreadsheets."""

from collections.abc import Callable
from pathlib import Path

import click

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import exporting
from aftercare.people import organisations
from aftercare.people.models import Organisation


def export_command(name: str, write: Callable[[Organisation], bytes], told: str) -> click.Command:
    """Make a command that writes what an organisation lists to the screen or into a file."""

    @click.command(name, help=told)
    @click.option("--organisation", "slug", required=True, help="Short name of the organisation.")
    @click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File, instead of the screen.")
    def export(slug: str, output: Path | None) -> None:
        _give(write(organisations.get_called(slug)), output)

    return export


def _give(content: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{output} cannot be written: {error.strerror}.") from error


def _guide(organisation: Organisation) -> bytes:
    return exporting.feed(organisation, base_url=config.current().base_url, now=clock.now())


def _sheet(organisation: Organisation) -> bytes:
    return exporting.sheet(organisation, base_url=config.current().base_url, now=clock.now())


export_meeting_guide = export_command(
    "meeting-guide", _guide, "Write what an organisation lists as Meeting Guide JSON."
)
export_sheet = export_command("csv", _sheet, "Write what an organisation lists as a spreadsheet (CSV).")
EXPORTS = (export_meeting_guide, export_sheet)
