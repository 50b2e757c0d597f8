"""A wire to PostgreSQL that can be cut: before a commit reaches it, or before its answer comes back."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy.engine import URL, make_url

_COMMIT = b"COMMIT\x00"
_MOST = 65_536


class Proxy:
    """Passes everything on, until it is told which commits to cut."""

    def __init__(self, database_url: str) -> None:
        self._there = make_url(database_url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._commits = 0
        self._cuts: dict[int, bool] = {}
        self.is_armed = False
        self.done = 0

    @property
    def url(self) -> str:
        """Give the address of the database by way of the proxy; in the clear, so that commits can be seen."""
        here: URL = self._there.set(host="127.0.0.1", port=self._listener.getsockname()[1])
        return here.update_query_dict({"sslmode": "disable"}).render_as_string(hide_password=False)

    def cut(self, nth: int, *, committed: bool) -> None:
        """Cut the wire at the nth commit once we are armed; `committed` says whether the database still hears it."""
        self._cuts[nth] = committed

    def arm(self, _moment: str, _who: str) -> bool:
        """Cut from now on: who is just starting may fail, who sends may not. A watch of the carrier's requests."""
        self.is_armed = True
        return True

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((self._there.host or "127.0.0.1", self._there.port or 5432))
                for source, goal, is_asking in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass_on, args=(source, goal, is_asking), daemon=True).start()

    def _pass_on(self, source: socket.socket, goal: socket.socket, is_asking: bool) -> None:
        with suppress(OSError):
            while heard := source.recv(_MOST):
                fate = self._fate(heard) if is_asking else None
                if fate is not None:
                    self._cut(source, goal, heard if fate else b"")
                    return
                goal.sendall(heard)
        for end in (source, goal):
            _hang_up(end)

    def _fate(self, heard: bytes) -> bool | None:
        if not self.is_armed or _COMMIT not in heard:
            return None
        with self._lock:
            self._commits += 1
            return self._cuts.get(self._commits)

    def _cut(self, near: socket.socket, far: socket.socket, last: bytes) -> None:
        """Hang up on the one who asks first, so that no answer gets through."""
        _hang_up(near)
        if last:
            far.sendall(last)
            # An orderly end: the database reads what was said before it.
            with suppress(OSError):
                far.shutdown(socket.SHUT_WR)
        else:
            _hang_up(far)
        self.done += 1


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
