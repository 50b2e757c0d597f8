"""`aftercare demo`: everything on this machine, made up, with one command."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade

from aftercare import config
from aftercare.core.db import db
from aftercare.demo import doors, people, running, story, surroundings

FOLDER = Path("instance") / "demo"
FOLDER_SETTING = "AFTERCARE_DEMO_FOLDER"
MakeApp = Callable[[config.Settings], Flask]


def demo_command(make_app: MakeApp) -> click.Command:
    """Make the command; the application comes from above."""

    @click.command("demo")
    @click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65534))
    @click.option("--fresh", is_flag=True, help="Forget the demo you had, and begin anew.")
    def demo(port: int, fresh: bool) -> None:
        """Start the demo: web, worker and a simulated phone, with made-up people. No texts are sent."""
        running.refuse_taken_port(port)
        folder = Path(os.environ.get(FOLDER_SETTING) or FOLDER).absolute()
        environment = surroundings.prepare(folder, port=port, is_fresh=fresh)
        app = make_app(config.read(environment))
        _prepare_story(app)
        _run(app, environment, port)

    return demo


def _prepare_story(app: Flask) -> None:
    with app.app_context():
        click.echo("Bringing the database to its newest shape")
        upgrade()
        db.session.remove()
        if not story.is_told():
            db.session.remove()
            story.tell(click.echo)
        db.session.remove()
        db.engine.dispose()


def _run(app: Flask, environment: Mapping[str, str], port: int) -> None:
    click.echo("Starting web and worker")
    try:
        with running.processes(environment, port=port) as processes:
            running.wait_until_ready(processes, port=port)
            _say_where(app, port)
            running.wait_until_stopped(processes)
    except running.Stopped:
        click.echo("\nStopped web and worker.")


def _say_where(app: Flask, port: int) -> None:
    """Print where to sign in as whom."""
    base = f"http://127.0.0.1:{port}"
    click.echo(f"\nAftercare runs on {base}\n")
    click.echo(f"  Find a meeting     {base}/o/{people.SLUG}/meetings")
    click.echo(f"  The phones         {base}/phones\n")
    with app.test_request_context(base_url=base):
        for name, about, link in doors.links():
            click.echo(f"  {name}: {about}\n    {link}")
    click.echo("\nThese links work only here, while the demo is there. Ctrl-C stops everything.")
