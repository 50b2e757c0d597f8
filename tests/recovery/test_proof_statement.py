from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.proof_statement import SEVERAL, Field, State, Statement, bytes_of, read, state_of, tidy
from tests.unhurried import UNHURRIED

ISSUED = date(2026, 11, 23)
STATEMENT = Statement(
    code="RTW7-67V2-J9VR-527K",
    key_id="21fe31df",
    issued_on=ISSUED,
    expires_on=date(2027, 11, 23),
    lines=(
        (Field.NAME, "Ana Núñez"),
        (Field.VISITS, "2"),
        (Field.ASSURANCE, "1: seen and noted by staff"),
        (Field.ASSURANCE, "1: by their own word"),
        (Field.VISIT, "2026-11-03 18:00"),
        (Field.VISIT, "2026-11-10 18:00"),
    ),
)
WRITTEN = """aftercare proof 1
code: RTW7-67V2-J9VR-527K
key: 21fe31df
issued: 2026-11-23
expires: 2027-11-23
name: Ana Núñez
visits: 2
assurance: 1: seen and noted by staff
assurance: 1: by their own word
visit: 2026-11-03 18:00
visit: 2026-11-10 18:00
""".encode()


def test_a_statement_is_written_one_field_a_line():
    assert bytes_of(STATEMENT) == WRITTEN


def test_a_statement_is_read_as_it_was_written():
    assert read(WRITTEN) == STATEMENT


def test_only_the_fields_that_were_chosen_are_said():
    assert bytes_of(replace(STATEMENT, lines=())).decode().splitlines()[5:] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        WRITTEN[:-1],
        WRITTEN + b"\n",
        WRITTEN.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + WRITTEN,
        WRITTEN.replace(b"proof 1", b"proof 2"),
        WRITTEN.replace(b"visits: 2", b"visits:  2"),
        WRITTEN.replace(b"visits: 2", b"visits:2"),
        WRITTEN.replace(b"visits: 2", b"visits: "),
        WRITTEN.replace(b"visits: 2", b"visits: 2\nvisits: 3"),
        WRITTEN.replace(b"visits: 2", b"visitors: 2"),
        WRITTEN.replace(b"2026-11-23", b"20261123"),
        WRITTEN.replace(b"issued: 2026-11-23\n", b""),
        WRITTEN.replace("ñ".encode(), "n\u0303".encode()),
        WRITTEN.replace("ñ".encode(), b"\xff"),
        WRITTEN.replace(b"Ana", "A\u200bna".encode()),
        WRITTEN.replace(b"Ana", "A\u202ena".encode()),
        b"\n".join(sorted(WRITTEN.split(b"\n"))),
    ],
)
def test_what_is_written_in_any_other_way_is_not_read(content):
    with pytest.raises(ValueError, match=r"\w"):
        read(content)


@pytest.mark.parametrize(
    "lines",
    [
        ((Field.NAME, ""),),
        ((Field.NAME, "Ana\nvisits: 99"),),
        ((Field.NAME, " Ana"),),
        ((Field.NAME, "Ana"), (Field.NAME, "Eva")),
        ((Field.NAME, "Ana"), (Field.ORGANISATION, "Elm Street Center")),
        ((Field.VISITS, "2"),),
        ((Field.MINUTES, "120"),),
        ((Field.VISIT, "2026-11-03"),),
    ],
)
def test_a_statement_that_could_be_misread_cannot_be_made(lines):
    with pytest.raises(ValueError, match=r"\w"):
        replace(STATEMENT, lines=lines)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  Ana \t Núñez\n", "Ana Núñez"),
        ("Nu\u0301n\u0303ez", "Núñez"),
        ("Ana\nvisits: 99", "Ana visits: 99"),
        ("A\u202ena\u200b", "Ana"),
        ("e\u200e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\x00\ud800", ""),
    ],
)
def test_a_value_is_tidied_to_what_a_line_can_hold(value, line):
    assert tidy(value) == line


@pytest.mark.parametrize(
    ("days", "is_withdrawn", "state"),
    [
        (0, False, State.VALID),
        (365, False, State.VALID),
        (366, False, State.EXPIRED),
        (0, True, State.WITHDRAWN),
        (400, True, State.WITHDRAWN),
    ],
)
def test_a_proof_is_valid_to_the_end_of_its_last_day_unless_it_was_withdrawn(days, is_withdrawn, state):
    assert state_of(STATEMENT, is_withdrawn=is_withdrawn, today=ISSUED + timedelta(days=days)) == state


values = st.text(max_size=30).map(tidy).filter(bool)
several = st.tuples(*[st.lists(values, max_size=3 if field in SEVERAL else 1) for field in Field])
KNOWN = (Field.ASSURANCE, "1: by their own word")


def lines_of(chosen):
    lines = [(field, value) for field, given in zip(Field, chosen, strict=True) for value in given] + [KNOWN]
    return tuple(sorted(lines, key=lambda line: list(Field).index(line[0])))


statements = st.builds(
    Statement, values, values, st.dates(date(1000, 1, 1)), st.dates(date(1000, 1, 1)), several.map(lines_of)
)


@UNHURRIED
@given(statements)
def test_every_statement_is_read_as_it_was_written(statement):
    assert read(bytes_of(statement)) == statement


@UNHURRIED
@given(st.text())
def test_what_is_tidy_stays_as_it_is(value):
    assert tidy(tidy(value)) == tidy(value)
