"""What an import came to: its counts, and row by row what was found. As text for people, as JSON for scripts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aftercare.meetings.exchange.findings import Finding
from aftercare.meetings.exchange.meeting_guide import Reading

SEVERITIES = ("refused", "mended", "noted")


@dataclass(frozen=True)
class Report:
    """The slugs of a list by what became of them. Meetings that vanished from the list are reported, never deleted."""

    location: str
    reading: Reading
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    is_dry_run: bool = False

    @property
    def changes_anything(self) -> bool:
        """Say whether a meeting is made or changed."""
        return bool(self.new or self.changed)

    def contents(self) -> dict[str, int]:
        """Count what the list holds: the same numbers for the same list."""
        found = {severity: len(self.reading.found(severity)) for severity in SEVERITIES}  # type: ignore[arg-type]
        return {"rows": self.reading.rows, "listings": len(self.reading.listings), **found}

    def counts(self) -> dict[str, int]:
        """Count what became of the rows."""
        became = {name: len(getattr(self, name)) for name in ("new", "changed", "unchanged", "vanished")}
        return self.contents() | became

    def document(self) -> dict[str, Any]:
        """Give the whole report as a document for scripts."""
        return {
            "source": self.location,
            "format": "meeting-guide",
            "dry_run": self.is_dry_run,
            "counts": self.counts(),
            "vanished": list(self.vanished),
            "findings": [_document(finding) for finding in self.reading.report],
        }

    def lines(self) -> Iterator[str]:
        """Give the report line by line."""
        for finding in self.reading.report:
            yield _line(finding)
        for slug in self.vanished:
            yield f"{slug}: no longer in the list; the meeting was kept."
        yield self.summary()

    def summary(self) -> str:
        """Say in one line what the import came to."""
        counts = self.counts()
        became = ", ".join(f"{counts[name]:,} {name}" for name in ("new", "changed", "unchanged") if counts[name])
        told = ", ".join(f"{counts[name]:,} {name}" for name in (*SEVERITIES, "vanished") if counts[name])
        did = "Nothing was written. It would be" if self.is_dry_run else "Meetings"
        return f"{counts['rows']:,} rows. {did}: {became or 'none'}. Findings: {told or 'none'}."


def _line(finding: Finding) -> str:
    where = f"row {finding.row}" if finding.row else "list"
    told = " ".join(filter(None, (finding.slug and f"({finding.slug})", finding.field)))
    value = f' "{finding.value}"' if finding.value else ""
    return f"{finding.severity}: {where} {told}{value}: {finding.sentence}".replace(" :", ":")


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "slug": finding.slug,
        "field": finding.field,
        "value": finding.value,
        "kind": finding.kind,
        "severity": finding.severity,
        "sentence": finding.sentence,
    }
