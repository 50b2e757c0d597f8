"""A public calendar while it is written: entries one after the other, until calendar programs could take no more."""

from collections.abc import Sequence

from aftercare.calendars import ics

# Google stops reading at about 1,000 events or 1 MB; a phone on a slow network stops earlier.
MOST_EVENTS = 1000
MOST_BYTES = 200_000
# What the opening and the clocks of many zones may take of that.
OPENING = 12_000


class Sheet:
    """Entries and their bytes, as many as there is room for."""

    def __init__(self, host: str) -> None:
        self.host, self.left = host, MOST_BYTES - OPENING
        self._entries: list[ics.Entry] = []
        self._written: list[bytes] = []

    @property
    def last(self) -> ics.Entry | None:
        """Give what was added last."""
        return self._entries[-1] if self._entries else None

    def add(self, entries: Sequence[ics.Entry]) -> bool:
        """Add entries that belong together, all or none; say whether there was room."""
        written = [ics.fragment(entry, self.host) for entry in entries]
        size = sum(map(len, written))
        if size > self.left or len(self._written) + len(written) > MOST_EVENTS:
            return False
        self.left -= size
        self._entries += entries
        self._written += written
        return True

    def write(self, *, name: str, source_url: str, description: str = "") -> bytes:
        """Write what was added."""
        calendar = ics.Calendar(
            name=name, host=self.host, entries=self._entries, description=description, source_url=source_url
        )
        return ics.assemble(ics.header(calendar), self._written)
