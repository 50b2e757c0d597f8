"""Every sentence that people read, gathered from pages and code, and its Spanish: `./run translations`.

Pages and code mark sentences with `_()`. A refusal needs no mark: every sentence in a file that refuses is one, and
`http/problems.py` and the forms say it in the reader's language.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from aftercare.core import errors
from aftercare.meetings.exchange.findings import SENTENCES
from aftercare.meetings.lists_said import AROUND

ROOT = Path(__file__).parents[1]
SPANISH = ROOT / "aftercare/translations/es/LC_MESSAGES/messages.po"
REFUSALS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.Refused)}
#: A sentence: it begins with a capital, and ends with a full stop or goes on for some words.
SENTENCE = re.compile(r"[A-Z“][^\n]*?( [^\n]+[.?:]| [^\n ]+( [^\n ]+){3,})")
#: Files whose refusals only operators and programs read; those stay English.
UNREAD = re.compile(
    r"aftercare/(config|commands|inside|core/(?!phone)\w+|demo/\w+|meetings/exchange/(bmlt_formats|exporting|feed_lint)|"
    r"recovery/instruments|\w+/api|(\w+/)?(\w+_)?cli|\w+/\w+_api|"
    r"http/(bodies|cursors|documents|etags|fields|idempotency|manual))\.py"
)


#: Tables of sentences that `lists_said` tells in the reader's language, and the files that say them in English.
TABLES = {"aftercare/meetings/exchange/findings.py": SENTENCES.values(), "aftercare/meetings/lists_said.py": AROUND}
#: What readers of lists say is known by what stands around its values.
READERS = re.compile(r"aftercare/meetings/exchange/\w+\.py")


def gathered() -> Catalog:
    """Gather every sentence that people read, with the files that say it."""
    found = Catalog(project="Aftercare", charset="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        _add(found, path, ((line, text) for line, text, *_ in extract_from_file("jinja2", path)))
    for path in sorted((ROOT / "aftercare").rglob("*.py")):
        _add(found, path, ((line, text) for line, text, *_ in extract_from_file("python", path)))
        _add(found, path, refusals(path))
    for name, sentences in TABLES.items():
        _add(found, ROOT / name, ((1, text) for text in sentences))
    return found


def refusals(path: Path) -> Iterator[tuple[int, str]]:
    """Offer the sentences with which a file refuses something to people."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if UNREAD.fullmatch(path.relative_to(ROOT).as_posix()) or not _refuses(tree):
        return
    silent = {id(part) for node in ast.walk(tree) for part in _unsaid(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    for text in texts:
        if isinstance(text.value, str) and SENTENCE.fullmatch(text.value):
            yield text.lineno, text.value


def glued(path: Path, *, of_readers: bool = False) -> Iterator[tuple[int, str]]:
    """Offer the sentences of a file that refuses which are glued around values, so that nobody can translate them."""
    tree, name = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
    if UNREAD.fullmatch(name) or not _refuses(tree) or (READERS.fullmatch(name) and not of_readers):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
            if SENTENCE.fullmatch(text):
                yield node.lineno, text


def spanish() -> Catalog:
    """Read the Spanish that stands in the repository."""
    return read(SPANISH.read_bytes())


def read(text: bytes) -> Catalog:
    """Read a catalogue of translations."""
    return read_po(BytesIO(text), locale="es", abort_invalid=True)


def brought_up_to_date(known: Catalog) -> bytes:
    """Write the catalogue with the sentences of today: new ones empty, unused ones gone, nothing guessed."""
    dates = known.creation_date, known.revision_date
    known.update(gathered(), no_fuzzy_matching=True)
    known.creation_date, known.revision_date = dates
    known.obsolete.clear()
    out = BytesIO()
    write_po(out, known, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def compiled(known: Catalog) -> bytes:
    """Compile a catalogue as the service reads it."""
    out = BytesIO()
    write_mo(out, known)
    return out.getvalue()


def main() -> int:
    """Bring the Spanish up to date and compile it; say what is still to be translated."""
    _write(SPANISH, brought_up_to_date(spanish()))
    known = spanish()
    _write(SPANISH.with_suffix(".mo"), compiled(known))
    missing = [message.id for message in known if message.id and not all(forms(message.string))]
    print(*missing, f"{len(missing)} sentences to translate in {SPANISH.relative_to(ROOT)}", sep="\n")
    return 1 if missing else 0


def forms(text: object) -> list[str]:
    """List the forms of a sentence: one, or singular and plural."""
    return [text] if isinstance(text, str) else list(cast(Sequence[str], text))


def _write(path: Path, text: bytes) -> None:
    """Put a file in place at once: a service that starts meanwhile reads the old one or the new one, whole."""
    beside = path.with_suffix(".new")
    beside.write_bytes(text)
    beside.replace(path)


def _add(found: Catalog, path: Path, messages: Iterator[tuple[int, str | tuple[str, ...]]]) -> None:
    name = path.relative_to(ROOT).as_posix()
    for line, text in messages:
        found.add(text, locations=[(name, line)])


def _refuses(tree: ast.Module) -> bool:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return any(
        (each.module == "aftercare.core" and alias.name == "errors")
        or (each.module == "aftercare.meetings.exchange.list_text" and alias.name == "refuse")
        or (each.module == "aftercare.core.errors" and alias.name in REFUSALS)
        for each in imports
        for alias in each.names
    )


def _unsaid(node: ast.AST) -> list[ast.AST]:
    """Give the texts inside a node that nobody reads as they stand: docstrings, and parts of a glued text."""
    if isinstance(node, ast.Expr):
        return [node.value]
    return list(node.values) if isinstance(node, ast.JoinedStr) else []


if __name__ == "__main__":
    sys.exit(main())
