"""The public list of an organisation as programs fetch it: written once for each version and form, then only sent."""

import gzip
import uuid
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from flask import Response, current_app, request

from aftercare import config
from aftercare.core import clock
from aftercare.meetings.exchange import exporting
from aftercare.people.models import Organisation

EXTENSION = "aftercare.public_lists"
# How many lists a process keeps; the others are written when they are asked for.
KEPT = 16
MAX_AGE = 300
# Raised when the same meetings are written in another way.
WRITING = 1
Form = Literal["json", "csv"]
Version = tuple[uuid.UUID, int, date, Form]
KINDS: dict[Form, str] = {"json": "application/json", "csv": "text/csv"}
WRITERS = {"json": exporting.feed, "csv": exporting.sheet}


@dataclass(frozen=True)
class _Written:
    zipped: bytes
    changed_at: datetime


class PublicList(Response):
    """An answer that sets no cookie: any cache may give it to anybody."""

    def set_cookie(self, *_: object, **__: object) -> None:
        """Set nothing."""


def answer(organisation: Organisation, form: Form = "json") -> Response:
    """Send an organisation's list, or say that it has not changed since it was fetched."""
    # What is closed opens again with a day, and nothing else changes.
    today = clock.today(organisation.zone)
    tag = f"{WRITING}-{form}-{organisation.id.hex[:12]}-{organisation.calendar_version}-{today:%Y%m%d}"
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(tag):
        return _labelled(PublicList(status=304), tag)
    written = _written(organisation, form)
    since = request.if_modified_since
    if "If-None-Match" not in request.headers and since and written.changed_at <= since:
        return _labelled(PublicList(status=304), tag)
    sent = _labelled(_packed(written, form), tag)
    sent.last_modified = written.changed_at
    return sent


def _packed(written: _Written, form: Form) -> PublicList:
    takes_gzip = request.accept_encodings.quality("gzip") > 0
    sent = PublicList(written.zipped if takes_gzip else gzip.decompress(written.zipped), mimetype=KINDS[form])
    if takes_gzip:
        sent.headers["Content-Encoding"] = "gzip"
    return sent


def _written(organisation: Organisation, form: Form) -> _Written:
    lists: OrderedDict[Version, _Written] = current_app.extensions.setdefault(EXTENSION, OrderedDict())
    today = clock.today(organisation.zone)
    version = (organisation.id, organisation.calendar_version, today, form)
    known = lists.get(version)
    if known is None:
        content = WRITERS[form](organisation, base_url=config.current().base_url, now=clock.now())
        changed_at = exporting.last_change(organisation, today) or organisation.created_at
        known = lists[version] = _Written(gzip.compress(content, mtime=0), changed_at.replace(microsecond=0))
        while len(lists) > KEPT:
            lists.popitem(last=False)
    return known


def _labelled(sent: Response, tag: str) -> Response:
    # One tag for both encodings, so it is a weak one.
    sent.set_etag(tag, weak=True)
    sent.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    sent.headers["Vary"] = "Accept-Encoding"
    # Pages of other sites read the lists of this format from the browser (meeting-guide.md 1).
    sent.headers["Access-Control-Allow-Origin"] = "*"
    return sent
