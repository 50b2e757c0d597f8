"""How often each of many may do something, counted in the memory of this process (law, but for its own counts).

For what is asked often and costs little each time: a count in the database would cost more than the answer. Of rare
and dear things throttle.py keeps one count for all processes.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock

#: Whoever is counted beyond that takes the place of whoever was counted longest ago.
MOST_COUNTED = 10_000


class Pace:
    """So many times in so many seconds for each key: all at once, or spread out (GCRA)."""

    def __init__(self, *, times: int, per_seconds: float, most: int = MOST_COUNTED) -> None:
        self._span, self._each = timedelta(seconds=per_seconds), timedelta(seconds=per_seconds / times)
        self._most, self._lock = most, Lock()
        self._full_until: OrderedDict[Hashable, datetime] = OrderedDict()

    def wait(self, key: Hashable, now: datetime) -> float:
        """Use one and say 0, or use nothing and say for how many seconds to wait."""
        with self._lock:
            # A clock that was put back makes nobody wait for longer than the whole span.
            begins = min(max(self._full_until.get(key, now), now), now + self._span)
            too_soon = begins + self._each - (now + self._span)
            if too_soon > timedelta(0):
                return too_soon.total_seconds()
            self._full_until[key] = begins + self._each
            self._full_until.move_to_end(key)
            if len(self._full_until) > self._most:
                self._full_until.popitem(last=False)
            return 0.0
