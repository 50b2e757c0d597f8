import re
from dataclasses import replace

import pytest

from aftercare.reports.chart_curve import LEAST, Group, Retention, Said, draw, rows_of
from aftercare.reports.drawing import Words
from aftercare.reports.retention import Stay, curve_of
from tests.reports.pictures import pieces, written

WORDS = Words("Still coming", "A stair that goes down.", "Nobody was followed yet.")
HEAD = ("Group", "Day", "Share", "Range", "People")
SAID = Said("day {}".format, "{:.0%}".format, "{:.0%} to {:.0%}".format, "{} people".format, "too few")
TEN = [Stay(day, ended=True) for day in (10, 20, 30, 40, 50)] + [Stay(60, ended=False)] * 5


def retention(*stays, days=(0, 30, 60)):
    groups = [Group(f"Group {number}", curve_of(of)) for number, of in enumerate(stays, 1)]
    return Retention(WORDS, HEAD, groups, days, "Still followed", SAID)


def drawn(*stays, **more):
    return draw(retention(*stays, **more), name="curve")


def ways(markup, kind):
    """Give the way of the line in the picture, not of its sample in the key."""
    return max((piece.get("d") for piece in pieces(markup, kind)), key=len)


def test_the_stair_begins_at_all_and_goes_down_a_step_on_each_day_somebody_stops():
    way = ways(drawn(TEN), "stair0")
    steps = [float(y) for y in re.findall(r"V([\d.]+)", way)]

    assert way.startswith("M41.6,26")
    assert steps == [42, 58, 74, 90, 106]
    assert way.endswith("H312")


def test_the_band_is_closed_around_the_stair():
    way = ways(drawn(TEN), "band0")

    assert way.startswith("M41.6,26")
    assert way.endswith("H41.6Z")
    assert way.count("V") == 2 * len(curve_of(TEN).points) + 1


def test_a_line_ends_where_fewer_than_five_were_still_followed():
    few = [Stay(day, ended=False) for day in range(10, 70, 10)]
    half_way = 41.6 + (312 - 41.6) * 20 / 60

    assert ways(drawn(few), "stair0") == f"M41.6,26H{half_way:.1f}"


def test_rows_say_the_share_the_band_and_how_many_it_rests_on():
    assert rows_of(retention(TEN)).body == (
        ("Group 1", "day 0", "100%", "100% to 100%", "10 people"),
        ("Group 1", "day 30", "70%", "33% to 89%", "8 people"),
        ("Group 1", "day 60", "50%", "18% to 75%", "5 people"),
    )


def test_rows_say_nothing_of_fewer_than_five():
    assert rows_of(retention(TEN[1:])).body[-1] == ("Group 1", "day 60", "56%", "20% to 80%", "5 people")
    assert rows_of(retention(TEN[:-1])).body[-1] == ("Group 1", "day 60", "too few", "too few", "too few")


def test_what_leaves_can_ask_for_more_people():
    strict = replace(retention(TEN), least=8)

    assert [row[-1] for row in rows_of(strict).body] == ["10 people", "8 people", "too few"]
    assert ways(draw(strict, name="curve"), "stair0").endswith("V74H176.8")
    assert [words for words in written(draw(strict, name="curve")) if words.startswith("<")] == ["<8"]


def test_people_still_followed_stand_under_the_days():
    markup = written(drawn(TEN, TEN[:-1]))

    assert [words for words in markup if words.endswith("people") or words.startswith("<")] == [
        "10 people",
        "8 people",
        "5 people",
        "9 people",
        "7 people",
        f"<{LEAST}",
    ]


def test_two_curves_differ_by_more_than_colour():
    markup = drawn(TEN, TEN)

    assert {piece.get("stroke-dasharray") for piece in pieces(markup, "stair0")} == {None}
    assert {piece.get("stroke-dasharray") for piece in pieces(markup, "stair1")} == {"6 4"}
    assert {"Group 1", "Group 2"} <= set(written(markup))


def test_days_that_find_no_room_are_left_out_but_never_the_last():
    days = [words for words in written(drawn(TEN, days=tuple(range(61)))) if words.startswith("day")]

    assert days[-1] == "day 60"
    assert 3 < len(days) < 8


def test_a_group_of_fewer_than_five_is_not_drawn():
    assert written(drawn(TEN[:4])) == ["Nobody was followed yet."]
    assert pieces(drawn(TEN[:4], TEN), "stair1") == []


def test_three_curves_and_days_out_of_order_are_refused():
    with pytest.raises(ValueError, match="Two curves"):
        retention(TEN, TEN, TEN)
    for days in ((), (30,), (30, 0), (0, 0), (-1, 30)):
        with pytest.raises(ValueError, match="two days or more"):
            retention(TEN, days=days)
