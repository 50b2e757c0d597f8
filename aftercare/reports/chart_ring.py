"""A ring: how much of a whole (law: numbers in, SVG out)."""

from dataclasses import dataclass
from math import pi

from markupsafe import Markup

from aftercare.reports import drawing
from aftercare.reports.drawing import Rows, Words

SIDE = 116
RADIUS = 46
AROUND = 2 * pi * RADIUS
#: What finds room inside: short words are written large.
LARGE, SMALL, SHORT = 32, 20, 3
_TRACK = Markup('<circle class="ring-track" cx="58" cy="58" r="46" fill="none" stroke="{}" stroke-width="12"/>')
_FILL = Markup(
    '<circle class="ring-fill" cx="58" cy="58" r="46" fill="none" stroke="{}" stroke-width="12" stroke-linecap="{}"'
    ' stroke-dasharray="{} {}" transform="rotate(-90 58 58)"/>'
)
_INSIDE = Markup(
    '<text class="ring-words" x="58" y="{}" text-anchor="middle" font-size="{}" font-weight="700" fill="{}">{}</text>'
)


@dataclass(frozen=True)
class Ring:
    """Some of a whole, the words inside, and the two columns of its row; None is hidden or not known."""

    words: Words
    head: tuple[str, str]
    value: float | None
    whole: float
    said: str


def draw(chart: Ring, *, name: str) -> Markup:
    """Draw a ring, filled as far as it goes; more than the whole fills it."""
    whole, value = drawing.checked(chart.whole), drawing.checked(chart.value or 0)
    part = min(value / whole, 1) if whole else 0.0
    inside = [_TRACK.format(drawing.SUNK)]
    if part:
        filled = drawing.number(AROUND * part), drawing.number(AROUND)
        inside.append(_FILL.format(drawing.RING, "butt" if part == 1 else "round", *filled))
    size = LARGE if len(chart.said) <= SHORT else SMALL
    inside.append(_INSIDE.format(drawing.number(58 + size / 3), size, drawing.INK, chart.said))
    size_on_paper = Markup(' width="116" height="116"')
    return drawing.picture(name, chart.words, inside, kind="chart-ring", width=SIDE, height=SIDE, size=size_on_paper)


def rows_of(chart: Ring) -> Rows:
    """Give the same as a table of one row."""
    return Rows(chart.head, ((chart.words.title, chart.said),))
