import json

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide import read
from tests.meetings.exchange.feeds import row

ONE = json.dumps([row()])


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(content, feed=FeedDefaults())
    return refused.value.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"[]", "The list is empty: it holds no meetings."),
        (b'"text"', "This is a single value, not a list of meetings."),
        (b"null", "This is a single value, not a list of meetings."),
        (b'{"error": "401"}', 'This is one object, not a list of meetings; it holds "error".'),
        (b"\x1f\x8b\x08", "The file is compressed; unpack it first."),
        (b"hello", "The list is not valid JSON (line 1): expecting value."),
        (
            ONE.encode() + b"\n\n invalid text",
            'The list is not valid JSON after row 1 (line 3): "invalid text" does not belong there.',
        ),
        (
            f"{ONE[:-1]},\n{{'slug': 1}}]".encode(),
            "The list is not valid JSON after row 1 (line 2): expecting property name enclosed in double quotes.",
        ),
        (
            ONE[:-1].encode() + b', {"slug": "x"',
            "The list is not valid JSON after row 1 (line 1): it ends in the middle.",
        ),
        (b"[" * 100_000, "The list is nested too deeply to be a meeting list."),
        (b'[{"a":' * 100_000, "The list is nested too deeply to be a meeting list."),
        (
            b'{"meetings": [], "formats": []}',
            "This is a BMLT list, not Meeting Guide JSON; read it as bmlt.",
        ),
        (b'[{"id_bigint": "1"}]', "This is a BMLT list, not Meeting Guide JSON; read it as bmlt."),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content, sentence):
    assert refusal(content) == sentence


def test_a_challenge_page_is_recognised():
    assert refusal(b"<!DOCTYPE html><html><title>Just a moment...</title>").startswith("This is a web page, not a")


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-8"])
def test_byte_order_marks_do_not_matter(mark):
    assert len(read(ONE.encode(mark), feed=FeedDefaults()).listings) == 1


def test_a_list_in_windows_letters_is_read_and_said():
    result = read(ONE.replace("Porch", "Café").encode("cp1252"), feed=FeedDefaults())

    assert result.listings[0].name == "Café Group"
    assert [f.kind for f in result.report] == ["encoding"]


def test_nesting_inside_a_field_costs_only_the_field():
    deep = json.dumps([row(notes="@", day="@")]).replace('"@"', "[" * 400 + "]" * 400)

    assert [f.kind for f in read(deep.encode(), feed=FeedDefaults()).refused] == ["day_unknown"]
