"""A list of meetings as it is pinned to a wall: by day, kinds as short marks, and a legend of the marks it uses."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aftercare.http import formats
from aftercare.meetings import closed_shown, shown, types
from aftercare.meetings.closed import Closed
from aftercare.meetings.exchange import filing
from aftercare.meetings.finder import Found, Page, Timeless
from aftercare.meetings.types import GUIDE, TypePair

Mark = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """A page of the finder on paper, in the time of whoever lists it and the language of whoever reads it."""

    page: Page
    shut: Closed
    zone: str
    language: str

    def days(self) -> list[dict[str, Any]]:
        """Show the days, each with its date in full: paper knows no today."""
        return [
            {
                "key": day.isoformat(),
                "words": formats.on_paper(day, language=self.language),
                "meetings": [self._dated(found) for found in rows],
            }
            for day, rows in self.page.days
        ]

    def timeless(self) -> list[dict[str, Any]]:
        """Show what is by appointment."""
        return [
            shown.timeless(each, zone=self.zone, language=self.language)
            | self._more(each)
            | closed_shown.today(self.shut, each)
            for each in self.page.timeless
        ]

    def legend(self) -> list[Mark]:
        """Give every mark that is used, with its name."""
        return sorted(set(self._marks.values()))

    def fellowship(self) -> str | None:
        """Name the fellowship that holds all of the meetings, if one does: then no row has to."""
        return types.FELLOWSHIPS.get(min(self._holders)) if len(self._holders) == 1 else None

    def period(self) -> str:
        """Say from which day to which the sheet goes."""
        ends = [day for day, _ in self.page.days]
        words = [formats.on_paper(day, language=self.language) for day in dict.fromkeys(ends[:1] + ends[-1:])]
        return " – ".join(words)

    @cached_property
    def _rows(self) -> list[Found | Timeless]:
        return [*(found for _, rows in self.page.days for found in rows), *self.page.timeless]

    @cached_property
    def _holders(self) -> set[str]:
        return {_holder(found) for found in self._rows}

    @cached_property
    def _marks(self) -> dict[TypePair, Mark]:
        """Give the mark and the name of every type in use. Codes differ by fellowship: no two names share a mark."""
        named: dict[str, str] = {}
        marks: dict[TypePair, Mark] = {}
        for pair in sorted({pair for found in self._rows for pair in self._pairs(found)}):
            mark, name = _marked(pair, self.language)
            if named.setdefault(mark, name) != name:
                mark = f"{mark} {pair[0].upper()}"
            marks[pair] = (mark, name)
        return marks

    def _pairs(self, found: Found | Timeless) -> list[TypePair]:
        """Give what a row tells by marks: whose meeting it is, who may come, and of what kind it is."""
        holder, is_open = _holder(found), found.meeting.is_open
        whose = [(holder, "")] if holder and len(self._holders) > 1 else []
        access = [] if is_open is None else [("", "O" if is_open else "C")]
        return [*whose, *access, *(pair for row in found.types if _is_marked(pair := (row.fellowship, row.code)))]

    def _dated(self, found: Found) -> dict[str, Any]:
        status = closed_shown.status(self.shut, found)
        return shown.found(found, zone=self.zone, language=self.language) | self._more(found) | status

    def _more(self, found: Found | Timeless) -> dict[str, Any]:
        """Show what paper says otherwise than the finder: marks, and how to join in letters."""
        call = filing.listing_kept(found.meeting, found.place, ()).call
        is_online = found.meeting.attendance != "in_person"
        return {
            "marks": [mark for mark, _ in dict.fromkeys(self._marks[pair] for pair in self._pairs(found))],
            "region": ", ".join(reversed(filing.place_said(found.meeting, found.place).region)),
            "join_url": call.url if is_online else None,
            "join_phone": call.phone if is_online else None,
            "foreign": [code for code in found.meeting.languages if code != self.language],
            "closure": shown.closure(found.meeting, found.types),
        }


def _holder(found: Found | Timeless) -> str:
    return found.meeting.fellowship if found.meeting.kind == "fellowship" else ""


def _is_marked(pair: TypePair) -> bool:
    kind = types.find(*pair)
    return kind is not None and kind.category not in shown.SAID_APART


def _marked(pair: TypePair, language: str) -> Mark:
    fellowship, code = pair
    if not code:
        return fellowship.upper(), types.FELLOWSHIPS.get(fellowship, fellowship.upper())
    kind = types.of(fellowship)[code]
    if kind.guide:
        return kind.guide, GUIDE[kind.guide].named(language)
    return kind.code, kind.named(language)
