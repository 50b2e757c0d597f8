"""A carrier that keeps books: what it took, when, and of which message; and that tells how far each request is."""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aftercare.core import clock
from aftercare.messaging.references import Reference
from tests.carrier import FakeCarrier
from tests.carrier_wire import Text

_REFERENCE = re.compile(r"[?&]m=([^&]+)")


@dataclass(frozen=True)
class Taken:
    """One text as the carrier took it: of which message, and when by the clock that people live by."""

    message_id: uuid.UUID
    sid: str
    at: datetime


class Ledger(FakeCarrier):
    """The books are never closed: what was taken stands there also when the carrier's list shows nothing."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.books: dict[uuid.UUID, list[Taken]] = defaultdict(list)
        self.untold: list[tuple[Text, Mapping[str, str]]] = []

    def take(self, form: dict[str, str]) -> Text:
        """Take a text, and enter it in the books."""
        at = clock.now()
        text = super().take(form)
        match = _REFERENCE.search(form.get("StatusCallback", ""))
        reference = Reference.read(match[1]) if match else None
        if reference is not None:
            with self._lock:
                self.books[reference.id].append(Taken(reference.id, text.sid, at))
        return text

    def tell(self, text: Text, form: Mapping[str, str]) -> int:
        """Call back about a text; what nobody took is told again later (`tell_again`)."""
        answer = super().tell(text, form)
        if not 200 <= answer < 300:
            self.untold.append((text, form))
        return answer

    def tell_again(self) -> None:
        """Tell all that could not be told, as a carrier does whose calls were not answered."""
        self.settle()
        waiting, self.untold = self.untold, []
        for text, form in waiting:
            self.tell(text, form)

    def be_kind(self) -> None:
        """Take everything from now on, quickly, and tell nothing."""
        self.watch, self.latency, self.callbacks = None, 0.0, "off"
        self.faults.clear()
        self.list_faults.clear()
        self.settle()

    def grow_older(self, seconds: float) -> None:
        """Let all that was taken be so much longer ago on the list."""
        for text in list(self.sent):
            text.created_at -= timedelta(seconds=seconds)

    @contextmanager
    def watched(self, watch: Callable[[str, str], bool]) -> Iterator[None]:
        """Let somebody watch every request, and say whether it goes on."""
        self.watch = watch
        try:
            yield
        finally:
            self.watch = None
