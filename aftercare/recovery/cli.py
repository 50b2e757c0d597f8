"""`aftercare instrument load`: bring in a questionnaire that a clinic may use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from aftercare.people import organisations
from aftercare.recovery import instruments

InApp = Callable[[Callable[..., Any]], Callable[..., Any]]


def commands(in_app: InApp) -> list[click.Group]:
    """Make the group of commands; `in_app` runs one inside the application, in a transaction."""
    group = click.Group("instrument", help="Questionnaires for check-ups.")
    options = click.option("--organisation", "slug", required=True, help="Its short name.")
    file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    group.command("load")(options(file(in_app(load))))
    return [group]


def load(*, slug: str, file: Path) -> None:
    """Load a questionnaire from FILE: JSON with name, language (en, es), low, high and items.

    Its words are its authors': load it only if you may use it.
    """
    instrument = instruments.load(organisations.get_called(slug), file.read_bytes())
    scale = f"{instrument.low} to {instrument.high}"
    click.echo(f"Loaded {instrument.name} ({instrument.language}): {len(instrument.items)} items, {scale}.")
