from datetime import time

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.dialects import read
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.meetings.exchange.feeds import DENVER, kinds

NAMES = "Slug,Name,Day,Time,Timezone,Formatted Address,Types"
PORCH = (
    'porch,Porch Group,Monday,7:00 PM,America/Denver,"77 Copperleaf Way, Juniper Falls, CO 80099, USA","Open, Big Book"'
)


def sheet(*lines: str, encoding: str = "utf-8", **defaults):
    return read("\r\n".join(lines).encode(encoding), dialect="csv", feed=FeedDefaults(**defaults))


def test_a_line_of_words_is_a_meeting_and_nothing_to_report():
    result = sheet(NAMES, PORCH)
    (porch,) = result.listings

    assert (porch.slug, porch.weekdays, porch.start, porch.zone) == ("porch", (0,), time(19), DENVER)
    assert porch.place.address == "77 Copperleaf Way, Juniper Falls, CO 80099, USA"
    assert porch.types == (("aa", "O"), ("aa", "B"))
    assert result.report == []


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_seen(delimiter):
    quoted = [f'"{cell}"' for cell in ("porch", "Porch, the Group", "Monday", "19:00", DENVER, "9 Hook Lane", "Open")]

    assert sheet(NAMES.replace(",", delimiter), delimiter.join(quoted)).listings[0].name == "Porch, the Group"


def test_columns_beyond_all_measure_are_passed_over():
    many = ",".join(f"c{number}" for number in range(600))

    assert [each.slug for each in sheet(f"{NAMES},{many}", PORCH).listings] == ["porch"]


def test_the_first_line_of_excel_names_the_delimiter():
    assert len(sheet("sep=;", NAMES.replace(",", ";"), "a;A;1;19:00;America/Denver;9 Hook Lane;").listings) == 1


def test_a_cell_may_hold_line_breaks_and_quotes():
    result = sheet(f"{NAMES},Notes", PORCH + ',"Ring ""twice"".\r\nSecond floor."')

    assert result.listings[0].notes == 'Ring "twice".\nSecond floor.'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_letters_are_read(encoding):
    assert sheet(NAMES, PORCH.replace("Porch", "Café"), encoding=encoding).listings[0].name == "Café Group"


def test_an_id_is_the_slug_unless_there_are_slugs():
    assert sheet(NAMES.replace("Slug", "ID"), PORCH).listings[0].slug == "porch"
    assert sheet(f"{NAMES},ID", f"{PORCH},17").listings[0].slug == "porch"


def test_regions_are_split_where_they_are_written_as_a_path():
    assert sheet(f"{NAMES},Regions", f"{PORCH},Colorado > Mesa>Juniper Falls").listings[0].place.region == (
        "Colorado",
        "Mesa",
        "Juniper Falls",
    )


def test_one_column_of_addresses_holds_them_whole_and_parts_are_put_together():
    whole = sheet("Name,Day,Time,Timezone,Address", 'A,1,19:00,America/Denver,"9 Hook Lane, Mesa, CO, USA"')
    parts = sheet("Name,Day,Time,Timezone,Address,City,State", "A,1,19:00,America/Denver,9 Hook Lane,Mesa,CO")

    assert whole.listings[0].place.address == "9 Hook Lane, Mesa, CO, USA"
    assert parts.listings[0].place.address == "9 Hook Lane, Mesa, CO"


@pytest.mark.parametrize(
    ("said", "code"), [("Step Meeting", "ST"), ("Temporary Closure", "TC"), ("Outdoor Meeting", "OUT")]
)
def test_names_that_types_once_had_are_read_and_said(said, code):
    result = sheet(NAMES, PORCH.replace("Big Book", said))

    assert ("aa", code) in result.listings[0].types
    assert kinds(result)[:1] == ["type_read"]


def test_a_date_that_lost_its_space_is_read():
    assert (
        str(sheet(f"{NAMES},Updated", f"{PORCH},2020-04-0416:50:58").listings[0].updated)[:19] == "2020-04-04 16:50:58"
    )


def test_one_bad_row_costs_no_other_and_is_named_as_the_list_names_it():
    result = sheet(NAMES.replace("Time,", "Start,"), PORCH.replace("7:00 PM", "late"), PORCH.replace("porch", "lamp"))

    assert [listing.slug for listing in result.listings] == ["lamp"]
    assert [(f.row, f.slug, f.field, f.value, f.kind) for f in result.report] == [
        (1, "porch", "Start", "late", "time_unknown")
    ]


def test_a_cell_beyond_all_reason_costs_its_row():
    result = sheet(NAMES, PORCH.replace("Porch Group", "x" * 1_100_000), PORCH.replace("porch", "lamp"))

    assert [listing.slug for listing in result.listings] == ["lamp"]
    assert [(f.row, f.kind) for f in result.refused] == [(1, "unreadable")]


def test_blank_lines_are_no_rows_and_cells_too_many_are_said():
    result = sheet("", NAMES, ",,,,,,", PORCH + ",and,more", "")

    assert (result.rows, kinds(result)) == (1, ["cells_over"])


def test_columns_that_mean_nothing_or_name_people_are_counted():
    result = sheet(f"{NAMES},Colour,Contact 1 Name,", f"{PORCH},blue,Pat D.,x")

    assert [(f.kind, f.field) for f in result.report] == [
        ("left_out", "Contact 1 Name"),
        ("not_read", "Colour"),
        ("not_read", "column 10"),
    ]


@pytest.mark.parametrize("text", ["Porch,Monday,19:00", "hello"])
def test_a_sheet_without_names_is_refused(text):
    with pytest.raises(Invalid, match="does not name the columns"):
        sheet(text)


@pytest.mark.parametrize("names", [f"{NAMES},{'x' * 1_100_000}", f'{NAMES},"' + "\n" * 1000 + "x" * 1_100_000])
def test_a_line_of_names_beyond_all_reason_is_refused(names):
    with pytest.raises(Invalid, match="The first line, which names the columns, is far too long"):
        sheet(names, PORCH)
