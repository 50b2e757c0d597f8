"""Bars: one number for each week, day or group, side by side (law: numbers in, SVG out)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from aftercare.reports import drawing
from aftercare.reports.drawing import Rows, Words

HEIGHT = 200
TOP, BOTTOM = 26, 172
HOLLOW = 12
#: How a bar is filled and edged; under a span it is pale, so that the span can be seen.
PLAIN, SOFT = ("pillar", drawing.BRAND, "none"), ("pale", drawing.BRAND_SOFT, drawing.BRAND)
_BAR = Markup(
    '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"><title>{}: {}</title></rect>'
)
_HOLLOW = Markup(
    '<rect class="hollow" x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}" stroke-dasharray="3 2">'
    "<title>{}: {}</title></rect>"
)
_SPAN = Markup(
    '<path class="span" d="M{x},{high}V{low}M{left},{high}H{right}M{left},{low}H{right}" fill="none" stroke="{}"/>'
)


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its number and how that is said; None is hidden or not known, and `said` tells which.

    `low` and `high` draw a span over it: how far it might be off.
    """

    label: str
    value: float | None
    said: str
    low: float | None = None
    high: float | None = None

    def numbers(self) -> list[float]:
        """List what must find room."""
        return [drawing.checked(number) for number in (self.value, self.low, self.high) if number is not None]


@dataclass(frozen=True)
class Bars:
    """Some bars; `head` names the two columns of their rows, `say` writes the numbers of the scale.

    `whole` is for things that are counted. `most` fixes the top of the scale, as 1 does for shares.
    """

    words: Words
    head: tuple[str, str]
    bars: Sequence[Bar]
    say: Callable[[float], str]
    whole: bool = True
    most: float | None = None


def draw(chart: Bars, *, name: str) -> Markup:
    """Draw bars over a scale."""
    if not chart.bars:
        return drawing.nothing(name, chart.words)
    highest = max([*(number for bar in chart.bars for number in bar.numbers()), drawing.checked(chart.most or 0)])
    scale = drawing.scale(highest, whole=chart.whole)
    left = 12 + max(drawing.length(chart.say(value)) for value in scale)
    step = (drawing.WIDTH - left) / len(chart.bars)
    inside = drawing.ticks(scale, chart.say, top=TOP, bottom=BOTTOM, left=left)
    inside += [_bar(bar, left + step * place, step, scale[-1]) for place, bar in enumerate(chart.bars)]
    inside += [*_counts(chart, left, step, scale[-1]), *_labels(chart, left, step)]
    return drawing.frame(name, chart.words, inside, height=HEIGHT)


def rows_of(chart: Bars) -> Rows:
    """Give the same as a table."""
    return Rows(chart.head, tuple((bar.label, bar.said) for bar in chart.bars))


def _y(value: float, highest: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value / highest)


def _bar(bar: Bar, x: float, step: float, highest: float) -> Markup:
    width = 0.7 * step
    place = drawing.number(x + 0.15 * step)
    if bar.value is None:
        return _HOLLOW.format(place, BOTTOM - HOLLOW, drawing.number(width), HOLLOW, drawing.EDGE, bar.label, bar.said)
    top = _y(bar.value, highest)
    size = drawing.number(width), drawing.number(BOTTOM - top), drawing.number(min(3, width / 3))
    kind, fill, edge = SOFT if bar.high is not None else PLAIN
    drawn = _BAR.format(kind, place, drawing.number(top), *size, fill, edge, bar.label, bar.said)
    return drawn + _span(bar, x + step / 2, min(4, width / 3), highest)


def _span(bar: Bar, x: float, half: float, highest: float) -> Markup:
    if bar.low is None or bar.high is None:
        return Markup()
    low, high = (drawing.number(_y(value, highest)) for value in (bar.low, bar.high))
    ends = {"left": drawing.number(x - half), "right": drawing.number(x + half)}
    return _SPAN.format(drawing.INK, x=drawing.number(x), low=low, high=high, **ends)


def _counts(chart: Bars, left: float, step: float, highest: float) -> list[Markup]:
    """Write each number over its bar where all find room; where not, the scale and the rows tell."""
    if max(drawing.length(bar.said) for bar in chart.bars) > step or any(bar.high is not None for bar in chart.bars):
        return []
    return [
        drawing.text(
            left + step * (place + 0.5), _y(bar.value, highest) - 6, bar.said, anchor="middle", kind="count", size=12
        )
        for place, bar in enumerate(chart.bars)
        if bar.value is not None
    ]


def _labels(chart: Bars, left: float, step: float) -> list[Markup]:
    nth = drawing.every(max(drawing.length(bar.label) for bar in chart.bars), step)
    return [
        drawing.placed(left + step * (place + 0.5), BOTTOM + 20, bar.label, left=0, right=drawing.WIDTH)
        for place, bar in enumerate(chart.bars)
        if (len(chart.bars) - 1 - place) % nth == 0
    ]
