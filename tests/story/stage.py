"""The stage of the story: a real demo (its own processes, real HTTP) in an empty folder, and browsers before it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

ZONE = ZoneInfo("America/Denver")
PATIENCE = 180.0


class Demo:
    """A running demo."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, port: int) -> None:
        self.process, self.folder, self.port = process, folder, port
        self.base = f"http://127.0.0.1:{port}"
        self.said = self._read_until_ready()

    def link(self, name: str) -> str:
        """Give the sign-in link that the demo printed for somebody."""
        found = re.search(rf"{re.escape(name)}:.*\n\s+(http\S+)", self.said)
        assert found, self.said
        return found[1]

    def now(self) -> datetime:
        """Say what the demo's clock says, in its zone."""
        return datetime.now(ZONE) + timedelta(seconds=self._offset())

    def go_to(self, day: date, hour: int, minute: int = 0) -> None:
        """Move the demo's clock on to a wall time."""
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        shift = (wanted - self.now()).total_seconds()
        assert shift > 0, "The story only goes forward."
        draft = self.folder / "instance" / "demo" / "clock.story"
        draft.write_text(repr(self._offset() + shift))
        draft.replace(self.folder / "instance" / "demo" / "clock")

    def get(self, url: str) -> str:
        """Read a page or feed as a program does."""
        with urlopen(url, timeout=60) as answer:
            return str(answer.read().decode())

    def _offset(self) -> float:
        return float((self.folder / "instance" / "demo" / "clock").read_text())

    def _read_until_ready(self) -> str:
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                return said
        raise AssertionError(f"The demo ended before it was ready:\n{said}")


@contextmanager
def demo(folder: Path, *, database_url: str | None = None) -> Iterator[Demo]:
    """Run a demo in an empty folder; at the end stop it as Ctrl-C does, and see both processes gone."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    environment |= {"AFTERCARE_DATABASE_URL": database_url} if database_url else {}
    process = subprocess.Popen(
        [sys.executable, "-c", "from aftercare.cli import main; main()", "demo", "--port", str(port)],
        cwd=folder,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Demo(process, folder, port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0
    assert not answers(port), "The web process outlived the demo."


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether something listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Somebody:
    """A person of the demo with a browser of their own, signed in by the link that the demo printed."""

    def __init__(self, demo: Demo, context: BrowserContext, name: str) -> None:
        self.demo, self.name, self.page = demo, name, context.new_page()
        self.page.goto(demo.link(name))
        self.page.get_by_role("button", name=f"Sign in as {name}").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def at(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.demo.base + path)
        return self.page


class Phones:
    """The page of simulated phones, looked at by a newcomer."""

    def __init__(self, demo: Demo, context: BrowserContext) -> None:
        self.demo, self.page = demo, context.new_page()

    def texts_of(self, name: str) -> list[str]:
        """Give the texts on somebody's phone, oldest first."""
        self.page.goto(f"{self.demo.base}/phones")
        thread = self.page.get_by_role("region", name=f"Texts of {name}")
        return [str(body) for body in thread.locator("li.bubble:not(.none) p").all_inner_texts()]

    def waits_for(self, name: str, words: str) -> str:
        """Wait until the newest texts on somebody's phone hold some words; give that text."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [text for text in self.texts_of(name) if words in text]
            if found:
                return found[-1]
            time.sleep(0.5)
        raise AssertionError(f"{name} got no text with {words!r}, but: {self.texts_of(name)}")

    def send(self, name: str, body: str) -> None:
        """Write a text as somebody."""
        self.page.goto(f"{self.demo.base}/phones")
        self.page.get_by_label(f"Answer as {name}").fill(body)
        self.page.get_by_role("button", name=f"Send as {name}").click()
