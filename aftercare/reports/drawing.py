"""What all charts share: the frame with its words, numbers of SVG, scales, and rows that say the same as the picture.

Charts are pure: numbers and finished words in, markup out. They are drawn for a narrow phone, 320 wide, and grow. A
colour stands twice: as an attribute, which paper (WeasyPrint) reads, and by class, which the stylesheet paints over by
day and by night; no style attribute, no script, so that the strictest CSP lets them be. Each stands as one picture
(role=img) with a title and a sentence; its rows make the table beside it, the CSV and the paper.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

WIDTH = 320
LINE = 18
#: About what a letter takes of the 14 px in which charts are written.
LETTER = 7.4
INK, INK_2, LINES, BRAND, BRAND_SOFT, CLAY, EDGE, SUNK, RING = (
    "#22302e", "#4c5956", "#ddd3c3", "#1d6b66", "#dfeeea", "#a0482a", "#7b857f", "#f2ebdf", "#b36b00",
)  # fmt: skip
#: Nothing that people do is more; a slip in a figure is refused rather than drawn.
MOST = 1e18
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_FRAME = Markup(
    '<svg class="{kind}" viewBox="0 0 {width} {height}"{size} role="img" aria-labelledby="{name}-title {name}-words"'
    ' focusable="false"><title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>{inside}</svg>'
)
_TEXT = Markup(
    '<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{words}</text>'
)


@dataclass(frozen=True)
class Words:
    """What a chart is called, what it shows in a sentence, and what stands in it where there is nothing to show."""

    title: str
    sentence: str
    nothing: str


@dataclass(frozen=True)
class Rows:
    """What a chart shows, as a table."""

    head: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]


def frame(name: str, words: Words, inside: Iterable[Markup], *, height: float, width: float = WIDTH) -> Markup:
    """Draw a chart of its own on a page; `name` is its id there. A wide one keeps its size, and is scrolled."""
    wide = width > WIDTH
    return picture(
        name,
        words,
        inside,
        kind="chart chart-wide" if wide else "chart",
        width=width,
        height=height,
        size=Markup(' width="{}" height="{}"').format(number(width), number(height)) if wide else Markup(),
    )


def picture(
    name: str, words: Words, inside: Iterable[Markup], *, kind: str, width: float, height: float, size: Markup
) -> Markup:
    """Draw any picture with its title and its sentence."""
    if not _NAME.fullmatch(name):
        raise ValueError("A chart has an id of small letters.")
    return _FRAME.format(
        kind=kind,
        width=number(width),
        height=number(height),
        size=size,
        name=name,
        title=words.title,
        words=words.sentence,
        inside=Markup().join(inside),
    )


def scrolled(drawn: Markup, name: str) -> Markup:
    """Put a wide chart into a part of the page that the keyboard can reach and scroll."""
    region = Markup('<div class="scroll" tabindex="0" role="region" aria-labelledby="{}-title">{}</div>')
    return region.format(name, drawn)


def nothing(name: str, words: Words) -> Markup:
    """Draw a chart of nothing: its frame, and the words for that."""
    return frame(name, words, [text(WIDTH / 2, 34, words.nothing, anchor="middle")], height=56)


def text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "label", size: int = 14) -> Markup:
    """Write words."""
    fill = INK if kind == "count" else INK_2
    return _TEXT.format(kind=kind, x=number(x), y=number(y), anchor=anchor, fill=fill, size=size, words=words)


def placed(x: float, y: float, words: str, *, left: float, right: float) -> Markup:
    """Write words around a middle, but never over an edge."""
    half = length(words) / 2
    if x + half > right:
        return text(right, y, words, anchor="end")
    return text(left, y, words) if x - half < left else text(x, y, words, anchor="middle")


def length(words: str) -> float:
    """Say about how wide words are."""
    return LETTER * len(words)


def fitted(words: str, width: float) -> str:
    """Shorten words that are too wide; the rows have them whole."""
    most = max(1, floor(width / LETTER))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def every(widest: float, step: float) -> int:
    """Say which of many labels fit: each, each second, each third, ..."""
    return max(1, -floor(-(widest + LETTER) / step))


def number(value: float) -> str:
    """Write a number of SVG, to a tenth."""
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def checked(value: float) -> float:
    """Refuse what no chart of counts and shares can show."""
    if not 0 <= value <= MOST:
        raise ValueError(f"A chart shows numbers from nothing up to {MOST:.0e}.")
    return value


def scale(highest: float, *, whole: bool = True, most: int = 5) -> list[float]:
    """Give round numbers from nothing to above the highest: steps of 1, 2, 2.5 or 5, as few as show it well."""
    aim = max(highest, 1 if whole else 1e-9) / most
    tens = 10.0 ** floor(log10(aim))
    steps = (tens * of for of in (1, 2, 2.5, 5, 10, 20) if not whole or (tens * of).is_integer())
    step = next(step for step in steps if step * most >= highest)
    count = max(1, -floor(-highest / step * (1 - 1e-12)))
    return [step * place for place in range(count + 1)]


def ticks(
    values: Sequence[float], say: Callable[[float], str], *, top: float, bottom: float, left: float
) -> list[Markup]:
    """Draw the lines across a chart, each with its number on the left."""
    line = Markup('<path class="axis" d="M{}H{}" fill="none" stroke="{}"/>')
    drawn = []
    for value in values:
        y = bottom - (bottom - top) * (value / values[-1])
        drawn.append(
            line.format(Markup("{},{}").format(number(left), number(y)), WIDTH, LINES)
            + text(left - 6, y + 5, say(value), anchor="end")
        )
    return drawn
