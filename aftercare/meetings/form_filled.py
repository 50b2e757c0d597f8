"""The editor's form filled with a meeting as it is, and read again: what was not touched stays, said or not."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aftercare.meetings import forms, repeat_form, types
from aftercare.meetings.publishing import Draft

#: What each fact of a draft is typed into. What is typed into none of these says how a meeting repeats.
TYPED_IN: Mapping[str, tuple[str, ...]] = {
    "name": ("name",), "first": ("start_date", "start_time"), "minutes": ("minutes",), "kind": ("kind",),
    "zone": ("zone",), "discreet_title": ("discreet_title",), "description": ("description",),
    "fellowship": ("fellowship",), "types": ("types",), "languages": ("language",), "attendance": ("attend",),
    "is_open": ("open",), "place_name": ("place_name",), "place_address": ("address",),
    "place_detail": ("place_detail",), "join_url": ("join_url",), "join_phone": ("join_phone",),
    "join_notes": ("passcode",), "is_join_withheld": ("withheld",), "capacity": ("capacity",),
    "closes_minutes_before": ("closes",), "facilitators": ("facilitators",), "holidays": ("holidays",),
    "days_off": ("days_off",),
}  # fmt: skip
_REPEATS = tuple(forms.EMPTY.keys() - {name for names in TYPED_IN.values() for name in names})


def filled(draft: Draft) -> dict[str, Any]:
    """Give the form as it is typed for a draft."""
    repeat = repeat_form.filled(draft.repeat) if draft.first else {"repeat": repeat_form.BY_APPOINTMENT}
    return forms.EMPTY | _plain(draft) | repeat


def read(given: Mapping[str, Any], was: Draft) -> Draft:
    """Read a draft from a form that was filled with another; raise Invalid as reading a new one does."""
    before = filled(was)
    typed = {name: tuple(each for each in names if each in before) for name, names in TYPED_IN.items()}
    typed["repeat"] = _REPEATS
    said = forms.draft(given)
    changed = {
        fact: getattr(said, fact)
        for fact, names in typed.items()
        if any(_differs(given, before, name) for name in names)
    }
    if (said.first is None) != (was.first is None):
        changed["first"] = said.first
    if "types" in changed:
        changed["types"] = (*_not_shown(was), *changed["types"])
    return replace(was, **changed)


def shown_types() -> tuple[str, ...]:
    """Give the codes of the types that the form offers."""
    return tuple(code for code, each in types.of("aa").items() if each.category == "format")


def _differs(given: Mapping[str, Any], before: Mapping[str, Any], name: str) -> bool:
    if isinstance(before[name], list):
        return set(given[name]) != set(before[name])
    # A browser sends the ends of lines as CR LF.
    return str(given[name]).replace("\r\n", "\n") != str(before[name]).strip().replace("\r\n", "\n")


def _not_shown(was: Draft) -> list[str]:
    return [code for code in was.types if code not in shown_types()]


def _plain(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "discreet_title": draft.discreet_title,
        "kind": draft.kind,
        "fellowship": draft.fellowship,
        "types": [code for code in draft.types if code in shown_types()],
        "description": draft.description,
        "language": draft.languages[0] if draft.languages else "",
        "attend": draft.attendance,
        "start_date": draft.first.date().isoformat() if draft.first else "",
        "start_time": f"{draft.first:%H:%M}" if draft.first else forms.EMPTY["start_time"],
        "minutes": str(draft.minutes),
        "zone": draft.zone,
        "place_name": draft.place_name,
        "address": draft.place_address,
        "place_detail": draft.place_detail,
        "join_url": draft.join_url,
        "join_phone": draft.join_phone,
        "passcode": draft.join_notes,
        "withheld": "yes" if draft.is_join_withheld else "",
        "capacity": _number(draft.capacity),
        "closes": _number(draft.closes_minutes_before),
        "open": "" if draft.is_open is None else "yes" if draft.is_open else "no",
        "facilitators": [str(each) for each in draft.facilitators],
        "holidays": draft.holidays,
        "days_off": repeat_form.filled_days_off(draft.days_off),
    }


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
