"""A site in TLS that serves lists, with a certificate of its own authority, on a port of this machine."""

import gzip
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aftercare.meetings.exchange.fetching import Fetcher

HOST = "lists.example.org"


class ListSite:
    """Answers each path as the test says; remembers what was asked."""

    def __init__(self, folder):
        self.answers, self.drips, self.asked, self.polite = {}, {}, [], set()
        self.authority = _certificate(folder)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path="/list.json", host=HOST):
        return f"https://{host}:{self.port}{path}"

    def answer(self, path="/list.json", body=b"[]", status=200, wait=0.0, **headers):
        self.answers[path] = (status, body, {name.replace("_", "-"): said for name, said in headers.items()}, wait)

    def answer_packed(self, path="/list.json", body=b"[]", **headers):
        self.answer(path, gzip.compress(body), **{"Content_Encoding": "gzip"} | headers)

    def drip(self, path, begin, more):
        """Begin to answer, and go on a little at a time for as long as anybody listens."""
        self.drips[path] = (begin, more)

    def fetcher(self, **given):
        """Give a fetcher to which every name is this site, and this machine is the open internet."""
        trust = ssl.create_default_context(cafile=str(self.authority))
        plain: dict[str, Any] = {
            "resolve": lambda *_: ["127.0.0.1"], "allows": lambda address: address == "127.0.0.1",
            "context": trust, "ports": frozenset({443, self.port}),
        }  # fmt: skip
        return Fetcher(**plain | given)


def _handler(site):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append((self.path, dict(self.headers)))
            if self.path in site.drips:
                self.drip(*site.drips[self.path])
                return
            status, body, headers, wait = site.answers.get(self.path, (404, b"", {}, 0.0))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            if not status:
                return
            self.send_response(status)
            for name, said in ({"Content-Length": str(len(body))} | headers).items():
                if said:
                    self.send_header(name, said)
            self.end_headers()
            try:
                self.wfile.write(body[:1])
                self.wfile.flush()
                time.sleep(wait)
                self.wfile.write(body[1:])
                if self.path in site.polite:
                    self.request.unwrap()
            except OSError:
                return

        def drip(self, begin, more):
            with suppress(OSError):
                self.wfile.write(begin)
                while True:
                    self.wfile.write(more)
                    time.sleep(0.02)

        def log_message(self, *_):
            return

    return Handler


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "site.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
