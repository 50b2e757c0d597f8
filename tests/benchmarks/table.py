"""What a benchmark found, as a table: on the screen, as JSON under reports/, and in the docs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "performance.md"
HEAD = """# How fast it is

Measured on a machine that does other work too: ratios count, not the figures. `./run bench --write` writes this page.
"""


@dataclass(frozen=True)
class Table:
    """Lines of figures under their columns; the first cell of a line says what was measured."""

    title: str
    columns: Sequence[str]
    lines: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    rounds: dict[str, list[float]] = field(default_factory=dict)

    def as_text(self) -> str:
        """Lay the table out for a terminal."""
        rows = [self.columns, *self.lines]
        widths = [max(len(row[n]) for row in rows) for n in range(len(self.columns))]
        laid = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([self.title, "", laid[0], "-" * sum(widths), *laid[1:], *self.notes])

    def as_markdown(self) -> str:
        """Lay the table out for the docs."""
        rows = [self.columns, ["---"] * len(self.columns), *self.lines]
        laid = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([f"## {self.title}", "", *laid, "", *(f"{note}" for note in self.notes)])

    def keep(self, name: str) -> Path:
        """Keep the figures, with every round of them, under reports/."""
        kept = {
            "benchmark": name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "columns": list(self.columns),
            "lines": [list(line) for line in self.lines],
            "rounds": self.rounds,
        }
        file = ROOT / "reports" / f"bench-{name}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        return file

    def write_into_docs(self, name: str, *, docs: Path = DOCS) -> None:
        """Put the table between its markers in docs/performance.md; a new one goes to the end."""
        begin, end = f"<!-- bench {name} -->", f"<!-- /bench {name} -->"
        page = docs.read_text(encoding="utf-8") if docs.exists() else HEAD
        if begin not in page:
            page = f"{page.rstrip()}\n\n{begin}\n{end}\n"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        docs.write_text(f"{before}{begin}\n{self.as_markdown()}\n{end}{after}", encoding="utf-8")
