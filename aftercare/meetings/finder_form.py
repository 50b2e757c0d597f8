"""The form of the finder: what was chosen, what can be, and the addresses of one choice more or less."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.dates import get_day_names
from flask_babel import gettext as _

from aftercare.meetings import types, wishes

Options = list[tuple[str, str]]


class Form:
    """What stands in the address of the page, in the reader's language."""

    def __init__(self, address: str, given: Mapping[str, str], language: str) -> None:
        self.address = address
        self.language = language
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
            "attends": [("", _("In person or online")), ("in_person", _("In person")), ("online", _("Online"))],
            "opens": [("", _("All meetings")), ("open", _("Open to all"))],
        }

    def days(self) -> list[dict[str, Any]]:
        """Give the quick choices of days."""
        said = (("today", _("Today")), ("tomorrow", _("Tomorrow")), ("week", _("Next 7 days")))
        return [
            {"label": label, "url": self.url(day=day), "is_current": self.chosen["day"] == day} for day, label in said
        ]

    def active(self) -> list[dict[str, str]]:
        """Give what was chosen, each with the address of the page without it."""
        named = {field: dict(options) for field, options in zip(LISTED, self._in_order(), strict=True)}
        labels = {field: named[field].get(value, "") for field, value in self.chosen.items() if field in named}
        labels["q"] = f"“{self.chosen['q']}”"
        if self.chosen["day"] not in wishes.DAYS:
            # It stands among the quick choices.
            labels["day"] = ""
        return [
            {"label": labels[field], "remove_url": self.url(**{field: ""})}
            for field in wishes.FIELDS
            if self.chosen[field] and labels[field]
        ]

    def _in_order(self) -> list[Options]:
        options = self.options()
        return [options[f"{field}s"] for field in LISTED]

    def _days(self) -> Options:
        names = get_day_names("wide", locale=self.language)
        ahead = [("", _("The coming days")), ("today", _("Today")), ("tomorrow", _("Tomorrow"))]
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
