"""SMTP as a carrier: one letter, one connection, the same id each time it is tried."""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from aftercare.config import Settings
from aftercare.core import clock
from aftercare.messaging.gateway import CarrierCopy, CarrierRefused, CarrierUnsure, OutgoingText, Sent
from aftercare.messaging.retries import Failure

SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over, and in whose name."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False

    @property
    def is_near(self) -> bool:
        """Tell whether the server is on this machine, where a connection needs no TLS."""
        return self.host in _LOOPBACK


def server_from(settings: Settings) -> MailServer:
    """Read the address of the mail server from settings that were checked."""
    url = urlsplit(settings.smtp_url)
    is_tls = url.scheme == "smtps"
    return MailServer(
        url.hostname or "", url.port or (465 if is_tls else 587), settings.mail_from,
        unquote(url.username or ""), unquote(url.password or ""), is_tls,
    )  # fmt: skip


class MailCarrier:
    """Carries letters. Connections are made for each letter: a clinic sends few, and none must wait for another."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, text: OutgoingText) -> Sent:
        """Hand over one letter; raise CarrierRefused if it surely was not taken, CarrierUnsure if nobody knows."""
        letter = self._letter(text)
        connection = self._connect()
        try:
            self._envelope(connection, text.to)
            self._words(connection, letter)
        finally:
            _close(connection)
        return Sent(str(letter["Message-ID"]), "sent")

    def sent_since(self, to: str, since: datetime) -> list[CarrierCopy]:  # noqa: ARG002  # a mail server keeps no list
        """List nothing: a mail server cannot be asked. A second try bears the same id, by which readers know it."""
        return []

    def check(self) -> None:
        """Connect and sign in, and nothing else; raise as `send` does."""
        _close(self._connect())

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            return self._signed_in(server)
        except smtplib.SMTPAuthenticationError as refusal:
            raise CarrierRefused(refusal.smtp_code, Failure.CONFIGURATION) from None
        except ssl.SSLCertVerificationError:
            raise CarrierRefused(None, Failure.CONFIGURATION) from None
        except smtplib.SMTPNotSupportedError:
            raise CarrierRefused(None, Failure.CONFIGURATION) from None
        except (OSError, smtplib.SMTPException):
            raise CarrierRefused(None, Failure.NOT_PROCESSED) from None

    def _signed_in(self, server: MailServer) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if server.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if not server.is_tls and not server.is_near:
                connection.starttls(context=tls)
            connection.ehlo_or_helo_if_needed()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _envelope(self, connection: smtplib.SMTP, to: str) -> None:
        """Say from whom and to whom; up to here nothing can have gone out."""
        try:
            sender = connection.mail(parseaddr(self._server.sender)[1])
            if sender[0] != 250:
                raise CarrierRefused(sender[0], _class_of(sender[0], Failure.CONFIGURATION))
            reader = connection.rcpt(to)
            if reader[0] not in (250, 251):
                raise CarrierRefused(reader[0], _of_reader(*reader))
        except (OSError, smtplib.SMTPException):
            raise CarrierRefused(None, Failure.NOT_PROCESSED) from None

    def _words(self, connection: smtplib.SMTP, letter: EmailMessage) -> None:
        """Hand over the words; whoever falls silent now may have them."""
        try:
            code, _ = connection.data(letter.as_bytes())
        except smtplib.SMTPDataError as refusal:
            raise CarrierRefused(refusal.smtp_code, _class_of(refusal.smtp_code, Failure.CONTENT)) from None
        except (OSError, smtplib.SMTPException) as trouble:
            raise CarrierUnsure(type(trouble).__name__) from None
        if code != 250:
            raise CarrierRefused(code, _class_of(code, Failure.CONTENT))

    def _letter(self, text: OutgoingText) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        name, address = parseaddr(self._server.sender)
        letter["From"] = Address(name, addr_spec=address)
        letter["To"] = Address(addr_spec=text.to)
        letter["Subject"], words = _parted(text.body)
        # The same whenever it is tried, so that a mail program shows it once.
        letter["Message-ID"] = f"<{text.message_id}@{address.rpartition('@')[2]}>"
        letter["Date"] = format_datetime(clock.now())
        letter["Auto-Submitted"] = "auto-generated"
        stop = _stop_address(words)
        if stop:
            letter["List-Unsubscribe"] = f"<{stop}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter.set_content(words)
        return letter


def _stop_address(words: str) -> str | None:
    """Find the address that ends letters: the last line of each."""
    last = words.rstrip().rpartition("\n")[2].strip()
    return last if last.startswith("https://") else None


def _parted(body: str) -> tuple[str, str]:
    subject, _, words = body.partition("\n")
    return subject.strip(), words.strip() + "\n"


def _of_reader(code: int, said: bytes) -> Failure:
    """Tell a dead address from a server that will not carry for us (RFC 3463: X.1.X speaks of the address)."""
    enhanced = re.match(rb"(\d)\.(\d{1,3})\.", said)
    is_address = enhanced[2] == b"1" if enhanced else code in (550, 551, 553)
    return _class_of(code, Failure.RECIPIENT if is_address else Failure.CONFIGURATION)


def _class_of(code: int, permanent: Failure) -> Failure:
    return permanent if 500 <= code < 600 else Failure.NOT_PROCESSED


def _close(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
