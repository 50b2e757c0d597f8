import pytest

from aftercare.reports.chart_ring import AROUND, Ring, draw, rows_of
from aftercare.reports.drawing import Rows, Words
from tests.reports.pictures import pieces, written

WORDS = Words("Rolls that are final", "Three of four rolls are final.", "")


def ring(value, whole, said="3"):
    return Ring(WORDS, ("What", "How many"), value, whole, said)


def filled(value, whole):
    return [
        float(piece.get("stroke-dasharray").split()[0]) / AROUND
        for piece in pieces(draw(ring(value, whole), name="rolls"), "ring-fill")
    ]


@pytest.mark.parametrize(
    ("value", "whole", "part"),
    [(1, 4, [0.25]), (4, 4, [1]), (9, 4, [1]), (0, 4, []), (0, 0, []), (3, 0, []), (None, 4, [])],
)
def test_a_ring_is_filled_as_far_as_it_goes(value, whole, part):
    assert filled(value, whole) == pytest.approx(part, abs=0.001)


def test_what_stands_inside_finds_room():
    sizes = [
        piece.get("font-size")
        for said in ("3", "100 %")
        for piece in pieces(draw(ring(3, 4, said), name="rolls"), "ring-words")
    ]

    assert sizes == ["32", "20"]
    assert written(draw(ring(3, 4, "75 %"), name="rolls"), "ring-words") == ["75 %"]


def test_the_row_says_what_the_ring_says():
    assert rows_of(ring(3, 4, "3 of 4")) == Rows(("What", "How many"), (("Rolls that are final", "3 of 4"),))
