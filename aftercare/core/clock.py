"""The only place that reads the time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_held: datetime | None = None
_offset_file: Path | None = None
_offset_seen: tuple[int, float] = (-1, 0.0)


def now() -> datetime:
    """Say the time, aware, in UTC."""
    if _held is not None:
        return _held
    moment = datetime.now(UTC)
    return moment + timedelta(seconds=_offset()) if _offset_file else moment


def today(zone: str) -> date:
    """Say the date in an IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def monotonic() -> float:
    """Say seconds that only ever grow, for measuring how long something took."""
    return time.monotonic()


def follow(offset_file: Path | None) -> None:
    """Shift the clock by the seconds written in a file: the demo's movable clock, and nothing else."""
    global _offset_file, _offset_seen
    _offset_file, _offset_seen = offset_file, (-1, 0.0)


def push(seconds: float) -> None:
    """Move the demo's clock on; every process that follows the same file sees it."""
    if _offset_file is None:
        raise RuntimeError("Only a followed clock can be moved.")
    shifted = _offset() + seconds
    draft = _offset_file.with_suffix(".new")
    draft.write_text(repr(shifted))
    draft.replace(_offset_file)


@contextmanager
def held(at: datetime) -> Iterator[None]:
    """Hold the clock still, for tests."""
    global _held
    before, _held = _held, at
    try:
        yield
    finally:
        _held = before


def _offset() -> float:
    global _offset_seen
    assert _offset_file is not None
    try:
        stamp = _offset_file.stat().st_mtime_ns
        if stamp != _offset_seen[0]:
            _offset_seen = (stamp, float(_offset_file.read_text() or 0))
    except (FileNotFoundError, ValueError):
        return 0.0
    return _offset_seen[1]
