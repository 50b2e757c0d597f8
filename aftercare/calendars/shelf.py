"""What a web process keeps in memory: feeds that are no table's, and the last bytes of each, newest first."""

from collections import OrderedDict
from threading import Lock

from aftercare.calendars.bodies import Body

MOST_BYTES = 16_000_000


class Shelf:
    """Bodies by a key, up to a number of bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._held, self._lock = most_bytes, 0, Lock()
        self._bodies: OrderedDict[object, Body] = OrderedDict()

    def find(self, key: object) -> Body | None:
        """Give the body of a key, or None."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: object, body: Body) -> None:
        """Keep a body, in place of the one its key had."""
        with self._lock:
            before = self._bodies.pop(key, None)
            self._bodies[key] = body
            self._held += len(body.zipped) - (len(before.zipped) if before else 0)
            while self._held > self._most:
                _, dropped = self._bodies.popitem(last=False)
                self._held -= len(dropped.zipped)

    def drop(self, key: object) -> None:
        """Forget the body of a key."""
        with self._lock:
            dropped = self._bodies.pop(key, None)
            self._held -= len(dropped.zipped) if dropped else 0
