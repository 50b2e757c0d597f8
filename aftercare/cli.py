"""The `aftercare` command. Exit 0 done, 1 refused (with a sentence), 2 wrong usage."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import downgrade, upgrade
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError

from aftercare import config, jobs, key_rotation
from aftercare.app import create_app
from aftercare.audit import trail
from aftercare.core import logs
from aftercare.core import phone as phones
from aftercare.core.crypto import new_key
from aftercare.core.db import db, transaction
from aftercare.core.errors import Misconfigured, Refused
from aftercare.demo.cli import demo_command
from aftercare.http import health
from aftercare.meetings import cli as meetings_cli
from aftercare.people import cli as people_cli
from aftercare.people import organisations

Command = Callable[..., Any]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    """Build the application from the environment, with a folder for its embedded database."""
    settings = config.read()
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise Misconfigured(
            "AFTERCARE_DATABASE_URL is no address of a database, like sqlite:////srv/aftercare.sqlite."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return create_app(settings)


for each in (*people_cli.commands(in_app), *meetings_cli.commands(in_app)):
    cli.add_command(each)
cli.add_command(demo_command(create_app))


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
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API."""
    refuse_unready(application())
    Server(
        "aftercare.wsgi:app", address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=1
    ).serve()


@cli.command()
@click.option("--once", is_flag=True, help="Do all that there is to do now, and end (for cron).")
def worker(once: bool) -> None:
    """Send texts, plan reminders, offer seats, close rolls: until it is stopped."""
    app = application()
    refuse_unready(app)
    logs.configure(app.extensions[config.EXTENSION].log)
    hands = jobs.Worker(app)
    if once:
        if not hands.run_once():
            raise Refused("Not everything could be done. The lines above say what; it is tried again next time.")
        return
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    hands.run(stop)


@cli.group("db")
def database() -> None:
    """Change the shape of the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade_database(revision: str) -> None:
    """Bring the database to the newest shape."""
    with application().app_context():
        upgrade(revision=revision)
        db.session.remove()


@database.command("downgrade")
@click.argument("revision", default="-1")
def downgrade_database(revision: str) -> None:
    """Take the database back by one step."""
    with application().app_context():
        downgrade(revision=revision)
        db.session.remove()


@cli.group()
def organisation() -> None:
    """Organisations: each owns its own data."""


@organisation.command("create")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--discreet-name", required=True, help="Shown where others may look; at most 16 characters.")
@click.option("--zone", required=True, help="Like America/Denver.")
@click.option("--language", default="en", show_default=True)
@click.option("--phone", default="", help="The number people call for help with the service.")
@in_app
def create_organisation(slug: str, name: str, discreet_name: str, zone: str, language: str, phone: str) -> None:
    """Found an organisation called SLUG."""
    contact = phones.read(phone) if phone else ""
    organisations.create_organisation(
        slug, name=name, discreet_name=discreet_name, zone=zone, language=language, contact_phone=contact
    )
    click.echo(f"Created {slug}. Next: aftercare person add --organisation {slug} --role admin --name NAME --email ...")


@cli.group()
def keys() -> None:
    """The keys that names, numbers and notes are sealed with."""


@keys.command("new")
@click.option("--version", default=1, show_default=True, help="One more than the newest key you have.")
def make_key(version: int) -> None:
    """Print a new key for AFTERCARE_ENCRYPTION_KEYS (put it in front of those you have)."""
    click.echo(new_key(version))


@keys.command("rotate")
def rotate_keys() -> None:
    """Seal everything with the newest key. Safe on a running service; run it again if it was stopped."""
    with application().app_context():
        told = sys.stderr.isatty()
        rows = key_rotation.rotate(lambda table, done: click.echo(f"{table}: {done}", err=True) if told else None)
    click.echo(f"Sealed {rows} rows with the newest key. Once this says 0, the old key can go.")


@cli.group()
def audit() -> None:
    """The trail of who did what."""


@audit.command("verify")
@click.option("--organisation", "slug", required=True)
@click.option("--json", "as_json", is_flag=True)
@in_app
def verify_audit(slug: str, as_json: bool) -> None:
    """Check that nothing in the trail was changed or taken out."""
    count, broken = trail.verify(organisations.get_called(slug).id)
    if as_json:
        click.echo(json.dumps({"events": count, "broken_at": broken}))
    if broken is not None:
        raise Refused(f"The trail is broken at event {broken}: {count} events before it hold.")
    if not as_json:
        click.echo(f"The trail is whole: {count} events.")
