"""What is posted and taken back while something is done: for a change that is made, looked at, and taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from aftercare.messaging.models import Message
from aftercare.people.models import Person

#: A reader, and the text that is for them; None if none may or need go.
Written = tuple[Person, Message | None]


@dataclass
class Seen:
    """Who was to read what, and how many texts were taken back that had not left."""

    texts: list[Written] = field(default_factory=list)
    taken_back: int = 0


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def looking() -> Iterator[Seen]:
    """Give what the outbox is asked for inside."""
    seen = Seen()
    before = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(before)


def note(texts: Sequence[Written] = (), *, taken_back: int = 0) -> None:
    """Tell whoever looks."""
    seen = _seen.get()
    if seen is not None:
        seen.texts.extend(texts)
        seen.taken_back += taken_back
