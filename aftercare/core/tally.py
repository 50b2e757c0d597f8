"""Count what happens too often to be told each time (law, but for its own count)."""

from threading import Lock


class Tally:
    """Counts events, and lets them be told at most once in so many seconds: the first at once, the rest together."""

    def __init__(self, *, every: float) -> None:
        self._every, self._lock = every, Lock()
        self._count, self._told_at = 0, float("-inf")

    def count(self, now: float) -> int:
        """Count one more at a moment; give how many are to be told now, or 0."""
        with self._lock:
            self._count += 1
            if now - self._told_at < self._every:
                return 0
            count, self._count, self._told_at = self._count, 0, now
            return count
