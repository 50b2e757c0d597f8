"""Somebody who reads a table that left, knows how it was cut, and tries to find the hidden numbers."""

from itertools import product
from math import inf

from aftercare.reports.disclosure import Guarded


def whole(table: Guarded):
    """Lay out a table with its totals as the last row and column."""
    lines = [[*line, total] for line, total in zip(table.cells, table.rows, strict=True)]
    return [*lines, [*table.columns, table.total]]


def sums(height, width):
    """List what adds up: the places of all parts, then the place of their total."""
    rows = [[(row, column) for column in range(width)] for row in range(height)]
    return [*rows, *[[(row, column) for row in range(height)] for column in range(width)]]


def solved(table: Guarded):
    """Say between what each hidden number must lie: each sum narrows its parts until nothing moves any more.

    What is hidden is a person or more, for nobody is always told.
    """
    lines = whole(table)
    told = {(row, column): count for row, line in enumerate(lines) for column, count in enumerate(line)}
    within = {place: (1, inf) if count is None else (count, count) for place, count in told.items()}
    before = None
    while within != before:
        before = dict(within)
        for *parts, total in sums(len(lines), len(lines[0])):
            _narrow(within, parts, total)
    return {place: within[place] for place, count in told.items() if count is None}


def _narrow(within, parts, total):
    low, high = within[total]
    within[total] = max(low, sum(within[part][0] for part in parts)), min(high, sum(within[part][1] for part in parts))
    for part in parts:
        others = [within[other] for other in parts if other != part]
        low, high = within[part]
        least = within[total][0] - sum(top for _, top in others)
        within[part] = max(low, least), min(high, within[total][1] - sum(bottom for bottom, _ in others))


def has_twin(counts, table: Guarded, place, more):
    """Tell whether another table reads just the same and has so many more in one hidden place.

    Row by row, each hidden number is left, raised or lowered; what matters of the rows so far is how each column moved.
    """
    lines, last_row, last_column = whole(table), len(counts), len(counts[0])
    moved = {(0,) * last_column}
    for row, line in enumerate(counts):
        choices = [(0, more, -more) if told is None else (0,) for told in lines[row][:-1]]
        moves = [
            move
            for move in product(*choices)
            if all(not step or count + step >= 1 for count, step in zip(line, move, strict=True))
            and _fits(lines[row][-1], sum(line), sum(move))
            and (place[0] != row or (*move, sum(move))[place[1]] == more)
        ]
        moved = {tuple(map(sum, zip(state, move, strict=True))) for state in moved for move in moves}
    columns = [sum(column) for column in zip(*counts, strict=True)]
    return any(
        all(map(_fits, lines[-1], (*columns, sum(columns)), (*state, sum(state))))
        and (place[0] != last_row or (*state, sum(state))[place[1]] == more)
        for state in moved
    )


def _fits(told, total, step):
    return step == 0 if told is not None else total + step >= 1
