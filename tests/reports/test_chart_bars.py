from aftercare.reports.chart_bars import Bar, Bars, draw, rows_of
from aftercare.reports.drawing import Rows, Words
from tests.reports.pictures import heights, pieces, told, written

WORDS = Words("Visits each week", "Bars of visits.", "No visits yet.")


def bars(*values, **more):
    of = [Bar(f"W{week}", value, "hidden" if value is None else str(value)) for week, value in enumerate(values, 1)]
    return Bars(WORDS, ("Week", "Visits"), of, "{:.0f}".format, **more)


def drawn(*values, **more):
    return draw(bars(*values, **more), name="visits")


def test_a_bar_is_as_high_as_its_number():
    assert heights(drawn(10, 5, 0), "pillar") == [146, 73, 0]


def test_each_bar_tells_its_label_and_its_number():
    assert told(drawn(10, 5), "pillar") == ["W1: 10", "W2: 5"]


def test_rows_say_what_the_bars_say():
    assert rows_of(bars(10, None)) == Rows(("Week", "Visits"), (("W1", "10"), ("W2", "hidden")))


def test_a_hidden_number_is_a_hollow_bar_that_shows_no_height():
    assert heights(drawn(10, None), "pillar") == [146]
    assert heights(drawn(10, None), "hollow") == heights(drawn(900, None), "hollow")
    assert told(drawn(10, None), "hollow") == ["W2: hidden"]


def test_numbers_stand_over_the_bars_only_where_all_find_room():
    assert written(drawn(10, None, 7), "count") == ["10", "7"]
    assert written(drawn(*[10_000] * 40), "count") == []


def test_labels_that_find_no_room_are_left_out_but_never_the_last():
    labels = [words for words in written(drawn(*[10] * 52)) if words.startswith("W")]

    assert labels == [f"W{week}" for week in range(4, 53, 6)]


def test_the_top_of_a_scale_can_be_set():
    assert heights(drawn(5, most=10), "pillar") == [73]


def test_a_span_reaches_from_its_low_to_its_high():
    one = Bar("W1", 5, "5", low=2.5, high=10)
    [span] = pieces(draw(Bars(WORDS, ("", ""), [one], str), name="visits"), "span")

    assert "26V135.5" in span.get("d")


def test_bars_of_nothing_say_so():
    assert written(drawn()) == ["No visits yet."]
