"""Settings, read once from the environment (or the file that AFTERCARE_ENV_FILE names)."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from aftercare.core.errors import Misconfigured

EXTENSION = "aftercare.settings"


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one installation to the next."""

    database_url: str
    secret_key: str
    encryption_keys: str
    base_url: str = "http://127.0.0.1:8000"
    sms: str = "simulator"
    twilio_account_sid: str = ""
    twilio_auth_tokens: tuple[str, ...] = ()
    twilio_messaging_service_sid: str = ""
    twilio_from: str = ""
    #: Whether Twilio answers STOP, START and HELP by itself, as it does unless its support has switched that off.
    twilio_answers_words: bool = True
    twilio_api_url: str = ""
    # Texts a second from one sender; 0 leaves the pace to the carrier, which queues what its numbers cannot carry.
    texts_per_second: int = 0
    # Texts a day from one sender, by the Pacific day that the carriers count by; 0 for no cap of ours.
    texts_per_day: int = 0
    # Whether what is erased here after 30 days is erased at Twilio too.
    redacts_at_carrier: bool = False
    # What a monitoring system shows to read /metrics; without it there is no such page.
    metrics_token: str = ""
    # Where letters are handed over, for people who prefer e-mail to texts; without it nobody is offered e-mail.
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    worker_concurrency: int = 8
    trusted_proxies: int = 0
    log: str = "text"
    is_demo: bool = False
    demo_clock: Path | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_https(self) -> bool:
        """Tell whether people reach us through TLS."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def host(self) -> str:
        """Say the public host name, without port."""
        return urlsplit(self.base_url).hostname or "localhost"


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise Misconfigured with a sentence if one is missing or weak."""
    given = _with_file(dict(os.environ if environment is None else environment))
    settings = Settings(
        database_url=given.get("AFTERCARE_DATABASE_URL") or default_database_url(),
        secret_key=given.get("AFTERCARE_SECRET_KEY", ""),
        encryption_keys=given.get("AFTERCARE_ENCRYPTION_KEYS", ""),
        base_url=given.get("AFTERCARE_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        sms=given.get("AFTERCARE_SMS", "simulator"),
        twilio_account_sid=given.get("TWILIO_ACCOUNT_SID", ""),
        twilio_auth_tokens=tuple(filter(None, (t.strip() for t in given.get("TWILIO_AUTH_TOKEN", "").split(",")))),
        twilio_messaging_service_sid=given.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        twilio_from=given.get("TWILIO_FROM", ""),
        twilio_answers_words=_keywords(given) == "twilio",
        twilio_api_url=given.get("AFTERCARE_TWILIO_API_URL", ""),
        texts_per_second=_number(given, "AFTERCARE_SMS_PER_SECOND", _usual_pace(given)),
        texts_per_day=_number(given, "AFTERCARE_SMS_PER_DAY", 0),
        redacts_at_carrier=given.get("AFTERCARE_TWILIO_REDACT", "") == "1",
        metrics_token=given.get("AFTERCARE_METRICS_TOKEN", ""),
        smtp_url=given.get("AFTERCARE_SMTP_URL", ""),
        mail_from=given.get("AFTERCARE_MAIL_FROM", ""),
        worker_concurrency=_number(given, "AFTERCARE_WORKER_CONCURRENCY", 8),
        trusted_proxies=_number(given, "AFTERCARE_TRUSTED_PROXIES", 0),
        log=given.get("AFTERCARE_LOG", "text"),
        is_demo=given.get("AFTERCARE_DEMO", "") == "1",
        demo_clock=Path(given["AFTERCARE_DEMO_CLOCK"]) if given.get("AFTERCARE_DEMO_CLOCK") else None,
    )
    _check(settings)
    return settings


def current() -> Settings:
    """Give the settings of the running application."""
    settings: Settings = current_app.extensions[EXTENSION]
    return settings


def default_database_url() -> str:
    """Say where the embedded database lives when nothing is set: instance/ below the current folder."""
    return f"sqlite:///{(Path.cwd() / 'instance' / 'aftercare.sqlite').as_posix()}"


def _with_file(given: dict[str, str]) -> dict[str, str]:
    name = given.get("AFTERCARE_ENV_FILE")
    if not name:
        return given
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Misconfigured(f"AFTERCARE_ENV_FILE names {name}, which cannot be read: {error.strerror}.") from error
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {key.strip(): value.strip().strip('"') for key, value in pairs} | given


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    try:
        number = int(given.get(name, "") or default)
    except ValueError as error:
        raise Misconfigured(f"{name} must be a whole number, like {default}.") from error
    if number < 0:
        raise Misconfigured(f"{name} must not be below zero.")
    return number


def _usual_pace(given: Mapping[str, str]) -> int:
    """Say how many texts a second go by default: a number of 10DLC carries about one (twilio-and-rules.md)."""
    return 1 if given.get("AFTERCARE_SMS") == "twilio" else 0


def _keywords(given: Mapping[str, str]) -> str:
    who = given.get("AFTERCARE_TWILIO_KEYWORDS") or "twilio"
    if who not in {"twilio", "ours"}:
        raise Misconfigured("AFTERCARE_TWILIO_KEYWORDS must be twilio or ours: who answers STOP, START and HELP.")
    return who


def _check(settings: Settings) -> None:
    _check_secret(settings.secret_key)
    if not settings.encryption_keys:
        raise Misconfigured(
            "AFTERCARE_ENCRYPTION_KEYS is not set. Names and phone numbers are sealed with it. "
            "Make one with: aftercare keys new"
        )
    if settings.sms not in {"simulator", "twilio"}:
        raise Misconfigured("AFTERCARE_SMS must be simulator or twilio.")
    if settings.log not in {"text", "json"}:
        raise Misconfigured("AFTERCARE_LOG must be text or json.")
    if urlsplit(settings.base_url).scheme not in {"http", "https"} or not urlsplit(settings.base_url).hostname:
        raise Misconfigured("AFTERCARE_BASE_URL must be the address people use, like https://meet.example.org.")
    if settings.is_demo and settings.sms != "simulator":
        raise Misconfigured("AFTERCARE_DEMO is 1, where anybody may sign in as anybody. Unset it to text real people.")
    if settings.metrics_token and len(settings.metrics_token) < 16:
        raise Misconfigured("AFTERCARE_METRICS_TOKEN is too short; it must have 16 random characters or more.")
    if settings.sms == "twilio":
        _check_twilio(settings)
    if settings.smtp_url:
        _check_mail(settings)


def _check_secret(secret: str) -> None:
    if len(secret) < 32 or len(set(secret)) < 8:
        raise Misconfigured(
            "AFTERCARE_SECRET_KEY is missing or too short; it must have 32 random characters or more. Make one with: "
            f"{Path(sys.executable).name} -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )


def _check_mail(settings: Settings) -> None:
    url = urlsplit(settings.smtp_url)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise Misconfigured("AFTERCARE_SMTP_URL must look like smtp://user:password@mail.example.org:587")
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise Misconfigured(
            "AFTERCARE_SMTP_URL is set, so set AFTERCARE_MAIL_FROM to the address that letters come from. "
            "It is seen by others: let it say nothing of what you do."
        )


def _check_twilio(settings: Settings) -> None:
    if not settings.twilio_account_sid or not settings.twilio_auth_tokens:
        raise Misconfigured("AFTERCARE_SMS is twilio, so set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
    if not settings.is_https and not settings.twilio_api_url:
        raise Misconfigured(
            "Texts are real with AFTERCARE_SMS=twilio, and their answers come back to AFTERCARE_BASE_URL: "
            "set it to the public address, beginning with https://"
        )
    if not (settings.twilio_messaging_service_sid or settings.twilio_from):
        raise Misconfigured("Set TWILIO_MESSAGING_SERVICE_SID, or TWILIO_FROM in the form +15035550123.")
