import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from aftercare.messaging.wire import Broken, Wire, is_misaddressed

ADA = ("AC1", "token")


class Listener(ThreadingHTTPServer):
    """Remembers what it was asked, and over which lines."""

    asked: list[Any]
    lines: set[Any]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.asked.append((self.path, self.rfile.read(length), self.headers["Authorization"]))
        self.server.lines.add(self.client_address)
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(autouse=True)
def _without_a_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@contextmanager
def listening():
    server = Listener(("127.0.0.1", 0), Handler)
    server.asked, server.lines = [], set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def address_of(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


def wire_to(address):
    return Wire(address, connections=2, timeout=(20, 20))


def ask(wire):
    return wire.ask("POST", "/texts", form={"To": "+1303 é"}, headers={}, account=ADA)


def test_a_form_arrives_with_the_account():
    with listening() as server:
        answer = ask(wire_to(address_of(server) + "/"))

    assert (answer.status, answer.data) == (201, b"{}")
    assert server.asked == [("/texts", b"To=%2B1303+%C3%A9", "Basic QUMxOnRva2Vu")]


def test_connections_are_kept():
    with listening() as server:
        wire = wire_to(address_of(server))
        for _ in range(3):
            ask(wire)

    assert (len(server.asked), len(server.lines)) == (3, 1)


def test_below_a_path_of_the_address_too():
    with listening() as server:
        ask(wire_to(address_of(server) + "/twilio/"))

    assert [path for path, *_ in server.asked] == ["/twilio/texts"]


def test_a_proxy_of_the_environment_is_asked_for_the_whole_address(monkeypatch):
    with listening() as proxy:
        monkeypatch.setenv("http_proxy", address_of(proxy))
        ask(wire_to("http://texts.example.org/api"))

    assert [path for path, *_ in proxy.asked] == ["http://texts.example.org/api/texts"]


def test_no_proxy_is_asked_for_those_that_need_none(monkeypatch):
    with listening() as proxy, listening() as server:
        monkeypatch.setenv("http_proxy", address_of(proxy))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        ask(wire_to(address_of(server)))

    assert (len(proxy.asked), len(server.asked)) == (0, 1)


def test_certificates_that_are_not_there_are_a_wrong_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))

    with pytest.raises(Broken) as trouble:
        ask(wire_to("https://127.0.0.1:9"))

    assert is_misaddressed(trouble.value)
