"""What the service says of itself: lines for people or for programs, with ids and states, never names or numbers."""

import traceback

import structlog


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
    """Say which lines a crash went through. Its message is left out: it may hold what somebody typed."""
    frames = traceback.extract_tb(trouble.__traceback__)
    return [f"{frame.filename.rpartition('aftercare/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
