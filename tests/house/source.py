"""The files of the house, as the house tests walk them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def name_of(path: Path) -> str:
    """Name a file as seen from the root."""
    return path.relative_to(ROOT).as_posix()


def shipped() -> list[Path]:
    """List the Python that runs for users."""
    return [*sorted((ROOT / "aftercare").rglob("*.py")), *ROOT.glob("*.py")]


def written() -> Iterator[Path]:
    """Offer every file that people here write: code, templates, styles, scripts, pages of docs."""
    for folder in ("aftercare", "migrations", "templates", "tests", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".md", ".txt", ".sql"}:
                yield path
    yield from (ROOT / name for name in ("README.md", "run", ".ci/run", "setup.cfg", "ruff.toml"))
    yield from ROOT.glob("*.py")


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Offer each call of a file as written (`datetime.now`), with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Offer each module that a file imports, whole (`datetime.datetime` for from datetime import datetime)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
