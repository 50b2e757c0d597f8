"""Which edition of the world's time zone rules this process keeps: governments change clocks at short notice."""

import zoneinfo
from functools import lru_cache
from importlib import metadata
from pathlib import Path


@lru_cache(maxsize=1)
def edition() -> str:
    """Give the edition that zoneinfo reads: that of the system where it has one, else that of the package tzdata."""
    return edition_in([Path(each) for each in zoneinfo.TZPATH])


def edition_in(folders: list[Path]) -> str:
    """Give the edition of the first folder that has zones, as zoneinfo looks for them."""
    kept = next((folder for folder in folders if (folder / "Etc" / "UTC").exists()), None)
    if kept is None:
        return metadata.version("tzdata")
    for name in ("tzdata.zi", "+VERSION"):
        source = kept / name
        if source.exists():
            with source.open(encoding="ascii", errors="replace") as lines:
                return lines.readline().removeprefix("# version").strip()
    return "unknown"
