"""The form that adds a list, and what staff typed into it, read."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from aftercare.core.errors import Invalid
from aftercare.http import actor
from aftercare.meetings import lists_said, lists_shown, types
from aftercare.meetings.exchange import dialects, plain_text
from aftercare.meetings.exchange.lists import NewList
from aftercare.meetings.publishing_web import ZONES

MEGABYTE = 1024 * 1024
#: A page waits while a file is read; a longer list comes in by its address, or by the command.
MOST_BYTES = 8 * MEGABYTE
#: In letters; Python reads no number of thousands of them.
LONGEST_HOURS = 4
FIELDS = ("way", "name", "address", "fellowship", "zone", "dialect", "hours")
HOURS = {str(lists_shown.DAY): lists_shown.DAY, str(lists_shown.WEEK): lists_shown.WEEK, "": None}


def blank() -> dict[str, str]:
    """Give the form as it is found: a list of the web, read every day."""
    given = dict.fromkeys(FIELDS, "")
    return given | {
        "way": "address", "fellowship": "aa", "zone": actor.current().zone, "dialect": dialects.AUTO,
        "hours": str(lists_shown.DAY),
    }  # fmt: skip


def typed() -> dict[str, str]:
    """Give what was typed, so that the form can be shown again as it was; what nobody can see or keep is left out."""
    return {name: plain_text.UNSEEN.sub("", request.form.get(name, "")).strip() for name in FIELDS}


def new_list(given: Mapping[str, str], file_name: str = "") -> NewList:
    """Read what was said of a list; raise Invalid with the fields that cannot be."""
    wrong = {}
    if (fellowship := types.find_fellowship(given["fellowship"])) is None:
        wrong["fellowship"] = "Choose from the list."
    if given["dialect"] not in dialects.NAMES:
        wrong["dialect"] = "Choose from the list."
    if given["zone"] and given["zone"] not in {zone for zone, _said in options()["zones"]}:
        wrong["zone"] = "Choose from the list."
    if wrong or fellowship is None:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return NewList(given["name"] or file_name, fellowship, given["zone"] or None, given["dialect"])


def hours(said: str) -> int | None:
    """Read how often a list is to be read by itself."""
    if said not in HOURS and not (said.isdecimal() and len(said) <= LONGEST_HOURS):
        raise Invalid("Choose from the list.", fields={"hours": "Choose from the list."})
    return HOURS[said] if said in HOURS else int(said)


def file() -> tuple[bytes, str]:
    """Give the file that was sent, and what it is called; raise Invalid where there is none, or it is too large."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise _wrong("Choose a file.")
    content = sent.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _wrong("The file is larger than 8 MB. Let the list be read from its address, or by the command.")
    return content, plain_text.UNSEEN.sub("", sent.filename.replace("\\", "/").rpartition("/")[2])[:100]


def options() -> dict[str, Sequence[tuple[Any, ...]]]:
    """Give what can be chosen about a list."""
    zones = dict.fromkeys((actor.current().zone, *ZONES))
    return {
        "ways": [
            ("address", _("From the web"), _("It is read again by itself, so what changes there changes here.")),
            ("file", _("From a file"), _("JSON, a spreadsheet (CSV) or a calendar (.ics), up to 8 MB.")),
        ],
        "fellowships": list(types.FELLOWSHIPS.items()),
        "zones": [("", _("Leave such meetings out")), *((zone, zone.replace("_", " ")) for zone in zones)],
        "dialects": [
            (dialects.AUTO, _("Find out by itself")),
            *((key, lists_said.format_name(key)) for key in dialects.DIALECTS),
        ],
        "paces": lists_shown.paces(),
    }  # fmt: skip


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"file": sentence}, code="file")
