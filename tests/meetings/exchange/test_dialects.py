import io
import json

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import dialects
from aftercare.meetings.exchange.dialects import open_list, read
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.meetings.exchange.feeds import row

FEED = FeedDefaults()
GUIDE = json.dumps([row()]).encode()
SHEET = b"Name,Day,Time,Timezone,Address\nPorch,1,19:00,America/Denver,9 Hook Lane\n"


class Pipe(io.BytesIO):
    def seekable(self):
        return False


@pytest.mark.parametrize(("content", "dialect"), [(GUIDE, "meeting-guide"), (b"\xef\xbb\xbf" + SHEET, "csv")])
def test_a_list_is_recognised_by_its_first_letters(content, dialect):
    opened = open_list(content, feed=FEED)

    assert (opened.dialect, len(list(opened.listings()))) == (dialect, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"hello", "This is no meeting list that we can read"),
        (b"<!doctype html><html>", "This is a web page, not a meeting list"),
        (b"PK\x03\x04xl/workbook", "The file is compressed"),
        (b'[{"slug": "a"', "The list is not valid JSON"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(Invalid, match=sentence):
        read(content, feed=FEED)


def test_a_dialect_that_is_named_is_taken_at_its_word():
    with pytest.raises(Invalid, match="does not name the columns"):
        read(GUIDE, dialect="csv", feed=FEED)
    with pytest.raises(Invalid, match="There is no dialect latin"):
        read(GUIDE, dialect="latin", feed=FEED)


def test_a_list_can_be_read_again_from_its_beginning():
    opened = open_list(io.BytesIO(json.dumps([row(), row()]).encode()), feed=FEED)

    first = (list(opened.listings()), opened.rows, opened.report)
    assert (list(opened.listings()), opened.rows, opened.report) == first
    assert [finding.kind for finding in opened.report] == ["slug_repeated"]


def test_a_list_may_come_through_a_pipe():
    assert len(read(Pipe(SHEET), feed=FEED).listings) == 1


def test_every_dialect_can_be_asked_for_by_name():
    assert ("auto", *dialects.DIALECTS) == dialects.NAMES
