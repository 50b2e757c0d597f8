from dataclasses import replace

import icalendar
from hypothesis import example, given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from aftercare.calendars import ics
from tests.calendars import content_lines
from tests.calendars.test_ics import DESCRIBED, SINGLE, feed, names

# What breaks lines, values or parsers, and whatever else a person may type between.
BREAKERS = [
    "\r\n",
    "BEGIN:VALARM",
    "\\N",
    *'\\\r\n;,:"nN\t \x00\x0b\x0c\x1c\x1d\x1e\x7f\x85\u2028\u2029\u00e9\U0001f642\ud800',
]
ANY_TEXT = st.lists(st.sampled_from(BREAKERS) | st.text(max_size=3)).map("".join)
EVERY_BREAKER = "a".join(BREAKERS)


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
def test_whatever_is_typed_comes_back_and_adds_no_line(text):
    typed = replace(DESCRIBED, title=text, place=text, description=text, categories=(text, "Open"))
    written = ics.fragment(typed, "meetings.example")
    lines = {line.name: line for line in content_lines.read(written)}
    cleaned = ics.clean(text)

    assert set(names(written)) <= set(names(ics.fragment(DESCRIBED, "meetings.example")))
    assert len(names(written)) == len(set(names(written)))
    for name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
        assert (lines[name].text if name in lines else "") == cleaned
    assert lines["CATEGORIES"].texts == ([cleaned, "Open"] if cleaned else ["Open"])


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
def test_whatever_is_typed_as_an_address_or_an_id_adds_no_line(text):
    typed = replace(DESCRIBED, uid=text, url=text, conference=text)
    written = ics.fragment(typed, text)

    assert set(names(written)) <= set(names(ics.fragment(DESCRIBED, "meetings.example")))
    assert len(names(written)) == len(set(names(written)))


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
def test_whatever_a_calendar_is_called_comes_back_and_adds_no_line(text):
    written = ics.header(ics.Calendar(name=text, host="meetings.example", description=text, source_url=text))
    expected = ics.header(ics.Calendar(name="My week", host="meetings.example", description="a", source_url="b"))
    titles = [line.text for line in content_lines.read(written) if line.name in {"NAME", "X-WR-CALNAME"}]

    assert titles == [ics.clean(text)] * 2
    assert set(names(written)) <= set(names(expected))
    assert len(names(written)) == len(set(names(written)))


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
def test_every_line_ends_in_crlf_alone_and_has_at_most_75_octets_of_whole_characters(text):
    written = feed(replace(DESCRIBED, title=text * 20, url="https://a.example/" + text * 20))

    lines = [line.decode() for line in written.split(b"\r\n")]

    assert written.decode().splitlines() == lines[:-1]
    assert lines[-1] == ""
    assert max(len(line.encode()) for line in lines) <= 75


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
def test_both_engines_read_the_whole_feed_whatever_is_typed(text):
    written = feed(replace(DESCRIBED, title="a" + text, description=text, place=text), SINGLE)
    by_ical = IcsCalendarStream.calendar_from_ics(written.decode())

    assert len(by_ical.events) == len(icalendar.Calendar.from_ical(written).events) == 2


@given(text=ANY_TEXT)
@example(text=EVERY_BREAKER)
@example(text="a, b; c: d\\n e" * 30)
def test_both_engines_give_back_what_was_typed(text):
    typed = "a" + text + "z"
    written = feed(replace(DESCRIBED, title=typed, description=typed, place=typed))
    [by_ical] = IcsCalendarStream.calendar_from_ics(written.decode()).events
    [event] = icalendar.Calendar.from_ical(written).events

    assert {by_ical.summary, by_ical.description, by_ical.location} == {ics.clean(typed)}
    assert {str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")} == {ics.clean(typed)}
