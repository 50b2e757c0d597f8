"""What an import came to: its counts, row by row what was found, and what becomes of each meeting that it concerns."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aftercare.meetings.exchange.findings import Finding

SEVERITIES = ("refused", "mended", "noted")
ACTS = ("new", "changed", "returned", "vanished")
#: A report that is kept or shown names so many meetings and findings; the counts are always whole.
MOST_ROWS, MOST_FINDINGS = 2_000, 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a meeting: what it says now, and what the list says; `rules` are day and hour, for other tongues."""

    field: str
    now: Any
    said: Any
    rules: list[dict[str, Any]] | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one meeting. Fields that are `held` stay as staff say, whatever the list says."""

    act: str
    slug: str
    name: str
    fields: tuple[Difference, ...] = ()
    held: tuple[Difference, ...] = ()


@dataclass
class Report:
    """What an import came to. Meetings that vanished from the list are taken off, and keep their history."""

    location: str
    dialect: str = ""
    rows: int = 0
    listings: int = 0
    findings: Sequence[Finding] = ()
    became: Counter[str] = field(default_factory=Counter)
    changes: list[RowChange] = field(default_factory=list)
    live: int = 0
    is_dry_run: bool = False
    is_waiting: bool = False

    def note(self, change: RowChange) -> None:
        """Note what becomes of a meeting."""
        self.became[change.act] += 1
        if len(self.changes) < MOST_ROWS:
            self.changes.append(change)

    @property
    def changes_anything(self) -> bool:
        """Say whether a meeting is made, changed, taken off or put back."""
        return any(self.became[act] for act in ACTS)

    @property
    def refused(self) -> list[Finding]:
        """Give the findings of the rows that were left out, one a row."""
        return self.found("refused")

    def found(self, severity: str) -> list[Finding]:
        """Give the findings of one severity, in the order of the rows."""
        return [finding for finding in self.findings if finding.severity == severity]

    def slugs(self, act: str) -> tuple[str, ...]:
        """Give the slugs of the meetings of which something becomes, as many as are named."""
        return tuple(change.slug for change in self.changes if change.act == act)

    def contents(self) -> dict[str, int]:
        """Count what the list holds: the same numbers for the same list."""
        found = Counter(str(finding.severity) for finding in self.findings)
        return {"rows": self.rows, "listings": self.listings, **{each: found[each] for each in SEVERITIES}}

    def counts(self) -> dict[str, int]:
        """Count what became of the rows."""
        return self.contents() | {act: self.became[act] for act in (*ACTS, "unchanged")}

    def document(self) -> dict[str, Any]:
        """Give the report as a document, for scripts and to be kept."""
        return {
            "source": self.location,
            "format": self.dialect,
            "dry_run": self.is_dry_run,
            "waiting": self.is_waiting,
            "live": self.live,
            "counts": self.counts(),
            "vanished": list(self.slugs("vanished")),
            "changes": [_changed(change) for change in self.changes],
            "findings": [_found(finding) for finding in self.findings[:MOST_FINDINGS]],
        }

    def lines(self) -> Iterator[str]:
        """Give the report line by line."""
        for finding in self.findings:
            yield _line(finding)
        for change in self.changes:
            yield from _told(change)
        yield self.summary()

    def summary(self) -> str:
        """Say in one line what the import came to."""
        is_written = not (self.is_dry_run or self.is_waiting)
        return summary(self.counts(), did="Meetings" if is_written else "Nothing was written. It would be")


def summary(counts: Mapping[str, int], *, did: str) -> str:
    """Say in one line what an import came to, from its counts."""
    became = ", ".join(f"{counts[name]:,} {name}" for name in (*ACTS, "unchanged") if counts.get(name))
    told = ", ".join(f"{counts[name]:,} {name}" for name in SEVERITIES if counts[name])
    return f"{counts['rows']:,} rows. {did}: {became or 'none'}. Findings: {told or 'none'}."


def _told(change: RowChange) -> Iterator[str]:
    if change.act == "vanished":
        yield f"{change.slug}: no longer in the list; the meeting is taken off and keeps its history."
    if change.act == "returned":
        yield f"{change.slug}: in the list again; the meeting is back."
    for each in change.held:
        yield f'{change.slug}: {each.field}: the list says "{each.said}", you say "{each.now}"; your word holds.'


def _line(finding: Finding) -> str:
    where = f"row {finding.row}" if finding.row else "list"
    told = " ".join(filter(None, (finding.slug and f"({finding.slug})", finding.field)))
    value = f' "{finding.value}"' if finding.value else ""
    return f"{finding.severity}: {where} {told}{value}: {finding.sentence}".replace(" :", ":")


def _found(finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "slug": finding.slug,
        "field": finding.field,
        "value": finding.value,
        "kind": finding.kind,
        "severity": finding.severity,
        "sentence": finding.sentence,
    }


def _changed(change: RowChange) -> dict[str, Any]:
    said: dict[str, Any] = {"act": change.act, "slug": change.slug, "name": change.name}
    for name in ("fields", "held"):
        if differences := getattr(change, name):
            said[name] = [[each.field, each.now, each.said, *_rules(each)] for each in differences]
    return said


def _rules(difference: Difference) -> list[Any]:
    return [difference.rules] if difference.rules else []
