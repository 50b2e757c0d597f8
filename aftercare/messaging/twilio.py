"""Twilio as a carrier: the only place that imports twilio (twilio-and-rules.md, 1 to 6).

The import is heavy: wire this module only where the carrier is Twilio.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.rest.api.v2010.account.message import MessageInstance  # type: ignore[import-untyped]

from aftercare.config import Settings
from aftercare.messaging.gateway import CarrierCopy, CarrierRefused, CarrierUnsure, OutgoingText, Sent, Told
from aftercare.messaging.retries import CLOCK_SLACK, Failure, classify
from aftercare.messaging.wire import Broken, Wire, is_misaddressed, never_went_out

API_URL = "https://api.twilio.com"
CONNECT_SECONDS = 3.05
READ_SECONDS = 30.0
_LONGEST_VALIDITY = 36_000
_PAGE = 50
# A number with more copies than this since a claim is no patient's; then the list says nothing for sure.
_MOST_COPIES = 1000
# The list goes by the time of sending: what was made a little before may stand among what was made after.
_LIST_SLACK = timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    """Whose texts they are, and where Twilio listens."""

    sid: str
    token: str = field(repr=False)
    messaging_service: str = ""
    sender: str = ""
    api_url: str = API_URL


class TwilioCarrier:
    """Carries texts by Twilio. One for all threads of a worker; `connections` is how many send at once."""

    def __init__(
        self, account: Account, *, connections: int = 8, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        self._account = account
        client = _HttpClient(Wire(account.api_url or API_URL, connections=connections, timeout=timeout))
        self._messages = Client(account.sid, account.token, http_client=client).messages

    def send(self, text: OutgoingText) -> Sent:
        """Hand over one text; raise CarrierRefused if it surely was not taken, CarrierUnsure if nobody knows."""
        try:
            taken = self._messages.create(**self._parameters(text))
        except _TROUBLES as trouble:
            raise _in_our_words(trouble) from None
        if not isinstance(taken.sid, str) or not isinstance(taken.status, str):
            raise CarrierUnsure("an answer without an id")
        return Sent(taken.sid, taken.status)

    def sent_since(self, to: str, since: datetime) -> list[CarrierCopy]:
        """List what was taken for a number since a time, newest first; raise as `send` does."""
        try:
            listed = list(self._until(since - _LIST_SLACK, self._messages.stream(to=to, page_size=_PAGE)))
        except _TROUBLES as trouble:
            raise _in_our_words(trouble) from None
        return [copy for copy in self._copies(listed) if copy.created_at >= since - CLOCK_SLACK]

    def report(self, sid: str) -> Told:
        """Say what became of a text; raise as `send` does."""
        try:
            found = self._messages(sid).fetch()
        except _TROUBLES as trouble:
            raise _in_our_words(trouble) from None
        if not isinstance(found.status, str):
            raise CarrierUnsure("an answer without a status")
        return Told(found.status, found.error_code if isinstance(found.error_code, int) else None)

    def redact(self, sid: str) -> None:
        """Have Twilio forget the words of a text; raise as `send` does."""
        try:
            self._messages(sid).update(body="")
        except _TROUBLES as trouble:
            raise _in_our_words(trouble) from None

    def _until(self, moment: datetime, listed: Iterable[MessageInstance]) -> Iterator[MessageInstance]:
        """Read a list back to a moment: what stands on a page that was not read must not count as not sent."""
        for number, copy in enumerate(listed):
            if isinstance(copy.date_created, datetime) and _aware(copy.date_created) < moment:
                return
            if number == _MOST_COPIES:
                raise CarrierUnsure("a list too long to read")
            yield copy

    def _parameters(self, text: OutgoingText) -> dict[str, object]:
        sender = (
            {"messaging_service_sid": self._account.messaging_service}
            if self._account.messaging_service
            else {"from_": self._account.sender}
        )
        callback = {"status_callback": text.status_callback} if text.status_callback else {}
        return {
            "to": text.to,
            "body": text.body,
            "validity_period": max(1, min(_LONGEST_VALIDITY, text.valid_seconds)),
            "smart_encoded": True,
            **sender,
            **callback,
        }

    def _copies(self, listed: list[MessageInstance]) -> Iterator[CarrierCopy]:
        for copy in listed:
            if self._is_ours(copy) and isinstance(copy.date_created, datetime):
                yield CarrierCopy(copy.sid, copy.body or "", _aware(copy.date_created), copy.status or "")

    def _is_ours(self, copy: MessageInstance) -> bool:
        if not str(copy.direction).startswith("outbound"):
            return False
        service = self._account.messaging_service
        return copy.messaging_service_sid == service if service else copy.from_ in (None, self._account.sender)


def carrier_from(settings: Settings) -> TwilioCarrier:
    """Make the carrier that the settings describe."""
    account = Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_tokens[0],
        messaging_service=settings.twilio_messaging_service_sid,
        sender=settings.twilio_from,
        api_url=settings.twilio_api_url or API_URL,
    )
    return TwilioCarrier(account, connections=settings.worker_concurrency)


def signed_by_carrier(url: str, form: Mapping[str, str], signature: str, tokens: Sequence[str]) -> bool:
    """Tell whether Twilio signed a request; `url` is our own public one (`public_url`), never the Host header's.

    Several tokens hold while one is being rotated; with none, nothing is believed.
    """
    if not signature:
        return False
    return any(RequestValidator(token).validate(url, form, signature) for token in tokens if token)


def public_url(base_url: str, path: str, query: str = "") -> str:
    """Say under which address the carrier asked us, from the settings' base and the raw path and query."""
    return base_url.rstrip("/") + path + (f"?{query}" if query else "")


class _HttpClient(HttpClient):  # type: ignore[misc]
    """Twilio's client on our wire: with time-outs, another address if wanted, no repeats, and no numbers in the log."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._wire = wire

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] = ("", ""),
        **_: object,
    ) -> Response:
        """Ask Twilio, at the address of the settings."""
        path = uri.removeprefix(API_URL)
        answer = self._wire.ask(method, path, query=params, form=data, headers=headers or {}, account=auth)
        if answer.status == 429:
            raise CarrierRefused(20429, Failure.NOT_PROCESSED, _seconds(answer.headers.get("Retry-After")))
        return Response(answer.status, answer.data.decode(errors="replace"), answer.headers)


# What comes of an answer that is none: json and twilio's own parsing raise these.
_GARBAGE = (ValueError, TypeError, AttributeError, KeyError)
_TROUBLES = (TwilioException, Broken, *_GARBAGE)


def _in_our_words(trouble: Exception) -> CarrierRefused | CarrierUnsure:
    # Twilio's sentences name the number, so only codes leave this module.
    if isinstance(trouble, TwilioRestException | TwilioServiceException):
        return _answered(trouble.code, trouble.status)
    if isinstance(trouble, Broken):
        return _broken(trouble)
    return CarrierUnsure("an answer that cannot be read")


def _answered(code: object, status: int) -> CarrierRefused | CarrierUnsure:
    # twilio-python puts the HTTP status where an answer has no code.
    own_code = code if isinstance(code, int) and code != status else None
    failure = classify(own_code, status)
    return CarrierUnsure(f"HTTP {status}") if failure is Failure.UNKNOWN else CarrierRefused(own_code, failure)


def _broken(trouble: Broken) -> CarrierRefused | CarrierUnsure:
    if is_misaddressed(trouble):
        return CarrierRefused(None, Failure.CONFIGURATION)
    if never_went_out(trouble):
        return CarrierRefused(None, Failure.NOT_PROCESSED)
    return CarrierUnsure(type(trouble).__name__)


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
