import pytest

from tests.meetings.exchange.feeds import kinds, listing, reading, row


def codes(said, **defaults):
    return [code for _, code in reading(row(types=said), **defaults).listings[0].types]


@pytest.mark.parametrize(
    "said",
    [
        ["O", "D"],
        ["o", "d"],
        "O,D",
        "O, D",
        "[open], discussion",
        '["O","D"]',
        ["Open", "Discussion"],
        ["Abierta", "DISCUSIÓN"],
        ["O", None, "D", ""],
        ["O", "D", "O"],
        ["O", "D", "ONL", "active", "in-person"],
        ["O", "XYZ", "D"],
    ],
)
def test_types_of_every_dialect_are_read(said):
    assert codes(said) == ["O", "D"]


@pytest.mark.parametrize(
    ("said", "read_as"), [("ASBI", ["ABSI"]), ("Sign Language", ["ASL"]), ("Speaker/Discussion", ["SP", "D"])]
)
def test_common_slips_are_mended_and_said(said, read_as):
    assert codes([said]) == read_as
    assert kinds(reading(row(types=[said])))[0] in ("type_misspelt", "type_read")


def test_an_unknown_code_is_left_out_and_said():
    result = reading(row(types=["O", "XYZ"]))

    assert [(f.kind, f.value) for f in result.report] == [("type_unknown", "XYZ")]


def test_open_and_closed_is_closed():
    result = reading(row(types=["O", "C"]))

    assert (result.listings[0].is_open, result.listings[0].types) == (False, (("aa", "C"),))
    assert kinds(result) == ["open_and_closed"]


@pytest.mark.parametrize(("said", "is_open"), [(["O"], True), (["C"], False), (["D"], None), ([], None), (None, None)])
def test_openness_is_what_the_list_says(said, is_open):
    assert listing(types=said).is_open is is_open


@pytest.mark.parametrize("said", ["ONL", "onl", "Online"])
def test_the_online_mark_is_an_attendance_and_no_type(said):
    result = reading(row(types=["O", said], formatted_address="Juniper Falls, CO, USA"))

    assert (result.listings[0].attendance, result.listings[0].types) == ("online", (("aa", "O"),))
    assert kinds(result) == ["online_marked"]


def test_a_code_means_what_its_fellowship_says():
    assert listing(types=["S"]).languages == ("es",)
    assert reading(row(types=["S"]), fellowship="aca").listings[0].languages == ()
    assert codes(["BEG", "JFT"], fellowship="na") == ["BEG", "JFT"]
    assert codes(["Parents of Alcoholics"], fellowship="al-anon") == ["POA"]


@pytest.mark.parametrize("said", [5, {"a": 1}, [["O"]], [{}], [True]])
def test_types_that_are_none_cost_nothing_else(said):
    result = reading(row(types=said))

    assert result.listings[0].types == ()
    assert kinds(result) == ["not_text"]
