"""What a proof of attendance says, to the byte: the fields that its patient chose (product.md 6; docs/proofs.md).

The bytes are a text that people can read and any program can check: one field a line, always in this order, in UTF-8
(NFC), each line ended by a line feed. They are what is printed, what is shown at /p/<code>, and what is signed. The
first line names the format; it never changes without another number.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FORMAT = "aftercare proof 1"
ALWAYS = ("code", "key", "issued", "expires")

#: What no printed line holds: controls, what is not seen or turns the line around, halves, and other ends of a line.
_UNPRINTED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
#: Some scripts cannot be written without these two.
_JOINERS = "\u200c\u200d"


class Field(StrEnum):
    """What a patient may choose to have said, in the order of the lines."""

    ORGANISATION = "organisation"
    NAME = "name"
    PERIOD = "period"
    VISITS = "visits"
    MINUTES = "minutes"
    ASSURANCE = "assurance"
    VISIT = "visit"


#: These have as many lines as are needed: how visits are known, and each visit.
SEVERAL = frozenset({Field.ASSURANCE, Field.VISIT})
#: Who says any of these says how it is known too.
OF_VISITS = frozenset({Field.VISITS, Field.MINUTES, Field.VISIT})


class State(StrEnum):
    """What whoever verifies a proof is told."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Statement:
    """A proof: its code as printed, the id of the key that signs it, its first and last day, and the chosen lines."""

    code: str
    key_id: str
    issued_on: date
    expires_on: date
    lines: tuple[tuple[Field, str], ...] = ()

    def __post_init__(self) -> None:
        fields = [field for field, _ in self.lines]
        once = [field for field in fields if field not in SEVERAL]
        if any(
            value != tidy(value) or not value for value in (self.code, self.key_id, *[line[1] for line in self.lines])
        ):
            raise ValueError("A line holds words, and nothing that cannot be printed.")
        if fields != sorted(fields, key=list(Field).index) or len(once) != len(set(once)):
            raise ValueError("The lines of a proof have one order, and most of them stand once.")
        if OF_VISITS.intersection(fields) and Field.ASSURANCE not in fields:
            raise ValueError("A proof of visits says how they are known.")


def tidy(value: str) -> str:
    """Write a value as a line holds it: composed letters, single spaces, nothing that cannot be printed."""
    spaced = " ".join(value.split())
    kept = "".join(each for each in spaced if each in _JOINERS or unicodedata.category(each) not in _UNPRINTED)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def bytes_of(statement: Statement) -> bytes:
    """Write a statement as the bytes that are signed."""
    always = (statement.code, statement.key_id, statement.issued_on.isoformat(), statement.expires_on.isoformat())
    fields = [*zip(ALWAYS, always, strict=True), *statement.lines]
    return "".join(f"{line}\n" for line in (FORMAT, *(f"{name}: {value}" for name, value in fields))).encode()


def read(content: bytes) -> Statement:
    """Read a statement from its bytes. Raises ValueError for any byte that `bytes_of` would not write."""
    first, *lines = content.decode().split("\n")
    fields = [line.split(": ", 1) for line in lines[:-1]]
    if first != FORMAT or lines[-1:] != [""] or any(len(field) != 2 for field in fields):
        raise ValueError("This is no statement of a proof.")
    if tuple(field[0] for field in fields[: len(ALWAYS)]) != ALWAYS:
        raise ValueError(f"A proof begins with {', '.join(ALWAYS)}.")
    (_, code), (_, key_id), (_, issued), (_, expires) = fields[: len(ALWAYS)]
    chosen = tuple((Field(name), value) for name, value in fields[len(ALWAYS) :])
    statement = Statement(code, key_id, date.fromisoformat(issued), date.fromisoformat(expires), chosen)
    if bytes_of(statement) != content:
        raise ValueError("This is not how a proof is written.")
    return statement


def state_of(statement: Statement, *, is_withdrawn: bool, today: date) -> State:
    """Say what becomes of a proof: its patient's word first; the day it expires on is still good."""
    if is_withdrawn:
        return State.WITHDRAWN
    return State.EXPIRED if today > statement.expires_on else State.VALID
