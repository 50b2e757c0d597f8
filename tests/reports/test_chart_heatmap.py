import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.reports.chart_heatmap import Heatmap, Week, draw, level, rows_of
from aftercare.reports.drawing import Rows, Words
from tests.reports.pictures import SVG, opened, pieces, told, written

WORDS = Words("Busy days", "A square for each day.", "No visits yet.")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def heatmap(*weeks):
    of = [Week(f"W{number}", days, f"M{number}") for number, days in enumerate(weeks, 1)]
    return Heatmap(WORDS, of, DAYS, "Week", lambda value: "hidden" if value is None else str(value), ("less", "more"))


def drawn(*weeks):
    return draw(heatmap(*weeks), name="days")


def test_each_day_tells_its_week_its_name_and_its_number():
    assert told(drawn([0, 4]), "heat4") == ["W1, Tue: 4", None]
    assert told(drawn([0, 4]), "heat0") == ["W1, Mon: 0", None]


def test_days_to_come_are_left_off_and_hidden_ones_stand_hollow():
    markup = drawn([1] * 7, [1, None])

    assert told(markup, "hollow") == ["W2, Tue: hidden"]
    assert len(told(markup, "heat4")) == 8 + 1


def test_rows_say_what_the_squares_say_and_leave_days_to_come_empty():
    assert rows_of(heatmap([1, 2, None])) == Rows(("Week", *DAYS), (("W1", "1", "2", "hidden", "", "", "", ""),))


@pytest.mark.parametrize(
    ("value", "highest", "dark"),
    [(0, 0, 0), (0, 8, 0), (1, 8, 1), (2, 8, 1), (3, 8, 2), (6, 8, 3), (7, 8, 4), (8, 8, 4), (1, 1, 4), (1, 10**15, 1)],
)
def test_a_square_is_as_dark_as_its_share_of_the_most(value, highest, dark):
    assert level(value, highest) == dark


@given(st.lists(st.floats(0, 1e15), min_size=2))
def test_more_is_never_lighter(values):
    darkness = [level(value, max(values)) for value in sorted(values)]

    assert darkness == sorted(darkness)
    assert set(darkness) <= set(range(5))


def test_half_a_year_fits_a_phone_and_a_whole_year_is_scrolled_by_keyboard():
    half, whole = (opened(drawn(*[[1] * 7] * weeks)) for weeks in (26, 53))

    assert half.tag == f"{SVG}svg"
    assert half.get("viewBox").split()[2] == "320"
    assert (whole.tag, whole.get("tabindex"), whole.get("role")) == ("div", "0", "region")
    assert whole.get("aria-labelledby") == "days-title"


def test_headings_stand_only_where_the_one_before_leaves_room():
    headings = [words for words in written(drawn(*[[1]] * 26)) if words.startswith("M") and words != "Mon"]

    assert headings[:3] == ["M1", "M4", "M7"]


def test_a_heatmap_of_nothing_says_so():
    assert written(drawn()) == ["No visits yet."]
    assert pieces(drawn(), "heat0") == []
