"""SQLite's write lock, taken in turn. Its own wait sleeps longer the longer one has waited, so newcomers pass, and
under load whoever came first can wait until they are refused. Here all try again after the same short, uneven pause."""

import random
import sqlite3
import time
from typing import cast

from sqlalchemy import Connection

from aftercare.core import clock

PATIENCE = 30.0
PAUSE = 0.01


def take(connection: Connection, patience: float = PATIENCE) -> None:
    """Begin as the one writer; wait so many seconds for the writers before."""
    driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    give_up = clock.monotonic() + patience
    be_patient(driver, 0)
    try:
        while not _begun(driver):
            if clock.monotonic() > give_up:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # Fails, in the words that callers know.
                return
            time.sleep(PAUSE * random.uniform(0.5, 1.5))
    finally:
        be_patient(driver, PATIENCE)


def be_patient(driver: sqlite3.Connection, seconds: float) -> None:
    """Let SQLite itself wait so long for any other lock."""
    driver.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


def _begun(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
