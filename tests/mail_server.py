"""A mail server on 127.0.0.1 that remembers what it took, and misbehaves when told to."""

import socketserver
import threading
from collections import deque
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Taken:
    """One letter that was taken."""

    sender: str
    to: str
    letter: EmailMessage


class _Handler(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        mail = self.server.mail
        if mail.fault("greet") == "hang":
            mail.stopping.wait(30)
            return
        self._say("220 mail.example.org ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper()
            if not self._answer(verb, line.decode("ascii", "replace").strip()):
                return

    def _answer(self, verb: str, line: str) -> bool:
        mail = self.server.mail
        if verb == "DATA":
            return self._take()
        if verb == "MAIL":
            self.sender = line.partition("<")[2].partition(">")[0]
        if verb == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
        fault = mail.fault(verb)
        if fault == "drop":
            return False
        usual = {"QUIT": "221 bye", "EHLO": "250-mail.example.org\r\n250 AUTH PLAIN LOGIN", "AUTH": "235 welcome"}
        self._say(fault or usual.get(verb, "250 fine"))
        return verb != "QUIT"

    def _take(self) -> bool:
        mail = self.server.mail
        fault = mail.fault("DATA")
        if fault and fault not in ("drop after", "drop before"):
            self._say(fault)
            return True
        self._say("354 go on")
        content = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
        if fault == "drop before":
            return False
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        mail.taken.append(Taken(self.sender, self.to, letter))
        if fault == "drop after":
            return False
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: "MailServer"


class MailServer:
    """The server. `next(verb, answer)`: what a verb meets next time ("drop" cuts the line)."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.stopping = threading.Event()
        self._faults: dict[str, deque[str]] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mail = self

    def next(self, verb: str, answer: str) -> None:
        self._faults.setdefault(verb, deque()).append(answer)

    def fault(self, verb: str) -> str | None:
        waiting = self._faults.get(verb)
        return waiting.popleft() if waiting else None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
