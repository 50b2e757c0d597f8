"""Find what is wrong in anybody's Meeting Guide feed before its readers do: row by row, with what comes of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import json_rows, list_text, row_defects
from aftercare.meetings.exchange.defects import Defect, Severity, consequence
from aftercare.meetings.exchange.findings import shortened
from aftercare.meetings.exchange.list_text import ListText, Source

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Verdict:
    """How many rows were looked at, and every defect, in the order of the rows."""

    rows: int
    defects: list[Defect]

    def count(self, severity: Severity) -> int:
        """Count the defects of one severity."""
        return sum(defect.severity == severity for defect in self.defects)

    @property
    def has_errors(self) -> bool:
        """Say whether meetings are lost or shown wrong."""
        return any(defect.severity == "error" for defect in self.defects)


def lint(source: Source, *, fellowship: str = "aa") -> Verdict:
    """Look through a feed. What is no feed at all is a defect too, and never an exception."""
    found = _Found(fellowship)
    try:
        text = list_text.opened(source)
        _look_at_letters(text, found)
        _look_at_rows(text, found)
    except Invalid as refused:
        found.add(0, None, ("no_feed", None, None, refused.sentence))
    return Verdict(found.rows, sorted(found.defects, key=lambda defect: defect.row))


class _Found:
    """What was found up to here. Of a row only its slug is kept, and its list of days."""

    def __init__(self, fellowship: str) -> None:
        self.fellowship = fellowship
        self.rows = 0
        self.defects: list[Defect] = []
        self.slugs: Counter[str] = Counter()
        self.arrays: list[tuple[int, str | None, list[Any]]] = []

    def add(self, row: int, slug: str | None, found: row_defects.Found) -> None:
        """Keep one defect."""
        kind, field, value, made = found
        self.defects.append(Defect(row, slug, field, shortened(value), kind, consequence(kind, made)))


def _look_at_letters(text: ListText, found: _Found) -> None:
    if not text.is_utf8:
        found.add(0, None, ("encoding", None, None, ""))
    text.file.seek(0)
    if text.file.read(3) == BYTE_ORDER_MARK:
        found.add(0, None, ("bom", None, None, ""))


def _look_at_rows(text: ListText, found: _Found) -> None:
    with text.opened() as opened:
        for row in json_rows.rows_in(opened):
            found.rows += 1
            slug = _slug(row)
            for each in _of_row(row, slug, found):
                found.add(found.rows, slug, each)
    _look_at_arrays(found)


def _of_row(row: Any, slug: str | None, found: _Found) -> Iterator[row_defects.Found]:
    if not isinstance(row, dict):
        yield "not_an_object", None, row, ""
        return
    yield from row_defects.of_row(row, fellowship=found.fellowship)
    if slug is not None:
        found.slugs[slug] += 1
        if found.slugs[slug] > 1:
            yield "slug_repeated", "slug", slug, f"{slug}-{found.slugs[slug] - 1}"
    if isinstance(row.get("day"), list) and row["day"]:
        found.arrays.append((found.rows, slug, row["day"][:8]))


def _slug(row: Any) -> str | None:
    slug = row.get("slug") if isinstance(row, dict) else None
    return shortened(slug) if isinstance(slug, str | int) and not isinstance(slug, bool) else None


def _look_at_arrays(found: _Found) -> None:
    arrays = found.arrays
    are_single = bool(arrays) and len(arrays) == found.rows and all(len(days) == 1 for _, _, days in arrays)
    kind = "day_arrays_of_one" if are_single else "day_array" if len(arrays) == 1 else "day_arrays"
    for row, slug, days in arrays:
        found.add(row, slug, (kind, "day", days, ""))
