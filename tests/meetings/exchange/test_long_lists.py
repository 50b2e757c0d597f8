import json
import tracemalloc

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import meeting_guide
from aftercare.meetings.exchange.dialects import open_list
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.meetings.exchange.feeds import kinds, reading, row

ROWS, LETTERS = 1_500, 20_000
MOST_HELD = 8 * 1024 * 1024
LINE = "a-{},Porch,Monday,19:00,America/Denver,9 Hook Lane,{}\n"


@pytest.fixture(params=["meeting-guide", "csv", "bmlt"])
def long_list(request, tmp_path):
    """A list of 30 MB, in a file."""
    file = tmp_path / "list"
    with file.open("w", encoding="utf-8") as out:
        write_rows(out, request.param)
    return request.param, file


def write_rows(out, dialect):
    text = "Bring a cup. " * (LETTERS // 13)
    if dialect == "csv":
        out.write("Slug,Name,Day,Time,Timezone,Address,Notes\n")
        out.writelines(LINE.format(number, text) for number in range(ROWS))
        return
    rows = ((row(notes=text) | {"slug": f"a-{n}"}) for n in range(ROWS))
    if dialect == "bmlt":
        names = {"start_time": "19:00:00", "weekday_tinyint": "2", "time_zone": "America/Denver", "meeting_name": "A"}
        rows = (names | {"id_bigint": str(n), "location_street": "9", "comments": text} for n in range(ROWS))
    for number, each in enumerate(rows):
        out.write((",\n" if number else "[") + json.dumps(each))
    out.write("]")


def test_a_long_list_is_never_held_whole(long_list):
    dialect, file = long_list
    assert file.stat().st_size > 3 * MOST_HELD

    with file.open("rb") as source:
        tracemalloc.start()
        opened = open_list(source, feed=FeedDefaults())
        count = sum(1 for _ in opened.listings())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert (opened.dialect, opened.rows, count) == (dialect, ROWS, ROWS)
    assert peak < MOST_HELD


def test_of_a_long_list_every_refusal_is_told_and_remarks_are_counted(monkeypatch):
    monkeypatch.setattr(meeting_guide, "MOST_REMARKS", 3)
    mended = [row(slug=f"a-{n}", time="7:00 PM") for n in range(5)]
    result = reading(*mended, row(slug="late", time="25:00"), row(slug="later", time="26:00"))

    assert [finding.row for finding in result.refused] == [6, 7]
    assert [(f.row, f.sentence) for f in result.report][:2] == [
        (0, "In 2 rows more, not listed one by one: time read."),
        (1, "The time was read as 19:00."),
    ]
    assert kinds(result).count("time_read") == 3


def test_a_list_of_countless_rows_is_refused():
    with pytest.raises(Invalid, match="more than 300,000 rows"):
        meeting_guide.read(b"[" + b"1," * 300_000 + b"1]", feed=FeedDefaults())
