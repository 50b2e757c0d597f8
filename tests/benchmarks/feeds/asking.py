"""A client that asks as fast as it is answered, over connections that stay open."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

END = b"\r\n\r\n"


@dataclass
class Asked:
    """How many answers came, in how many seconds, and how long each took."""

    answers: int = 0
    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Say the answers a second."""
        return self.answers / self.seconds


def request(path: str, headers: Mapping[str, str]) -> bytes:
    """Write a request."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def ask(port: int, asking: bytes, *, status: int, at_once: int, seconds: float) -> Asked:
    """Ask over some connections at once for some seconds; every answer must have the status."""
    connections = [_connect(port) for _ in range(at_once)]
    asked, begun = Asked(), time.perf_counter()
    while (now := time.perf_counter()) - begun < seconds:
        for connection in connections:
            connection.sendall(asking)
        for number, connection in enumerate(connections):
            head = _answer(connection)
            if f" {status} ".encode() not in head[:14]:
                raise RuntimeError(f"Not {status} but {head[:200]!r}")
            asked.each.append(time.perf_counter() - now)
            if head.startswith(b"HTTP/1.0"):
                connection.close()
                connections[number] = _connect(port)
    asked.answers, asked.seconds = len(asked.each), time.perf_counter() - begun
    for connection in connections:
        connection.close()
    return asked


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def _answer(connection: socket.socket) -> bytes:
    received = connection.recv(262_144)
    while END not in received:
        received += _more(connection)
    head, _, body = received.partition(END)
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    left = 0 if b" 304 " in head[:14] else length - len(body)
    while left > 0:
        left -= len(_more(connection))
    return head


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(262_144)
    if not received:
        raise ConnectionError("The server closed the connection.")
    return received
