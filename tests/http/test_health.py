from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from aftercare.core import folders
from aftercare.core.db import db
from aftercare.http import health


def test_the_newest_shape_is_the_one_that_alembic_brings_a_database_to():
    assert health.newest_shape() == ScriptDirectory(str(folders.find("migrations"))).get_current_head()


def test_a_running_process_is_alive(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_a_migrated_database_is_ready(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_database_that_is_not_migrated_is_not_ready(client, app):
    db.session.remove()
    downgrade(revision="base")
    try:
        answer = client.get("/readyz")
    finally:
        upgrade()
        db.session.remove()

    assert (answer.status_code, answer.json) == (503, {"status": "not migrated"})
