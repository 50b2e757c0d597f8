"""What the service says of itself: lines for people or for programs, with ids and states, never names or numbers."""

import structlog


def configure(form: str) -> None:
    """Write log lines as `text` or as `json`."""
    written = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            written,
        ],
        cache_logger_on_first_use=False,
    )
