"""What may leave the organisation: no number of 1 to 10 people, nor what gives one away (product.md section 6).

Nobody and 11 or more may be told; whatever counts 1 to 10 is hidden, totals too (the cell size suppression policy of
the US Centers for Medicare and Medicaid Services). Where a total and its other parts would give a hidden number away,
further numbers are hidden, as few people's as can be. What remains leaves each hidden small number open by at least 10:
it could as well be 11 or more, so nobody can tell that it is small, nor that hidden numbers together are.

Which further numbers are hidden also hangs on a secret of the organisation: with a fixed rule somebody who knows it
could try which table would have been cut just so.

This holds for one table with its totals. Two tables of the same people, or one table twice with a few days between,
can be set against each other; whoever builds a report cuts it one way only.
"""

import hmac
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from aftercare.reports.rates import Rate

LEAST = 11
Place = tuple[int, int]


@dataclass(frozen=True)
class Guarded:
    """A table that may leave, with its totals; None is hidden."""

    cells: tuple[tuple[int | None, ...], ...]
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    total: int | None


def may_leave(*counts: int) -> bool:
    """Tell whether numbers of people may be told outside: nobody, or 11 and more."""
    return all(count == 0 or count >= LEAST for count in counts)


def rate_may_leave(rate: Rate) -> bool:
    """Tell whether a rate may be told outside: with its percentage, all the counts behind it can be worked out."""
    others = rate.known - rate.numerator
    return may_leave(rate.numerator, others, rate.unknown, rate.known, rate.denominator)


def guard_falling(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Hide what may not leave of a number that only falls: people still followed, from one day asked to the next.

    A number stays if it may leave and the fall from the last one that stayed may leave as well.
    """
    if list(counts) != sorted(counts, reverse=True):
        raise ValueError("People still followed only grow fewer.")
    told: list[int | None] = []
    last: int | None = None
    for count in counts:
        is_told = may_leave(count) and (last is None or may_leave(last - count))
        last = count if is_told else last
        told.append(count if is_told else None)
    return tuple(told)


def guard_row(counts: Sequence[int], *, key: bytes) -> tuple[tuple[int | None, ...], int | None]:
    """Hide what may not leave of some numbers and their total."""
    guarded = guard([counts], key=key)
    return guarded.cells[0], guarded.rows[0]


def guard(counts: Sequence[Sequence[int]], *, key: bytes) -> Guarded:
    """Hide what may not leave of a table, and what would give it away together with the totals."""
    grid = _with_totals(counts)
    prices = _prices(grid, key)
    hidden = {place for place in prices if not may_leave(_at(grid, place))}
    for small in sorted(hidden):
        hidden |= _cover(grid, prices | dict.fromkeys(hidden, 0.0), small)
    told = [
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(grid)
    ]
    inside = tuple(line[:-1] for line in told[:-1])
    return Guarded(inside, tuple(line[-1] for line in told[:-1]), told[-1][:-1], told[-1][-1])


def _with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    widths = {len(line) for line in counts}
    if len(widths) > 1 or any(count < 0 for line in counts for count in line):
        raise ValueError("A table has rows of one length, and numbers of people.")
    lines = [[*line, sum(line)] for line in counts]
    return [*lines, [sum(column) for column in zip(*lines, strict=True)] or [0]]


def _prices(grid: list[list[int]], key: bytes) -> dict[Place, float]:
    """Weigh what is lost by hiding a number: its people, by chance up to twice as much, and a total more than all.

    The same table is always weighed the same, so that asking again shows no more.
    """
    chance = random.Random(hmac.digest(key, b"hidden beside small numbers:" + repr(grid).encode(), "sha256"))
    whole, last_row, last_column = grid[-1][-1], len(grid) - 1, len(grid[0]) - 1
    return {
        (row, column): count * chance.uniform(1, 2) + 2 * whole * ((row == last_row) + (column == last_column))
        for row, line in enumerate(grid)
        for column, count in enumerate(line)
    }


def _cover(grid: list[list[int]], prices: dict[Place, float], small: Place) -> set[Place]:
    """Find the numbers that must be hidden so that a small one could be 10 more and all totals still add up.

    Ten more here is ten fewer in another number of the row, or ten more in its total; that one is put right in its
    column, and so on, until the way comes back to the row it began in: a circle through rows and columns (Gusfield
    1988). The cheapest is taken by Dijkstra's way; what is hidden already costs nothing. One always exists, over the
    three totals that the number is part of.
    """
    start, goal = ("column", small[1]), ("row", small[0])
    queue: list[tuple[float, tuple[str, int], tuple[Place, ...]]] = [(0.0, start, ())]
    done = set()
    while queue:
        cost, at, way = heappop(queue)
        if at == goal:
            return set(way)
        if at in done:
            continue
        done.add(at)
        for place, onward in _steps(grid, at, small):
            if onward not in done:
                heappush(queue, (cost + prices[place], onward, (*way, place)))
    raise AssertionError("The way over the totals is always open.")


def _steps(grid: list[list[int]], at: tuple[str, int], small: Place) -> Iterator[tuple[Place, tuple[str, int]]]:
    kind, number = at
    if kind == "column":
        ways = [((row, number), ("row", row), -1) for row in range(len(grid))]
    else:
        ways = [((number, column), ("column", column), +1) for column in range(len(grid[0]))]
    # The small number itself leads nowhere: it would have to shrink, and is too small for that.
    for place, onward, turn in ways:
        grows = turn * _sign(grid, place) * _sign(grid, small) > 0
        if _is_open(_at(grid, place), grows=grows):
            yield place, onward


def _is_open(count: int, *, grows: bool) -> bool:
    """Tell whether a number, once hidden, could be 10 more or fewer. Nobody is always told, so hidden is 1 or more."""
    return count > 0 if grows else count >= LEAST


def _sign(grid: list[list[int]], place: Place) -> int:
    """Say on which side of its sums a number stands: a row or column total stands against its parts."""
    is_total = (place[0] == len(grid) - 1) != (place[1] == len(grid[0]) - 1)
    return -1 if is_total else 1


def _at(grid: list[list[int]], place: Place) -> int:
    return grid[place[0]][place[1]]
