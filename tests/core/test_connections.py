from sqlalchemy import text

from aftercare.core.db import db, transaction


def test_postgresql_ends_transactions_of_those_who_were_stopped_in_their_midst(app, database):
    if database == "sqlite":
        assert db.engine.dialect.name == "sqlite"
        return
    with transaction(reading=True):
        patience = db.session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()

    assert patience == "1min"
