"""A sparkline: how a number moved, no larger than a word (law: numbers in, SVG out)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from aftercare.reports import drawing
from aftercare.reports.drawing import Rows, Words

WIDE, TALL = 96, 24
EDGE = 3
_LINE = Markup('<path class="spark-line" d="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round"/>')
_DOT = Markup('<circle class="spark-dot" cx="{}" cy="{}" r="{}" fill="{}"/>')
Dot = tuple[float, float]


@dataclass(frozen=True)
class Moment:
    """One number of a sparkline, when it was so, and how it is said; None is hidden or not known, and leaves a gap."""

    label: str
    value: float | None
    said: str


@dataclass(frozen=True)
class Spark:
    """Numbers in the order of time, and the two columns of their rows."""

    words: Words
    head: tuple[str, str]
    moments: Sequence[Moment]


def draw(chart: Spark, *, name: str) -> Markup:
    """Draw a line from nothing up, with a dot on the latest number; without numbers it is an empty space."""
    numbers = [drawing.checked(moment.value) for moment in chart.moments if moment.value is not None]
    highest = max(numbers, default=0) or 1
    dots = [_dot(moment.value, place, len(chart.moments), highest) for place, moment in enumerate(chart.moments)]
    inside = [_run(list(run)) for is_known, run in groupby(dots, key=bool) if is_known]
    latest = next((dot for dot in reversed(dots) if dot), None)
    if latest:
        inside.append(_DOT.format(drawing.number(latest[0]), drawing.number(latest[1]), EDGE, drawing.BRAND))
    size = Markup(' width="{}" height="{}"').format(WIDE, TALL)
    return drawing.picture(name, chart.words, inside, kind="chart-spark", width=WIDE, height=TALL, size=size)


def rows_of(chart: Spark) -> Rows:
    """Give the same as a table."""
    return Rows(chart.head, tuple((moment.label, moment.said) for moment in chart.moments))


def _dot(value: float | None, place: int, count: int, highest: float) -> Dot | None:
    if value is None:
        return None
    across = place / (count - 1) if count > 1 else 1
    return EDGE + (WIDE - 2 * EDGE) * across, TALL - EDGE - (TALL - 2 * EDGE) * (value / highest)


def _run(run: Sequence[Dot | None]) -> Markup:
    """Draw numbers that follow each other; one alone, between two gaps, is a small dot."""
    points = [f"{drawing.number(x)},{drawing.number(y)}" for x, y in filter(None, run)]
    if len(points) > 1:
        return _LINE.format("M" + "L".join(points), drawing.BRAND)
    x, y = points[0].split(",")
    return _DOT.format(x, y, 2, drawing.BRAND)
