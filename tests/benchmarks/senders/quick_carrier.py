"""A carrier that takes every text after a fixed time, and is too quick to be what is measured.

It stands alone (standard library only) and answers as Twilio does; how it is asked what it saw is no part of Twilio:
POST /_begin?latency=0.1 starts afresh, GET /_seen gives counts and times, GET /_numbers whom texts went to.
"""

import asyncio
import json
import re
import time
from urllib.parse import parse_qs

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NUMBER = re.compile(rb"(?:^|&)To=([^&]*)")
_TAKEN = {
    "account_sid": "AC" + "0" * 32, "api_version": "2010-04-01", "body": "Reminder: Tue Dec 1, 6:00 PM.",
    "date_created": "Mon, 23 Nov 2026 16:00:00 +0000", "date_sent": None,
    "date_updated": "Mon, 23 Nov 2026 16:00:00 +0000", "direction": "outbound-api", "error_code": None,
    "error_message": None, "from": None, "messaging_service_sid": "MG" + "0" * 32, "num_media": "0",
    "num_segments": "1", "price": None, "price_unit": "USD", "sid": "SM%032x", "status": "accepted",
    "subresource_uris": {"media": "/2010-04-01/Accounts/AC/Messages/SM/Media.json"}, "to": "+13035550100",
    "uri": "/2010-04-01/Accounts/AC/Messages/SM.json",
}  # fmt: skip
_ANSWER = json.dumps(_TAKEN).encode()
_HEAD = (
    b"HTTP/1.1 %s\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: %d\r\n"
    b"Twilio-Concurrent-Requests: 1\r\nX-Powered-By: AT-5000\r\n\r\n"
)


class Book:
    """What the carrier has seen since it began afresh."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.asked: list[bytes] = []
        self.answered = 0
        self.first = self.last = 0.0

    def note(self, form: bytes) -> int:
        """Write a text down, and say which one it is."""
        if not self.asked:
            self.first = time.monotonic()
        self.asked.append(form)
        return len(self.asked)

    def seen(self) -> dict[str, float]:
        """Say how many texts were answered, from when to when, and what that cost."""
        return {"answered": self.answered, "first": self.first, "last": self.last, "cpu": time.process_time()}

    def numbers(self) -> list[str]:
        """List whom texts went to, as they came."""
        found = (_NUMBER.search(form) for form in self.asked)
        return [match[1].decode() for match in found if match]


book = Book()


class Line(asyncio.Protocol):
    """One connection, kept open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.heard = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request that has come in whole."""
        self.heard += data
        while (end := self.heard.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self.heard, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.heard) < whole:
                return
            head, body, self.heard = self.heard[:end], self.heard[end + 4 : whole], self.heard[whole:]
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        """Take a text, or say what was seen."""
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/_"):
            self.write(b"200 OK", json.dumps(about(path)).encode())
            return
        taken = _ANSWER % book.note(body)
        if book.latency:
            asyncio.get_running_loop().call_later(book.latency, self.take, taken, book)
        else:
            self.take(taken, book)

    def take(self, taken: bytes, book: Book) -> None:
        """Answer that a text was taken."""
        book.answered += 1
        book.last = time.monotonic()
        self.write(b"201 Created", taken)

    def write(self, status: bytes, body: bytes) -> None:
        """Write an answer, unless whoever asked is gone."""
        if not self.transport.is_closing():
            self.transport.write(_HEAD % (status, len(body)) + body)


def about(path: str) -> object:
    """Answer what is no part of Twilio."""
    global book
    name, _, query = path.partition("?")
    if name == "/_begin":
        book = Book(float(parse_qs(query)["latency"][0]))
    return book.numbers() if name == "/_numbers" else book.seen()


async def listen() -> None:
    """Listen until stopped; say where."""
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", 0, backlog=256)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen())
