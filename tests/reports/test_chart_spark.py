from aftercare.reports.chart_spark import Moment, Spark, draw, rows_of
from aftercare.reports.drawing import Rows, Words
from tests.reports.pictures import pieces

WORDS = Words("Visits", "Visits went up.", "")


def spark(*values):
    of = [Moment(f"W{week}", value, "hidden" if value is None else str(value)) for week, value in enumerate(values, 1)]
    return Spark(WORDS, ("Week", "Visits"), of)


def lines(*values):
    return [piece.get("d") for piece in pieces(draw(spark(*values), name="visits"), "spark-line")]


def dots(*values):
    return [
        (piece.get("cx"), piece.get("cy"), piece.get("r"))
        for piece in pieces(draw(spark(*values), name="visits"), "spark-dot")
    ]


def test_a_line_runs_from_the_first_number_to_the_last_and_ends_in_a_dot():
    assert lines(0, 5, 10) == ["M3,21L48,12L93,3"]
    assert dots(0, 5, 10) == [("93", "3", "3")]


def test_what_is_not_known_leaves_a_gap():
    assert lines(1, 1, None, 1, 1) == ["M3,3L25.5,3", "M70.5,3L93,3"]


def test_a_number_between_two_gaps_is_a_small_dot():
    assert dots(1, 1, None, 1, None, 1, 1) == [("48", "3", "2"), ("93", "3", "3")]


def test_nothing_at_all_times_is_a_line_at_the_bottom():
    assert lines(0, 0) == ["M3,21L93,21"]


def test_one_number_is_a_dot_and_none_an_empty_space():
    assert (lines(4), dots(4)[-1]) == ([], ("93", "3", "3"))
    assert (lines(), dots(), dots(None)) == ([], [], [])


def test_rows_say_what_the_line_says():
    assert rows_of(spark(1, None)) == Rows(("Week", "Visits"), (("W1", "1"), ("W2", "hidden")))
