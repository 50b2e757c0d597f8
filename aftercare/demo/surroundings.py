"""What the demo runs on: a folder of its own, keys made once, a clock that can be moved."""

import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from aftercare.core import clock
from aftercare.core.crypto import new_key

ZONE = "America/Denver"
#: The demo begins in the afternoon: tonight's group is ahead, and texts may leave.
BEGINS = time(16, 0)
#: What the demo keeps in its folder; a fresh start removes these files and nothing else.
OURS = ("settings.env", "clock*", "demo.sqlite*")


def prepare(folder: Path, *, port: int, is_fresh: bool) -> dict[str, str]:
    """Make the folder and its settings if they are not there; give the environment of the demo's processes."""
    if is_fresh:
        for pattern in OURS:
            for kept in folder.glob(pattern):
                kept.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "settings.env"
    if not kept.exists():
        _write_private(kept, _first_settings(folder))
    if not (folder / "clock").exists():
        (folder / "clock").write_text(repr(seconds_to_afternoon(clock.now())))
    return _environment(folder, kept, port)


def seconds_to_afternoon(now: datetime) -> float:
    """Say by how many seconds to shift the clock, so that the demo begins at four in the afternoon."""
    local = now.astimezone(ZoneInfo(ZONE))
    afternoon = datetime.combine(local.date(), BEGINS, ZoneInfo(ZONE)).astimezone(UTC)
    return (afternoon - now).total_seconds()


def _first_settings(folder: Path) -> str:
    database = os.environ.get("AFTERCARE_DATABASE_URL") or f"sqlite:///{(folder / 'demo.sqlite').as_posix()}"
    lines: Mapping[str, str] = {
        "AFTERCARE_DATABASE_URL": database,
        "AFTERCARE_SECRET_KEY": secrets.token_urlsafe(32),
        "AFTERCARE_ENCRYPTION_KEYS": new_key(1),
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _environment(folder: Path, kept: Path, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERCARE_", "TWILIO_"))}
    return ours | {
        "AFTERCARE_ENV_FILE": str(kept),
        "AFTERCARE_BASE_URL": f"http://127.0.0.1:{port}",
        "AFTERCARE_SMS": "simulator",
        "AFTERCARE_DEMO": "1",
        "AFTERCARE_DEMO_CLOCK": str(folder / "clock"),
    }


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
