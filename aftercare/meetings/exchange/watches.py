"""How long a connection may take in all, however it is spent: on the headers, on what goes before, or on the list."""

import socket
import ssl
import threading
from contextlib import suppress
from typing import Any

from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection


class Watch:
    """Breaks off what takes too long in all: who drips a letter now and then never runs into a time-out."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._lock, self._timer = threading.Lock(), threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def keep_an_eye_on(self, opened: socket.socket) -> None:
        """Watch a connection, in place of the one before."""
        with self._lock:
            self._socket = opened
            self._cut()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            self._cut()

    def _cut(self) -> None:
        if self.is_over and self._socket is not None:
            # Past TLS, which would wait for an answer, or take its state from under whoever reads.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Connection(HTTPSConnection):
    def __init__(self, host: str, *, watch: Watch, **more: Any) -> None:
        super().__init__(host, **more)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, ssl.SSLSocket):
            # Where nobody says how long a list is, its end counts only with the farewell of TLS (RFC 8446, 6.1):
            # without it, whoever cuts the wire would decide what is in the list.
            self.sock.suppress_ragged_eofs = False  # type: ignore[attr-defined]  # typeshed knows it in __init__ only
        if self.sock is not None:
            self._watch.keep_an_eye_on(self.sock)


class Pool(HTTPSConnectionPool):
    """The way to one site, under a watch."""

    ConnectionCls = _Connection
