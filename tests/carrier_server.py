"""The doors of the fake carrier: Twilio's own, and some to steer it by."""

import base64
import json
import socket
import struct
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests import carrier_records
from tests.carrier_wire import Fault

if TYPE_CHECKING:
    from tests.carrier import FakeCarrier

_GARBAGE = b"<html><body>upstream says hello</body></html>"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    carrier: "FakeCarrier"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet when somebody hangs up on us: that is what some tests do."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet an answer, at once: else Nagle's algorithm adds 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    @property
    def carrier(self) -> "FakeCarrier":
        return self.server.carrier

    def do_GET(self) -> None:
        """Answer a look at the list, or at our own books."""
        address = urlsplit(self.path)
        if address.path == "/_sent":
            return self._answer(200, [text.shown() | {"form": text.form} for text in list(self.carrier.sent)])
        if address.path == "/_asked":
            return self._answer(200, list(self.carrier.asked))
        if carrier_records.is_record("GET", address.path):
            return self._show_record(address.path, address.query, {})
        if not self._is_account("/Messages.json", address.path) or not self._goes_on("list-arrived"):
            return None
        fault = self.carrier.next_fault(self.carrier.list_faults)
        if fault:
            return self._meet(fault, {})
        return self._list(parse_qs(address.query))

    def do_POST(self) -> None:
        """Answer a request to send, or steer the carrier."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path.startswith("/_"):
            return self._steer(self.path, json.loads(raw or "null"))
        form = dict(parse_qsl(raw, keep_blank_values=True))
        if carrier_records.is_record("POST", urlsplit(self.path).path):
            return self._show_record(urlsplit(self.path).path, "", form)
        self.carrier.asked.append(form)
        time.sleep(self.carrier.latency)
        if not self._is_account("/Messages.json", urlsplit(self.path).path) or not self._goes_on("arrived"):
            return None
        fault = self.carrier.next_fault(self.carrier.faults)
        if fault:
            return self._meet(fault, form)
        code = self.carrier.refusal(form)
        if code:
            return self._refuse(400, code)
        text = self.carrier.take(form)
        return self._answer(201, text.shown()) if self._goes_on("accepted") else None

    def log_message(self, format: str, *parts: Any) -> None:
        """Keep quiet."""

    def _show_record(self, path: str, query: str, form: dict[str, str]) -> None:
        found = carrier_records.answer(self.carrier, path, query, form) if self._is_ours() else carrier_records.NOT_OURS
        if isinstance(found, Fault):
            return self._meet(found, {})
        return self._answer(*found)

    def _is_ours(self) -> bool:
        given = base64.b64encode(f"{self.carrier.account}:{self.carrier.token}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {given}"

    def _is_account(self, ending: str, path: str) -> bool:
        if not self._is_ours():
            self._refuse(401, 20003)
        elif "/" + path.partition("/2010-04-01/")[2] != f"/Accounts/{self.carrier.account}{ending}":
            self._refuse(404, 20404)
        else:
            return True
        return False

    def _goes_on(self, moment: str) -> bool:
        """Tell whoever watches how far this request is; they may want us to hang up. The path begins with who asks."""
        who = self.path.partition("/2010-04-01/")[0].strip("/")
        if self.carrier.watch is None or self.carrier.watch(moment, who):
            return True
        self.close_connection = True
        return False

    def _list(self, query: dict[str, list[str]]) -> None:
        size, page = int(query.get("PageSize", ["50"])[0]), int(query.get("Page", ["0"])[0])
        found = self.carrier.list_for(query)
        shown = [text.shown() for text in found[page * size : (page + 1) * size]]
        rest = urlencode({name: values[0] for name, values in query.items()} | {"Page": str(page + 1)})
        more = f"{urlsplit(self.path).path}?{rest}" if len(found) > (page + 1) * size else None
        self._answer(200, {"messages": shown, "page": page, "page_size": size, "next_page_uri": more, "uri": self.path})

    def _meet(self, fault: Fault, form: dict[str, str]) -> None:
        text = self.carrier.take(form) if fault.accepts else None
        if text is not None and fault.kind in ("half", "drip"):
            self._trickle(json.dumps(text.shown()).encode(), fault)
        elif fault.kind == "hang":
            self.carrier.stopping.wait(fault.value or self.carrier.hang_seconds)
            self.close_connection = True
        elif fault.kind == "reset":
            # A linger of zero makes the close a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif fault.kind == "garbage":
            self._write(fault.value or 200, _GARBAGE, {"Content-Type": "text/html"})
        elif fault.kind == "code":
            self._refuse(400, fault.value)
        elif fault.kind == "429":
            self._refuse(429, 20429, {"Retry-After": str(fault.value)} if fault.value else {})
        else:
            self._refuse(int(fault.kind), fault.value or None)

    def _trickle(self, body: bytes, fault: Fault) -> None:
        """Answer with half of it and hang up, or drop by drop over so many seconds."""
        self._begin(201, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        size, end = (len(body) // 2, 1) if fault.kind == "half" else (16, len(body))
        drops = [body[n : n + size] for n in range(0, end, size)]
        for drop in drops:
            self.wfile.write(drop)
            self.wfile.flush()
            self.carrier.stopping.wait(fault.value / len(drops))
        self.close_connection = True

    def _steer(self, path: str, wish: Any) -> None:
        if path == "/_next":
            self.carrier.next(*wish)
        elif path == "/_outcomes":
            self.carrier.outcomes.update({number: (status, code) for number, (status, code) in wish.items()})
        elif path == "/_inbound":
            more = {name: value for name, value in wish.items() if name not in ("url", "from", "body")}
            status = self.carrier.inbound(wish["body"], url=wish["url"], sender=wish["from"], **more)
            return self._answer(200, {"status": status})
        elif path == "/_forget":
            self.carrier.forget()
        return self._answer(200, {})

    def _refuse(self, status: int, code: int | None, headers: Mapping[str, str] | None = None) -> None:
        told = {"message": "The fake carrier refuses.", "status": status}
        told |= {"code": code, "more_info": f"https://www.twilio.com/docs/errors/{code}"} if code else {}
        self._answer(status, told, headers)

    def _answer(self, status: int, told: Any, headers: Mapping[str, str] | None = None) -> None:
        self._write(status, json.dumps(told).encode(), {"Content-Type": "application/json"} | dict(headers or {}))

    def _write(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._begin(status, {**headers, "Content-Length": str(len(body))})
        watched = self.carrier.watch is not None and "/2010-04-01/" in self.path
        if watched:
            listing = "list-" if self.command == "GET" else ""
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if not self._goes_on(f"{listing}half"):
                return
            body = body[len(body) // 2 :]
        self.wfile.write(body)
        self.wfile.flush()
        if watched:
            self._goes_on(f"{listing}answered")

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
