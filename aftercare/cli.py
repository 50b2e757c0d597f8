"""The `aftercare` command. Exit 0 done, 1 refused (with a sentence), 2 wrong usage.

Only the worker's command stands here, because it runs for weeks and must be small; the others are in `commands`.
"""

import gc
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from queue import SimpleQueue

import click
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from aftercare import config, foundation, inside
from aftercare.core import logs
from aftercare.core.errors import Misconfigured, Refused


class _Commands(click.Group):
    """The worker, and all other commands, which are loaded when one of them is wanted: their doors take 30 MB."""

    def list_commands(self, context: click.Context) -> list[str]:
        """List all."""
        self._load()
        return super().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Give one. Lists are brought in often, and by the clock: that needs no doors either."""
        if name == "import":
            command: click.Command = import_module("aftercare.meetings.cli").import_command(inside.without_doors)
            return command
        if name not in self.commands:
            self._load()
        return super().get_command(context, name)

    def _load(self) -> None:
        for command in import_module("aftercare.commands").COMMANDS:
            self.add_command(command)


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


def _said_of(trouble: DBAPIError) -> str | None:
    """Say what to do about a database that is not there, or has no tables yet; None if it is something else."""
    words = str(trouble.orig).lower()
    if "no such table" in words or ("relation" in words and "does not exist" in words):
        return inside.NOT_MIGRATED
    if isinstance(trouble, OperationalError):
        return (
            f"The database cannot be used: {words.splitlines()[0]}. Is it running, and is AFTERCARE_DATABASE_URL right?"
        )
    return None


@cli.command()
@click.option("--once", is_flag=True, help="Do all that there is to do now, and end (for cron).")
def worker(once: bool) -> None:
    """Send texts, plan reminders, offer seats, close rolls: until it is stopped."""
    app = foundation.lay(inside.settings(), for_worker=True)
    inside.refuse_unready(app)
    logs.configure(app.extensions[config.EXTENSION].log)
    hands = import_module("aftercare.jobs").Worker(app)
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
