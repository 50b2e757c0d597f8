"""Who still comes after so many days: a stair with its band, and how many it rests on (law: numbers in, SVG out).

A line ends where few people were still followed: what few do says little, and tells of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from aftercare.reports import drawing
from aftercare.reports.drawing import LINE, Rows, Words
from aftercare.reports.retention import Curve, Point

#: So few are not shown even inside an organisation (ui.md, charts); what leaves it asks for more (disclosure.LEAST).
LEAST = 5
TALL = 160
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
COLOURS = (drawing.BRAND, drawing.CLAY)
_STAIR = Markup('<path class="stair{}" d="{}" fill="none" stroke="{}" stroke-width="2.5"{}/>')
_BAND = Markup('<path class="band{}" d="{}" fill="{}" fill-opacity=".15"/>')
_DASHES = Markup(' stroke-dasharray="6 4"')


@dataclass(frozen=True)
class Group:
    """People whose curve is drawn, and what they are called."""

    label: str
    curve: Curve


@dataclass(frozen=True)
class Said:
    """How a curve is told: its days, its shares, its people, and what stands where too few were followed."""

    day: Callable[[int], str]
    share: Callable[[float], str]
    span: Callable[[float, float], str]
    people: Callable[[int], str]
    too_few: str


@dataclass(frozen=True)
class Retention:
    """One curve or two, read at some days.

    `followed` stands over the numbers of people still followed; `head` names the columns of the rows: group, day,
    share, band, people.
    """

    words: Words
    head: tuple[str, str, str, str, str]
    groups: Sequence[Group]
    days: Sequence[int]
    followed: str
    said: Said
    least: int = LEAST

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart, or has no length."""
        if len(self.groups) > len(COLOURS):
            raise ValueError("Two curves can be told apart, not more.")
        if list(self.days) != sorted(set(self.days)) or len(self.days) < 2 or self.days[0] < 0:
            raise ValueError("A curve is read at two days or more, in their order.")
        if self.least < 1:
            raise ValueError("A curve rests on people.")


@dataclass(frozen=True)
class _Room:
    """The part of the picture that the lines are in."""

    left: float
    top: float
    last_day: int

    @property
    def bottom(self) -> float:
        return self.top + TALL

    @property
    def right(self) -> float:
        return drawing.WIDTH - 8

    def x(self, day: int) -> str:
        return drawing.number(self.at(day))

    def at(self, day: int) -> float:
        return self.left + (self.right - self.left) * day / self.last_day

    def y(self, share: float) -> str:
        return drawing.number(self.bottom - TALL * share)


def draw(chart: Retention, *, name: str) -> Markup:
    """Draw each curve in its band, and under it how many were still followed."""
    groups = [group for group in chart.groups if group.curve.people >= chart.least]
    if not groups:
        return drawing.nothing(name, chart.words)
    left = 12 + max(drawing.length(chart.said.share(step)) for step in STEPS)
    room = _Room(left, 8 + LINE * len(groups), chart.days[-1])
    inside = [*_legend(groups), *drawing.ticks(STEPS, chart.said.share, top=room.top, bottom=room.bottom, left=left)]
    inside += [_band(group.curve, at, room, chart.least) for at, group in enumerate(groups)]
    inside += [_stair(group.curve, at, room, chart.least) for at, group in enumerate(groups)]
    inside += [*_days(chart, room), *_followed(chart, groups, room)]
    return drawing.frame(name, chart.words, inside, height=room.bottom + 48 + LINE * len(groups))


def rows_of(chart: Retention) -> Rows:
    """Give the same as a table: each group at each day."""
    return Rows(
        chart.head,
        tuple(
            (group.label, chart.said.day(day), *_read(group.curve, day, chart))
            for group in chart.groups
            for day in chart.days
        ),
    )


def _read(curve: Curve, day: int, chart: Retention) -> tuple[str, str, str]:
    point = curve.at(day)
    said = chart.said
    if point is None or point.at_risk < chart.least:
        return said.too_few, said.too_few, said.too_few
    return said.share(point.share), said.span(point.low, point.high), said.people(point.at_risk)


def _shown(curve: Curve, room: _Room, least: int) -> tuple[list[Point], int]:
    """Give the steps that are drawn, from the whole on, and the day on which the line ends."""
    end = min(room.last_day, curve.days[-least])
    whole = Point(0, 1.0, 1.0, 1.0, curve.people)
    return [whole, *(point for point in curve.points if point.day <= end)], end


def _stair(curve: Curve, at: int, room: _Room, least: int) -> Markup:
    points, end = _shown(curve, room, least)
    way = _steps([(point.day, point.share) for point in points], room) + f"H{room.x(end)}"
    return _STAIR.format(at, way, COLOURS[at], _DASHES if at else "")


def _band(curve: Curve, at: int, room: _Room, least: int) -> Markup:
    points, end = _shown(curve, room, least)
    there = _steps([(point.day, point.high) for point in points], room) + f"H{room.x(end)}"
    back = "".join(f"V{room.y(point.low)}H{room.x(point.day)}" for point in reversed(points))
    return _BAND.format(at, there + back + "Z", COLOURS[at])


def _steps(stairs: Sequence[tuple[int, float]], room: _Room) -> str:
    (day, share), *further = stairs
    begun = f"M{room.x(day)},{room.y(share)}"
    return begun + "".join(f"H{room.x(day)}V{room.y(share)}" for day, share in further)


def _legend(groups: Sequence[Group]) -> list[Markup]:
    drawn = []
    for at, group in enumerate(groups):
        y = 12 + LINE * at
        sample = _STAIR.format(at, f"M0,{y - 4}H28", COLOURS[at], _DASHES if at else "")
        drawn += [sample, drawing.text(36, y, drawing.fitted(group.label, drawing.WIDTH - 36))]
    return drawn


def _days(chart: Retention, room: _Room) -> list[Markup]:
    y = room.bottom + LINE
    return [
        drawing.placed(room.at(day), y, chart.said.day(day), left=0, right=drawing.WIDTH)
        for day in _apart(chart.days, [chart.said.day(day) for day in chart.days], room)
    ]


def _followed(chart: Retention, groups: Sequence[Group], room: _Room) -> list[Markup]:
    """Write how many were still followed, a line for each group, below the days that are written."""
    y = room.bottom + 2 * LINE + 6
    drawn = [drawing.text(0, y, drawing.fitted(chart.followed, drawing.WIDTH))]
    shown = _apart(chart.days, [chart.said.day(day) for day in chart.days], room)
    for at, group in enumerate(groups):
        y += LINE
        drawn.append(_STAIR.format(at, f"M0,{drawing.number(y - 4)}H20", COLOURS[at], _DASHES if at else ""))
        for day in shown:
            count = group.curve.at_risk(day)
            said = chart.said.people(count) if count >= chart.least else f"<{chart.least}"
            drawn.append(drawing.placed(room.at(day), y, said, left=0, right=drawing.WIDTH))
    return drawn


def _apart(days: Sequence[int], labels: Sequence[str], room: _Room) -> list[int]:
    """Choose the days whose labels find room; the last always does."""
    chosen: list[int] = []
    free = drawing.WIDTH + drawing.LETTER
    for day, label in sorted(zip(days, labels, strict=True), reverse=True):
        half = drawing.length(label) / 2
        right = min(room.at(day) + half, drawing.WIDTH)
        if right <= free:
            chosen.insert(0, day)
            free = right - 2 * half - drawing.LETTER
    return chosen
