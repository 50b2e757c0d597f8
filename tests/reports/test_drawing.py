import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from aftercare.reports import chart_bars, chart_curve, chart_heatmap, chart_ring, chart_spark, drawing
from aftercare.reports.chart_bars import Bar, Bars
from aftercare.reports.chart_curve import Group, Retention, Said
from aftercare.reports.chart_heatmap import Heatmap, Week
from aftercare.reports.chart_ring import Ring
from aftercare.reports.chart_spark import Moment, Spark
from aftercare.reports.drawing import Words
from aftercare.reports.retention import Stay, curve_of
from tests.house.source import ROOT
from tests.reports.pictures import HARD, SVG, opened, pieces

WORDS = Words(HARD, HARD + " told", HARD)
FEW = [Stay(day, ended=day % 2 == 0) for day in range(30)]
SAID = Said(str, str, "{}-{}".format, str, HARD)
NUMBERS = {
    "none": [],
    "one": [3],
    "nothing": [0, 0, 0],
    "hidden": [None, 4, None],
    "huge": [1, 10**18],
    "many": [7] * 120,
}


def charts(values):
    """Draw every kind of chart of some numbers."""
    bars = Bars(WORDS, (HARD, HARD), [Bar(HARD, value, HARD) for value in values], str)
    spans = Bars(WORDS, (HARD, HARD), [Bar(HARD, value, HARD, 0, 5) for value in values], str)
    weeks = [Week(HARD, [value] * 7, HARD) for value in values]
    heatmap = Heatmap(WORDS, weeks, [HARD] * 7, HARD, str, (HARD, HARD))
    spark = Spark(WORDS, (HARD, HARD), [Moment(HARD, value, HARD) for value in values])
    curve = curve_of(FEW if values else [])
    retention = Retention(WORDS, (HARD,) * 5, [Group(HARD, curve)] * 2, (0, 7, 30), HARD, SAID)
    return [
        (chart_bars, bars),
        (chart_bars, spans),
        (chart_heatmap, heatmap),
        (chart_spark, spark),
        (chart_curve, retention),
        *((chart_ring, Ring(WORDS, (HARD, HARD), value, 5, HARD)) for value in values[:3]),
    ]


def drawn(values):
    return [kind.draw(chart, name="visits") for kind, chart in charts(values)]


all_numbers = pytest.mark.parametrize("values", NUMBERS.values(), ids=NUMBERS)


@all_numbers
def test_every_chart_is_well_formed_and_says_its_words_as_they_are(values):
    for markup in drawn(values):
        picture = next(opened(markup).iter(f"{SVG}svg"))
        title, words = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")

        assert picture.get("role") == "img"
        assert (title.text, words.text) == (HARD, HARD + " told")
        assert picture.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}" == "visits-title visits-words"


@all_numbers
def test_no_chart_needs_what_the_strictest_policy_forbids(values):
    forbidden = {"style", "script", "foreignObject", "image", "use", "a"}
    for markup in drawn(values):
        for piece in opened(markup).iter():
            assert piece.tag.removeprefix(SVG) not in forbidden
            assert not [name for name in piece.attrib if name == "style" or name.startswith("on") or "href" in name]


@all_numbers
def test_every_number_of_a_picture_is_one_that_browsers_read(values):
    for markup in drawn(values):
        for piece in opened(markup).iter():
            for name in ("x", "y", "width", "height", "cx", "cy", "r", "d", "viewBox"):
                assert not re.search(r"nan|inf|e[+-]?\d", piece.get(name, ""))
            assert not piece.get("width", "").startswith("-")
            assert not piece.get("height", "").startswith("-")


@all_numbers
def test_rows_are_as_wide_as_their_head(values):
    for kind, chart in charts(values):
        rows = kind.rows_of(chart)

        assert {len(row) for row in rows.body} <= {len(rows.head)}


@pytest.mark.parametrize("impossible", [-1, float("nan"), float("inf"), -0.001, 1e19])
def test_what_no_chart_can_show_is_refused(impossible):
    for kind, chart in charts([1, impossible]):
        if kind is chart_curve:
            continue
        if kind is chart_ring and chart.value == 1:
            continue
        with pytest.raises(ValueError, match="from nothing up"):
            kind.draw(chart, name="visits")


@pytest.mark.parametrize("name", ["", "Visits", "a b", '"><b>', "1a", "é"])
def test_an_id_that_could_break_a_page_is_refused(name):
    for kind, chart in charts([1]):
        with pytest.raises(ValueError, match="small letters"):
            kind.draw(chart, name=name)


def test_every_class_of_a_picture_is_in_the_stylesheet():
    styles = (ROOT / "aftercare/static/aftercare.css").read_text(encoding="utf-8")
    classes = {
        name
        for values in NUMBERS.values()
        for markup in drawn(values)
        for piece in opened(markup).iter()
        for name in piece.get("class", "").split()
    }

    assert {name for name in classes if not re.search(rf"\.{name}\b", styles)} == set()


@given(st.floats(0, 1e15), st.booleans())
def test_a_scale_is_even_and_reaches_just_over_the_highest(highest, whole):
    scale = drawing.scale(highest, whole=whole)
    steps = [upper - lower for lower, upper in pairwise(scale)]

    assert scale[0] == 0
    assert 1 <= len(steps) <= 5
    assert scale[-1] >= highest * (1 - 1e-9)
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert all(value.is_integer() for value in scale) or not whole


@pytest.mark.parametrize(
    ("highest", "whole", "scale"),
    [
        (0, True, [0, 1]),
        (1, True, [0, 1]),
        (3, True, [0, 1, 2, 3]),
        (6, True, [0, 2, 4, 6]),
        (44, True, [0, 10, 20, 30, 40, 50]),
        (120, True, [0, 25, 50, 75, 100, 125]),
        (1, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_a_scale_has_round_numbers(highest, whole, scale):
    assert drawing.scale(highest, whole=whole) == pytest.approx(scale)


def test_numbers_are_written_to_a_tenth():
    assert [drawing.number(value) for value in (0, -0.01, 3, 3.04, 3.05001, 250.0, -7.25)] == [
        "0",
        "0",
        "3",
        "3",
        "3.1",
        "250",
        "-7.2",
    ]


@pytest.mark.parametrize(("x", "place"), [(5, ("0", "start")), (160, ("160", "middle")), (315, ("320", "end"))])
def test_words_at_an_edge_stay_inside(x, place):
    [words] = pieces(Markup("<svg >{}</svg>").format(drawing.placed(x, 20, "Nov 23", left=0, right=320)), "label")

    assert (words.get("x"), words.get("text-anchor")) == place


def test_words_too_long_are_shortened_and_others_left():
    assert (drawing.fitted("Reminders", 80), drawing.fitted("Reminders by text", 80)) == ("Reminders", "Reminders…")
