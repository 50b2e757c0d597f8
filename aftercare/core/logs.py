"""What the service says of itself: lines for people or for programs, with ids and states, never names or numbers."""

import traceback
from pathlib import Path

import structlog

_PACKAGE = f"{Path(__file__).parent.parent}/"
_LAST = 8


def configure(form: str) -> None:
    """Write log lines as `text` or as `json`."""
    written = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            written,
        ],
        cache_logger_on_first_use=False,
    )


def where(trouble: BaseException) -> list[str]:
    """Say which lines of ours a crash went through. Its message is left out: it may hold what somebody typed."""
    frames = traceback.extract_tb(trouble.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_PACKAGE)]
    return [
        f"{frame.filename.removeprefix(_PACKAGE)}:{frame.lineno} {frame.name}" for frame in (ours or frames)[-_LAST:]
    ]
