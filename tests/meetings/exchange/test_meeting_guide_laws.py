import json

from hypothesis import given
from hypothesis import strategies as st

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide import PRIVATE_FIELDS, READ_FIELDS, Reading, read
from tests.meetings.exchange.feeds import DENVER, row

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
likely = st.sampled_from(
    [
        "",
        " ",
        "7:30 PM",
        "Monday",
        "O,C",
        "https://[",
        "<b",
        "&#0;",
        "&amp;lt;br&amp;gt;",
        "-07:00",
        "CA",
        "\ud800",
        "İ<script",
    ]
)
values = (
    scalars
    | likely
    | st.lists(scalars | likely, max_size=4)
    | st.dictionaries(st.text(max_size=3), scalars, max_size=2)
)
fields = st.dictionaries(
    st.sampled_from(sorted(READ_FIELDS | PRIVATE_FIELDS)) | st.text(max_size=5) | st.just("\ud800"), values, max_size=12
)
rows = st.lists(fields.map(lambda odd: {**row(), **odd}) | fields | values, min_size=1, max_size=5)


@given(rows, st.sampled_from([None, DENVER]), st.booleans())
def test_whatever_stands_in_a_row_it_is_a_listing_or_refused_once(rows, zone, keep):
    feed = FeedDefaults(zone=zone, keep_contacts=keep, keep_edit_links=keep)
    result = read(json.dumps(rows).encode(), feed=feed)

    assert result.rows == len(result.listings) + len(result.refused) == len(rows)
    for listing in result.listings:
        assert bool(listing.weekdays) is (listing.start is not None)
        assert listing.zone is not None or listing.is_by_appointment
        assert len(listing.fingerprint) == 32
        f"{listing.slug}{listing.name}{listing.notes}{listing.url}".encode()
    "".join(f"{each.field}{each.value}{each.sentence}" for each in result.report).encode()


@given(st.binary(max_size=200) | st.text(alphabet='[]{},:"1a \n', max_size=60).map(str.encode))
def test_whatever_the_bytes_are_the_answer_is_a_reading_or_a_sentence(content):
    answer = answer_to(content)

    if isinstance(answer, str):
        assert answer.endswith(".")
        assert "\n" not in answer
    else:
        assert answer.rows == len(answer.listings) + len(answer.refused)


def answer_to(content: bytes) -> Reading | str:
    try:
        return read(content, feed=FeedDefaults())
    except Invalid as refused:
        return refused.sentence
