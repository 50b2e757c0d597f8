"""Where the page tests find a browser: the system's, else the one that Playwright fetched."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Give the system's browser for `launch(executable_path=...)`; None lets Playwright take its own."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def fetched() -> bool:
    """Tell whether Playwright has fetched a browser of its own."""
    caches = (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
    return any(list(Path(cache).expanduser().glob("chromium*-*")) for cache in caches if cache)


if __name__ == "__main__":
    sys.exit(0 if find() or fetched() else 1)
