"""What a scenario found: texts lost, doubled, sent after STOP or too late, in doubt, or not as the carrier says."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Self

from aftercare.messaging.states import State
from tests.crash.ledger import Taken

#: How long after the commit of a STOP, or after the end of its use, a text that is on its way may reach the carrier.
MARGIN = timedelta(seconds=5)
AT_CARRIER = frozenset({State.ACCEPTED, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED})
IN_DOUBT = frozenset({State.SENDING, State.UNKNOWN})


@dataclass(frozen=True)
class Row:
    """A message as the database has it at the end."""

    id: uuid.UUID
    state: State
    sid: str | None
    reason: str | None
    useful_until: datetime


@dataclass(frozen=True)
class Wish:
    """What is to become of a text: it is sent, unless its reader stopped the texts, or the carrier refuses it."""

    must_go: bool = True
    stopped_at: datetime | None = None


@dataclass
class Findings:
    """The texts of a scenario by what went wrong with them; `sent` counts those that the carrier took.

    `missed` are scenes that were played in vain: nothing went wrong, and nothing is proven.
    """

    sent: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    after_stop: list[str] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, rows: Iterable[Row], wishes: Mapping[uuid.UUID, Wish], books: Mapping[uuid.UUID, Sequence[Taken]]
    ) -> Self:
        """Compare the rows with the wishes and with the carrier's books."""
        found = cls()
        for row in rows:
            found._look_at(row, wishes[row.id], books.get(row.id, ()))
        return found

    @property
    def faults(self) -> list[str]:
        """List everything that went wrong, a line each."""
        kinds = [each.name for each in fields(self) if each.name not in ("sent", "missed")]
        return [f"{kind}: {what}" for kind in kinds for what in getattr(self, kind)]

    def add(self, other: Self) -> None:
        """Take in what another scenario found."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def _look_at(self, row: Row, wish: Wish, taken: Sequence[Taken]) -> None:
        told = f"{row.state} ({row.reason}), taken {len(taken)} times, {row.id}"
        self.sent += bool(taken)
        if not taken and wish.must_go:
            self.lost.append(told)
        if len(taken) > 1:
            self.doubled.append(told)
        if wish.stopped_at is not None and any(each.at > wish.stopped_at + MARGIN for each in taken):
            self.after_stop.append(told)
        if any(each.at > row.useful_until + MARGIN for each in taken):
            self.too_late.append(told)
        if row.state in IN_DOUBT:
            self.in_doubt.append(told)
        elif not _agrees(row, taken):
            self.untrue.append(told)


def _agrees(row: Row, taken: Sequence[Taken]) -> bool:
    if not taken:
        return row.state not in AT_CARRIER or (row.state is State.FAILED and row.sid is None)
    return row.state in AT_CARRIER and row.sid in {each.sid for each in taken}
