"""What our server of calendars is raced with, behind the same web server: the same bytes from memory, and icalendar.

BENCH_FEED names a file: the packed feed; beside it, in JSON, stand the headers of both answers of our server.
BENCH_POSTGRESQL names a database of which nothing is asked but whether it is there: what a round trip costs.
"""

import gzip
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import psycopg
from icalendar import Calendar, Event

FEED = Path(os.environ["BENCH_FEED"]).read_bytes()
HEADS = json.loads(Path(os.environ["BENCH_FEED"] + ".json").read_text(encoding="utf-8"))
WHOLE, KNOWN = ([(name, value) for name, value in HEADS[status]] for status in ("200", "304"))
ASKED = psycopg.connect(os.environ["BENCH_POSTGRESQL"], autocommit=True).pgconn
ASKED.prepare(b"one", b"SELECT 1")
BEGIN = datetime(2026, 11, 3, 18, tzinfo=UTC)


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Send the bytes, or say that they are known, or write a feed of as many dates with icalendar.

    Under /asked, the database is asked first.
    """
    if environ["PATH_INFO"] == "/asked" and ASKED.exec_prepared(b"one", None).get_value(0, 0) != b"1":
        raise RuntimeError("PostgreSQL does not answer.")
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 NOT MODIFIED", KNOWN)
        return []
    if environ["PATH_INFO"] == "/written":
        written = gzip.compress(write(60))
        head = [each for each in WHOLE if each[0] != "Content-Length"]
        start_response("200 OK", [*head, ("Content-Length", str(len(written)))])
        return [written]
    start_response("200 OK", WHOLE)
    return [FEED]


def write(dates: int) -> bytes:
    """Write a feed as its library would have it written."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bench//EN")
    calendar.add("version", "2.0")
    for number in range(dates):
        begins = BEGIN + timedelta(days=number)
        event = Event()
        event.add("uid", f"{number}@bench.example")
        event.add("dtstamp", BEGIN)
        event.add("summary", "Tools for the Week")
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(hours=1))
        event.add("location", "Elm Street Center, 12 Elm St, Denver CO 80202")
        event.add("description", "You said you'll be there.")
        event.add("url", "https://meet.example.org/m/01a19d34-1a80-7375-86a6-20dc96aad121")
        event.add("status", "CONFIRMED")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
