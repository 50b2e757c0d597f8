"""All commands but the worker's: serve, the demo, the database, organisations, people, keys, the trail."""

import json
import sys
import threading

import click
from flask_migrate import downgrade, upgrade
from granian.constants import Interfaces
from granian.server import Server

from aftercare import doctor, inside, key_rotation, watchdog
from aftercare.app import create_app
from aftercare.audit import trail
from aftercare.calendars import cli as calendars_cli
from aftercare.core import phone as phones
from aftercare.core.crypto import new_key
from aftercare.core.db import db
from aftercare.core.errors import Refused
from aftercare.demo.cli import demo_command
from aftercare.inside import in_app
from aftercare.meetings import cli as meetings_cli
from aftercare.meetings.feed_cli import feed
from aftercare.people import cli as people_cli
from aftercare.people import organisations
from aftercare.recovery import cli as recovery_cli


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and the API, and keep watch over the workers."""
    app = inside.application()
    inside.refuse_unready(app)
    watchdog.keep_watch(app, threading.Event())
    Server(
        "aftercare.wsgi:app", address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=1
    ).serve()


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
def examine(as_json: bool) -> None:
    """Say whether everything is well, and what to do where it is not (exit 1)."""
    findings = list(doctor.examine())
    if as_json:
        rows = [
            {"check": each.check, "is_well": each.is_well, "said": each.said, "to_do": each.to_do} for each in findings
        ]
        click.echo(json.dumps(rows))
    else:
        for each in findings:
            click.echo(f"{'ok ' if each.is_well else 'BAD'}  {each.check}: {each.said} {each.to_do}".rstrip())
    sys.exit(0 if all(each.is_well for each in findings) else 1)


@click.group("db")
def database() -> None:
    """Change the shape of the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade_database(revision: str) -> None:
    """Bring the database to the newest shape."""
    with inside.application().app_context():
        upgrade(revision=revision)
        db.session.remove()


@database.command("downgrade")
@click.argument("revision", default="-1")
def downgrade_database(revision: str) -> None:
    """Take the database back by one step."""
    with inside.application().app_context():
        downgrade(revision=revision)
        db.session.remove()


@click.group()
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


@click.group()
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
    with inside.application().app_context():
        told = sys.stderr.isatty()
        rows = key_rotation.rotate(lambda table, done: click.echo(f"{table}: {done}", err=True) if told else None)
    click.echo(f"Sealed {rows} rows with the newest key. Once this says 0, the old key can go.")


@click.group()
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


COMMANDS: list[click.Command] = [
    serve,
    examine,
    database,
    organisation,
    keys,
    audit,
    *people_cli.commands(in_app),
    *meetings_cli.commands(in_app, calendars_cli.export_calendar),
    *recovery_cli.commands(in_app),
    demo_command(create_app),
    feed,
]
