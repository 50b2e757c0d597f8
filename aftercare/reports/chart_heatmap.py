"""A heatmap: weeks side by side, their days one below the other, darker where more (law: numbers in, SVG out)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from aftercare.reports import drawing
from aftercare.reports.drawing import Rows, Words

GAP = 2
SMALLEST, LARGEST = 8, 20
TOP = 20
LEVELS = 4
FILLS = (drawing.SUNK, "#bfe0d9", "#7cbdb3", "#3b8f87", "#124b48")
_CELL = Markup('<rect class="heat{}" x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}"><title>{}</title></rect>')
_HOLLOW = Markup(
    '<rect class="hollow" x="{}" y="{}" width="{}" height="{}" rx="2" fill="none" stroke="{}" stroke-dasharray="2 2">'
    "<title>{}</title></rect>"
)
_KEY = Markup('<rect class="heat{}" x="{}" y="{}" width="12" height="12" rx="2" fill="{}"/>')


@dataclass(frozen=True)
class Week:
    """A week: what its rows call it, what stands over it if there is room (the month, say), and its days in order.

    None is hidden or not known. Days that are still to come are left off.
    """

    label: str
    days: Sequence[float | None]
    heading: str = ""


@dataclass(frozen=True)
class Heatmap:
    """Weeks of days; `days` names the seven, `say` writes a number and what is None, `scale` says less and more."""

    words: Words
    weeks: Sequence[Week]
    days: Sequence[str]
    corner: str
    say: Callable[[float | None], str]
    scale: tuple[str, str]


@dataclass(frozen=True)
class _Place:
    left: float
    side: float

    def x(self, week: int) -> float:
        return self.left + week * (self.side + GAP)

    def y(self, day: int) -> float:
        return TOP + day * (self.side + GAP)


def draw(chart: Heatmap, *, name: str) -> Markup:
    """Draw a square for each day; more weeks than a phone is wide make a chart that is scrolled with the keyboard."""
    numbers = [drawing.checked(day) for week in chart.weeks for day in week.days if day is not None]
    if not chart.weeks:
        return drawing.nothing(name, chart.words)
    left = 14 + max(drawing.length(day) for day in chart.days)
    side = min(LARGEST, max(SMALLEST, (drawing.WIDTH - left) / len(chart.weeks) - GAP))
    place = _Place(left, side)
    width = max(drawing.WIDTH, place.x(len(chart.weeks)))
    bottom = place.y(len(chart.days))
    inside = [*_headings(chart, place, width), *_days(chart, place), *_cells(chart, place, max(numbers, default=0))]
    inside += _key(chart.scale, bottom + 8)
    drawn = drawing.frame(name, chart.words, inside, width=width, height=bottom + 28)
    return drawing.scrolled(drawn, name) if width > drawing.WIDTH else drawn


def rows_of(chart: Heatmap) -> Rows:
    """Give the same as a table: a row for each week, a column for each day."""
    missing = len(chart.days)
    body = ((week.label, *map(chart.say, week.days), *([""] * (missing - len(week.days)))) for week in chart.weeks)
    return Rows((chart.corner, *chart.days), tuple(body))


def level(value: float, highest: float) -> int:
    """Say how dark a number is: nothing is 0, the most is 4."""
    return ceil(LEVELS * (value / highest)) if value else 0


def _cells(chart: Heatmap, place: _Place, highest: float) -> list[Markup]:
    side = drawing.number(place.side)
    cells = []
    for at, week in enumerate(chart.weeks):
        for day, (named, value) in enumerate(zip(chart.days, week.days, strict=False)):
            where = drawing.number(place.x(at)), drawing.number(place.y(day)), side, side
            said = f"{week.label}, {named}: {chart.say(value)}"
            if value is None:
                cells.append(_HOLLOW.format(*where, drawing.EDGE, said))
            else:
                shade = level(value, highest)
                cells.append(_CELL.format(shade, *where, FILLS[shade], said))
    return cells


def _headings(chart: Heatmap, place: _Place, width: float) -> list[Markup]:
    """Write what stands over the weeks, from the left, wherever the one before leaves room."""
    drawn, free = [], 0.0
    for at, week in enumerate(chart.weeks):
        x = place.x(at)
        if week.heading and x >= free and x + drawing.length(week.heading) <= width:
            drawn.append(drawing.text(x, 13, week.heading))
            free = x + drawing.length(week.heading) + drawing.LETTER
    return drawn


def _days(chart: Heatmap, place: _Place) -> list[Markup]:
    nth = 1 if place.side + GAP >= 15 else 2
    return [
        drawing.text(0, place.y(day) + place.side / 2 + 5, named)
        for day, named in enumerate(chart.days)
        if day % nth == 0
    ]


def _key(scale: tuple[str, str], y: float) -> list[Markup]:
    less, more = scale
    x = 6 + drawing.length(less)
    squares = [
        _KEY.format(shade, drawing.number(x + 15 * shade), drawing.number(y + 1), FILLS[shade]) for shade in range(5)
    ]
    return [drawing.text(0, y + 12, less), *squares, drawing.text(x + 15 * 5 + 3, y + 12, more)]
