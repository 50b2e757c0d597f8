"""A small reader of content lines (RFC 5545 3.1, 3.3.11), independent of the engines and of our writer."""

import re
from dataclasses import dataclass

_ESCAPED = re.compile(r"\\(.)")
_FOLD = re.compile("\r\n[ \t]")


@dataclass(frozen=True)
class Line:
    """One unfolded line: what stands before the value, and the value as written."""

    name: str
    parameters: str
    value: str

    @property
    def text(self) -> str:
        return _ESCAPED.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], self.value)

    @property
    def texts(self) -> list[str]:
        parts = re.findall(r"(?:\\.|[^,\\])+", self.value)
        return [Line(self.name, self.parameters, part).text for part in parts]


def read(feed: bytes) -> list[Line]:
    """Unfold a feed into its lines."""
    return [_line(line) for line in _FOLD.sub("", feed.decode()).split("\r\n") if line]


def values(feed: bytes, name: str) -> list[str]:
    """List the values of every line of one name, as written."""
    return [line.value for line in read(feed) if line.name == name]


def events(feed: bytes) -> list[dict[str, str]]:
    """List the events of a feed, each as name -> text, in order."""
    found: list[dict[str, str]] = []
    for line in read(feed):
        if (line.name, line.value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found and line.name not in {"BEGIN", "END"}:
            found[-1][line.name] = line.text
    return found


def _line(line: str) -> Line:
    head, _, value = line.partition(":")
    name, _, parameters = head.partition(";")
    return Line(name, parameters, value)
