"""The `aftercare` command. Exit 0 done, 1 refused (with a sentence), 2 wrong usage.

Only the worker's command stands here, because it runs for weeks and must be small; the others are in `commands`.
"""

import gc
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

import click
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError

from aftercare import config, foundation, jobs
from aftercare.core import logs
from aftercare.core.db import db, transaction
from aftercare.core.errors import Misconfigured, Refused
from aftercare.http import health

Command = Callable[..., Any]


class _Commands(click.Group):
    """The worker, and all other commands, which are loaded when one of them is wanted: their doors take 30 MB."""

    def list_commands(self, context: click.Context) -> list[str]:
        """List all."""
        import_module("aftercare.commands")
        return super().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Give one."""
        if name not in self.commands:
            import_module("aftercare.commands")
        return super().get_command(context, name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aftercare")
def cli() -> None:
    """Carry people from the end of treatment into ordinary life, one meeting at a time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; say what went wrong in one sentence."""
    try:
        cli(arguments)
    except (Refused, Misconfigured) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as trouble:
        if (sentence := _said_of(trouble)) is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)


NOT_MIGRATED = "The database has no tables yet, or old ones. Bring it to the newest shape with: aftercare db upgrade"


def _said_of(trouble: DBAPIError) -> str | None:
    """Say what to do about a database that is not there, or has no tables yet; None if it is something else."""
    words = str(trouble.orig).lower()
    if "no such table" in words or ("relation" in words and "does not exist" in words):
        return NOT_MIGRATED
    if isinstance(trouble, OperationalError):
        return (
            f"The database cannot be used: {words.splitlines()[0]}. Is it running, and is AFTERCARE_DATABASE_URL right?"
        )
    return None


def in_app(command: Command) -> Command:
    """Run a command inside the application, in one transaction."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with application().app_context(), transaction():
            return command(*args, **kwargs)

    return run


def application() -> Flask:
    """Build the whole application from the environment."""
    return cast(Flask, import_module("aftercare.app").create_app(_settings()))


def _settings() -> config.Settings:
    """Read the settings, and make a folder for the embedded database."""
    settings = config.read()
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise Misconfigured(
            "AFTERCARE_DATABASE_URL is no address of a database, like sqlite:////srv/aftercare.sqlite."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return settings


def refuse_unready(app: Flask) -> None:
    """Raise Refused if the database is not there, or not in the newest shape."""
    with app.app_context():
        trouble = health.what_is_missing()
        db.session.remove()
        db.engine.dispose()
    if trouble == "no database":
        raise Refused("The database cannot be reached. Check AFTERCARE_DATABASE_URL, and that its server runs.")
    if trouble:
        raise Refused(NOT_MIGRATED)


@cli.command()
@click.option("--once", is_flag=True, help="Do all that there is to do now, and end (for cron).")
def worker(once: bool) -> None:
    """Send texts, plan reminders, offer seats, close rolls: until it is stopped."""
    app = foundation.lay(_settings(), for_worker=True)
    refuse_unready(app)
    logs.configure(app.extensions[config.EXTENSION].log)
    hands = jobs.Worker(app)
    if once:
        if not hands.run_once():
            raise Refused("Not everything could be done. The lines above say what; it is tried again next time.")
        return
    asked: SimpleQueue[int] = SimpleQueue()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _: asked.put(number))
    # What is loaded by now stays: looking through it for garbage again and again took a tenth of the processor time.
    gc.freeze()
    # The first thread waits on a queue: to set an event in a signal would hang, came it while that event is locked.
    hands.run(threading.Event(), asked.get)
