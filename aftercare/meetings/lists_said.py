"""What readers of lists say in English, told in the reader's language: why a list or a row was refused, what differs.

What is kept of a reading is English, with values inside it. Here each sentence is known by what stands around them.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.core import clock
from aftercare.http import formats
from aftercare.meetings import types
from aftercare.meetings.exchange import differing
from aftercare.meetings.exchange.dialects import DIALECTS
from aftercare.meetings.exchange.findings import SENTENCES

#: Sentences with values in them with which a list is refused, or a reading fails. tests/translations.py gathers them.
AROUND = (
    "%(host)s leads into a private network; lists are read from the open internet only.",
    "There is no site called %(host)s.",
    "%(host)s cannot show that it is %(name)s.",
    "%(host)s packs its list in a way that we cannot read.",
    "%(host)s sent a list that cannot be unpacked.",
    "%(host)s answers with a web page, not a list; the site may ask for a sign-in or a check for robots first.",
    "%(host)s asks for a key or a sign-in.",
    "%(host)s does not let us read this list; it may ask for a key, or turn away programs.",
    "%(host)s has no list at this address.",
    "%(host)s has taken this list away.",
    "%(host)s asks us to come back later.",
    "%(host)s cannot answer just now; it may be busy, or turn away programs.",
    "%(host)s answered with status %(status)s instead of a list.",
    "%(host)s sends more than %(size)s MB.",
    "%(host)s broke off in the middle of the list.",
    "%(host)s takes too long to answer.",
    "%(host)s cannot be reached.",
    "The address sends on more than %(times)s times.",
    "There is no file %(file)s.",
    "%(file)s is a folder, not a file.",
    "%(file)s may not be read by this user.",
    "%(file)s is larger than %(size)s MB.",
    "%(file)s cannot be read: %(why)s.",
    "This is a web page, not a meeting list; the site may ask for a sign-in or a check for robots first.",
    "This is XML or HTML, not a meeting list; the site may ask for a sign-in or a check for robots first.",
    "The list is not valid JSON after row %(row)s (line %(line)s): %(why)s.",
    "The list is not valid JSON (line %(line)s): %(why)s.",
    "This is one object, not a list of meetings; it holds %(names)s.",
    "The list holds more than %(most)s rows; that is no list of meetings.",
    "The calendar holds more than %(most)s events; that is no list of meetings.",
    "An event of the calendar has more than %(most)s lines; that is no meeting.",
    "Choose between %(least)s and %(most)s hours.",
    "None of the %(rows)s rows could be taken. Row %(row)s: %(why)s",
    '"%(zone)s" is no name of a time zone, such as America/Denver.',
)
VALUE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def sentence(said: str) -> str:
    """Tell in the reader's language why a list could not be read."""
    for template in AROUND:
        if found := _pattern(template).fullmatch(said):
            values = {name: finding(value) if name == "why" else value for name, value in found.groupdict().items()}
            return str(_(template, **values))
    return str(_(said)) if said else ""


def knows(said: str) -> bool:
    """Say whether a sentence with values in it is one that can be told in another language."""
    return any(_pattern(template).fullmatch(said) for template in AROUND)


def finding(said: str, kind: str = "") -> str:
    """Tell in the reader's language what was found in a row."""
    for template in [SENTENCES[kind]] if kind in SENTENCES else SENTENCES.values():
        if found := _pattern(template).fullmatch(said):
            values: dict[str, str] = found.groupdict()
            if "rows" in values:
                number = int(re.sub(r"\D", "", values["rows"]) or 0)
                values["rows"] = ngettext("%(num)s row", "%(num)s rows", number)
            return str(_(template)).format(**values)
    return said


def field(name: str) -> str:
    """Name a field of a meeting."""
    named: dict[str, str] = {
        "name": _("Name"),
        "group": _("Group"),
        "notes": _("Notes"),
        "when": _("When"),
        "minutes": _("How many minutes"),
        "place": _("Place"),
        "attendance": _("How people meet"),
        "is_open": _("Who can come"),
        "link": _("Link to join"),
        "phone": _("Number to join"),
        "call_notes": _("How to join"),
        "languages": _("Languages"),
        "types": _("Kinds of meeting"),
        "details": _("Details"),
    }
    return named.get(name, name)


def format_name(dialect: str) -> str:
    """Name the format of a list."""
    named = {"csv": _("Spreadsheet (CSV)"), "ical": _("Calendar (.ics)")}
    return named.get(dialect) or (DIALECTS[dialect].title if dialect in DIALECTS else _("Found out at each reading"))


def zone_words(zone: str, *, language: str) -> str:
    """Name a time zone as every page does."""
    return formats.zone_name(zone, at=clock.now(), language=language)


def whens(rules: Sequence[Mapping[str, Any]], *, language: str) -> list[str]:
    """Say when a meeting is, before and after; two zones of one name are told apart by the names of computers."""
    zones = {each["zone"] for each in rules if each.get("zone")}
    words = {zone: zone_words(zone, language=language) for zone in zones}
    if len(set(words.values())) < len(zones):
        words = {}
    return [
        differing.when(dict(each), language=language, zone_words=words.get(each.get("zone") or "")) for each in rules
    ]


def value(name: str, said: str, *, fellowship: str, language: str) -> str:
    """Say what stands in a field of a meeting; when it is, `whens` says."""
    if name == "types":
        codes = filter(None, said.split(", "))
        return ", ".join(types.name(fellowship, code, language=language) for code in codes)
    return _words(name).get(said, said)


def _words(name: str) -> Mapping[str, str]:
    if name == "attendance":
        return {
            "in_person": _("In person"), "online": _("Online"), "hybrid": _("Both"), "inactive": _("Closed for now"),
        }  # fmt: skip
    if name == "is_open":
        return {"True": _("Everybody"), "False": _("Only people who belong to it")}
    return {}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = VALUE.split(template)
    pieces = [
        re.escape(part) if index % 3 == 0 else f"(?P<{part}>.*?)" if part else ""
        for index, part in enumerate(parts)
    ]  # fmt: skip
    return re.compile("".join(pieces), re.DOTALL)
