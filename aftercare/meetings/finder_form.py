"""The form of the finder: what was chosen, what can be, and the addresses of one choice more or less."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import ngettext

from aftercare.meetings import geography, types, wishes
from aftercare.meetings.wishes import Wish

Options = list[tuple[str, str]]


class Form:
    """What stands in the address of the page, in the reader's language."""

    def __init__(self, address: str, given: Mapping[str, str], language: str, zone: str = "") -> None:
        self.address = address
        self.language = language
        self.zone = zone
        self.chosen = {field: given.get(field, "").strip()[: wishes.LONGEST_TEXT] for field in wishes.FIELDS}

    def url(self, **more: str) -> str:
        """Give the address of the page with other choices; an empty one is taken away."""
        choices = {name: value for name, value in {**self.chosen, **more}.items() if value}
        return f"{self.address}?{urlencode(choices)}" if choices else self.address

    def options(self) -> dict[str, Options]:
        """Give what can be chosen, field by field."""
        return {
            "days": self._days(),
            "times": [
                ("", _("Any time")),
                ("morning", _("Morning")),
                ("midday", _("Midday")),
                ("evening", _("Evening")),
                ("night", _("Night")),
            ],
            "types": [("", _("Any kind")), *self._types()],
            "languages": [("", _("Any language")), *self._languages()],
            "attends": [
                ("", _("In person or online")),
                ("in_person", _("In person")),
                ("online", _("Online")),
                ("hybrid", _("In person and online")),
            ],
            "opens": [
                ("", _("All meetings")),
                ("open", _("Open to all")),
                ("closed", _("Only for people who want to recover")),
            ],
            "withins": [(str(number), self._far(number)) for number in wishes.REACHES],
            "sorts": [("", _("Earliest first")), ("distance", _("Nearest first"))],
        }

    def days(self) -> list[dict[str, Any]]:
        """Give the quick choices of days."""
        said = (
            ("now", _("Starting soon")),
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("Next 7 days")),
        )
        return [
            {"label": label, "url": self.url(day=day), "is_current": self.chosen["day"] == day} for day, label in said
        ]

    def active(self) -> list[dict[str, str]]:
        """Give what was chosen, each with the address of the page without it."""
        named = {field: dict(options) for field, options in zip(LISTED, self._in_order(), strict=True)}
        labels = {field: named[field].get(value, "") for field, value in self.chosen.items() if field in named}
        labels["q"] = f"“{self.chosen['q']}”"
        labels["near"] = _("Near %(place)s", place=self.chosen["near"])
        if self.chosen["day"] not in wishes.DAYS:
            # It stands among the quick choices.
            labels["day"] = ""
        return [
            {"label": labels[field], "remove_url": self.url(**{field: ""})}
            for field in wishes.FIELDS
            if self.chosen[field] and labels.get(field)
        ]

    def ways_on(self, wish: Wish) -> list[dict[str, str]]:
        """Give what to try where nothing was found, each with its address."""
        tries: list[tuple[str, dict[str, str]]] = []
        if wish.near and wish.within < wishes.REACHES[-1]:
            tries.append((_("Look further away"), {"within": str(wishes.REACHES[-1])}))
        if wish.place and not wish.near:
            tries.append((_("Look everywhere"), {"near": "", "within": "", "sort": ""}))
        if (wish.last - wish.first).days < wishes.LAST_AHEAD:
            tries.append((_("Look through the next 7 days"), {"day": "week"}))
        if self.chosen["time"]:
            tries.append((_("Look at any time of day"), {"time": ""}))
        if wish.text:
            tries.append((_("Leave out the words"), {"q": ""}))
        return [{"label": label, "url": self.url(**changed)} for label, changed in tries]

    def _far(self, number: int) -> str:
        if geography.unit(self.zone) == "km":
            return str(_("%(number)s km", number=number))
        return str(ngettext("%(num)s mile", "%(num)s miles", number))

    def _in_order(self) -> list[Options]:
        options = self.options()
        return [options[f"{field}s"] for field in LISTED]

    def _days(self) -> Options:
        names = get_day_names("wide", locale=self.language)
        soon = [("", _("The coming days")), ("now", _("Starting soon"))]
        ahead = [*soon, ("today", _("Today")), ("tomorrow", _("Tomorrow"))]
        days = [(day, names[number].capitalize()) for number, day in enumerate(wishes.DAYS)]
        return [*ahead, ("week", _("Next 7 days")), *days]

    def _types(self) -> Options:
        named = [(code, types.GUIDE[code].named(self.language)) for code in wishes.type_codes()]
        return sorted(named, key=lambda option: option[1].casefold())

    def _languages(self) -> Options:
        names = Locale(self.language).languages
        named = [(code, names.get(code, code).capitalize()) for code in wishes.languages()]
        return sorted(named, key=lambda option: option[1])


LISTED = ("day", "time", "type", "language", "attend", "open")
