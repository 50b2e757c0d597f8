"""A change of a series in words, for its history: what was otherwise before, and what is otherwise since."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from babel import Locale
from flask_babel import gettext as _

from aftercare.http import formats, pages
from aftercare.meetings import types
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.recurrence import Pattern, in_words

_WHEN = {"start_local", "rule", "zone", "minutes", "holidays", "days_off"}


def before_and_after(change: MeetingChange) -> tuple[str | None, str | None]:
    """Say how a series was, and how it is, as far as a change changed it."""
    changed = change.after.get("meeting", {})
    was = change.before.get("meeting", {})
    said = "; ".join(_said(was, changed)), "; ".join([*_said(was | changed, changed), *_also(change)])
    return said[0] or None, said[1] or None


def _said(columns: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Say some columns of a meeting."""
    if _WHEN & set(names):
        yield in_words(_pattern(columns), pages.language()) if columns.get("start_local") else _("By appointment")
    if "minutes" in names and columns["minutes"]:
        yield _("%(minutes)s minutes", minutes=columns["minutes"])
    if "zone" in names:
        yield str(columns["zone"])
    for name, label in _labels().items():
        if name in names:
            yield f"{label}: {_value(name, columns[name])}"


def _also(change: MeetingChange) -> Iterator[str]:
    labels = {
        "types": _("Other words that describe it"),
        "facilitators": _("Others lead it"),
        "place": _("Other place"),
    }
    also = set(change.after.get("also", ())) | ({"place"} if "place_id" in change.after.get("meeting", {}) else set())
    yield from (label for name, label in labels.items() if name in also)
    if since := change.after.get("since"):
        day = formats.on_paper(date.fromisoformat(since), language=pages.language())
        yield (
            _("First day without it") + f": {day}"
            if change.act == "series.ended"
            else _("From this day on") + f": {day}"
        )


def _labels() -> dict[str, str]:
    return {
        "name": _("Name that people see"),
        "discreet_title": _("Neutral name for texts and calendars"),
        "description": _("What happens there"),
        "languages": _("Language"),
        "attendance": _("How people come"),
        "place_detail": _("Room or floor"),
        "join_url": _("Link to join online"),
        "join_phone": _("Number to call in"),
        "join_notes": _("Passcode"),
        "is_join_withheld": _("Show how to join only to people who said they come"),
        "capacity": _("How many places?"),
        "closes_minutes_before": _("Answers until how many minutes before?"),
        "is_open": _("Who may come?"),
        "fellowship": _("Fellowship, if it is one"),
    }


def _value(name: str, value: Any) -> str:
    if name == "attendance":
        value = {"in_person": _("In person"), "online": _("Online"), "hybrid": _("Both")}.get(value, value)
    if name == "is_open":
        value = {True: _("Everybody"), False: _("Only people who belong to it")}.get(value, _("Not said"))
    if name == "is_join_withheld":
        value = _("Yes") if value else _("No")
    if name == "languages":
        names = Locale(pages.language()).languages
        value = ", ".join(names.get(code, code) for code in value)
    if name == "fellowship":
        value = types.FELLOWSHIPS.get(value, value)
    return _("none") if value in (None, "") else str(value)


def _pattern(columns: Mapping[str, Any]) -> Pattern:
    return Pattern(
        first=datetime.fromisoformat(columns["start_local"]),
        minutes=columns["minutes"] or 60,
        rule=columns["rule"],
        zone=columns["zone"],
        holidays=columns.get("holidays") or "",
        days_off=tuple(map(date.fromisoformat, columns.get("days_off") or ())),
    )
