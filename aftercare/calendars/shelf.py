"""What a web process keeps in memory: the last bytes of each feed, with what was known of them, newest first."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, Protocol, TypeVar

MOST_BYTES = 16_000_000
#: About what a kept thing takes beside its bytes.
BESIDE = 1_000


class Sized(Protocol):
    """What has a size."""

    @property
    def size(self) -> int:
        """Say how many bytes it holds."""


Kept = TypeVar("Kept", bound=Sized)


class Shelf(Generic[Kept]):
    """Things by a key, up to a number of bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._held, self._lock = most_bytes, 0, Lock()
        self._things: OrderedDict[object, Kept] = OrderedDict()

    def find(self, key: object) -> Kept | None:
        """Give the thing of a key, or None."""
        with self._lock:
            thing = self._things.get(key)
            if thing is not None:
                self._things.move_to_end(key)
            return thing

    def put(self, key: object, thing: Kept) -> None:
        """Keep a thing, in place of the one its key had."""
        with self._lock:
            self._take(key)
            self._things[key] = thing
            self._held += thing.size + BESIDE
            while self._held > self._most:
                self._take(next(iter(self._things)))

    def drop(self, key: object) -> None:
        """Forget the thing of a key."""
        with self._lock:
            self._take(key)

    def _take(self, key: object) -> None:
        taken = self._things.pop(key, None)
        self._held -= taken.size + BESIDE if taken else 0
