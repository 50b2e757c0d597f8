"""Is the installation well: one finding for each thing that texts and pages need, each with what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from aftercare import config, foundation
from aftercare.calendars import bodies
from aftercare.config import Settings
from aftercare.core import clock
from aftercare.core.db import database_now, db, transaction
from aftercare.core.errors import Misconfigured
from aftercare.http import health
from aftercare.messaging import advice, beats, carrier_check, carriers, claims, queue_figures, senders
from aftercare.messaging.carrier_check import Answer
from aftercare.messaging.gateway import CarrierRefused
from aftercare.people.models import Person

CONNECT_WITHIN = 5
CLOCKS_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """What a check found; `to_do` is empty where all is well."""

    check: str
    said: str
    to_do: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether nothing has to be done."""
        return not self.to_do


def examine(read: Callable[[], Settings] = config.read) -> Iterator[Finding]:
    """Look at everything, in an order in which each needs only what came before it."""
    try:
        settings = read()
        app = foundation.lay(_patient_no_longer(settings))
    except Misconfigured as wrong:
        yield Finding("settings", "The settings are not whole.", str(wrong))
        return
    yield Finding("settings", "All settings can be read.")
    with app.app_context():
        yield from _examine_database(settings)
    yield from _examine_carrier(settings)
    yield from _examine_mail(settings)


def _patient_no_longer(settings: Settings) -> Settings:
    """Wait for a database server only for a few seconds."""
    if settings.database_url.startswith("sqlite"):
        return settings
    options = {"hide_parameters": True, "connect_args": {"connect_timeout": CONNECT_WITHIN}}
    return replace(settings, overrides={**settings.overrides, "SQLALCHEMY_ENGINE_OPTIONS": options})


def _examine_database(settings: Settings) -> Iterator[Finding]:
    missing = health.what_is_missing()
    db.session.remove()
    yield _database(missing)
    if missing is None:
        looks = (_keys, _clocks, _worker, _queue, _sender, *([_mailbox] if settings.smtp_url else []), _calendars)
        for look in looks:
            with transaction(reading=True):
                yield look(settings)
    db.engine.dispose()


def _database(missing: str | None) -> Finding:
    if missing == "no database":
        to_do = "Check AFTERCARE_DATABASE_URL, and that the server runs and lets us in."
        return Finding("database", "The database cannot be reached.", to_do)
    if missing:
        return Finding("database", "The database has old tables, or none.", "Run: aftercare db upgrade")
    return Finding("database", "The database is reachable and in the newest shape.")


def _keys(_settings: Settings) -> Finding:
    """Open the first and the last name that was sealed."""
    ends = (Person.created_at.asc(), Person.created_at.desc())
    people = [db.session.scalars(select(Person).order_by(end).limit(1)).first() for end in ends]
    try:
        opened = [person.name for person in people if person is not None]
    except ValueError:
        to_do = "Add the key they were sealed with to AFTERCARE_ENCRYPTION_KEYS, behind the newest one."
        return Finding("keys", "Names in the database cannot be opened with the keys of the settings.", to_do)
    return Finding("keys", "The keys open what is sealed." if opened else "Nothing is sealed yet.")


def _clocks(settings: Settings) -> Finding:
    if settings.demo_clock:
        return Finding("clock", "The clock is the demo's, and may be moved.")
    apart = abs(database_now() - clock.now())
    if apart > CLOCKS_DIFFER:
        said = f"This machine's clock and the database's are {apart.total_seconds():.0f} s apart."
        return Finding("clock", said, "Let both machines set their clocks by NTP.")
    return Finding("clock", "This machine's clock and the database's agree.")


def _worker(_settings: Settings) -> Finding:
    signs, now = beats.latest(), database_now()
    living = sum(sign.is_living(now) for sign in signs)
    if living or not beats.are_all_silent(signs, now=now):
        return Finding("worker", f"{living} at work." if living else "The last one ended a moment ago, as asked.")
    heard = f"The last sign of one is of {signs[0].beat_at:%Y-%m-%d %H:%M} UTC." if signs else "None was ever started."
    return Finding("worker", f"No worker is at work. {heard}", "Start one, and keep it running: aftercare worker")


def _queue(_settings: Settings) -> Finding:
    now = clock.now()
    queues = queue_figures.of(claims.organisations_with_due(now)).values()
    oldest = min((queue.oldest_due for queue in queues if queue.oldest_due), default=None)
    due, late = sum(queue.due for queue in queues), sum(queue.late for queue in queues)
    if late and oldest:
        said = f"{late} of {due} due texts are late; the oldest has been due since {oldest:%Y-%m-%d %H:%M} UTC."
        return Finding("queue", said, "See the worker and the sender here; if both are well, start more workers.")
    return Finding("queue", f"{due} texts are due, none is late.")


def _sender(settings: Settings) -> Finding:
    pause = senders.find_pause(senders.sender_from(settings))
    if pause is None:
        return Finding("sender", "Texts are not held back.")
    why = f"{pause.failure}, {pause.code or 'no code'}"
    said = f"Texts have been held back since {pause.since:%Y-%m-%d %H:%M} UTC ({why})."
    return Finding("sender", said, advice.about(pause.failure, pause.code))


def _mailbox(settings: Settings) -> Finding:
    pause = senders.find_pause(senders.mailbox_from(settings))
    if pause is None:
        return Finding("mailbox", "E-mails are not held back.")
    said = f"E-mails have been held back since {pause.since:%Y-%m-%d %H:%M} UTC ({pause.failure}, {pause.code})."
    return Finding("mailbox", said, advice.about_mail())


def _calendars(_settings: Settings) -> Finding:
    count, since = bodies.failing_since()
    if since is None:
        return Finding("calendars", "Every calendar could be written when it was last asked for.")
    those = "1 calendar cannot be written," if count == 1 else f"{count} calendars cannot be written, the first"
    said = f"{those} since {since:%Y-%m-%d %H:%M} UTC; what was sent last is sent again."
    return Finding("calendars", said, "Look for feed_not_written in the log of the web processes: it says where.")


def _examine_mail(settings: Settings) -> Iterator[Finding]:
    """Connect to the mail server and sign in, where there is one; no letter is sent."""
    carrier = carriers.mail_server(settings)
    if carrier is None:
        return
    try:
        carrier.check()
    except CarrierRefused as refusal:
        said = f"The mail server does not let us in ({refusal.klass}, {refusal.code or 'no answer'})."
        yield Finding("mail", said, "Check AFTERCARE_SMTP_URL: host, port, user and password.")
    else:
        yield Finding("mail", "The mail server lets us in.")


def _examine_carrier(settings: Settings) -> Iterator[Finding]:
    if settings.sms != "twilio":
        yield Finding("carrier", "Texts are simulated; none is sent to anybody.")
        return
    account = carrier_check.ask_account(settings)
    yield _account(account)
    if account.is_found:
        yield _number(settings, carrier_check.ask_sender(settings))
    yield _address(settings)


def _account(answer: Answer) -> Finding:
    if answer.status in (401, 403, 404):
        to_do = "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN anew from Twilio's console, then restart worker and web."
        return Finding("account", f"Twilio does not accept the account or its token (HTTP {answer.status}).", to_do)
    if not answer.is_found:
        return Finding(
            "account", f"Twilio cannot be asked ({_answered(answer)}).", "Check the network, then try again."
        )
    state = answer.told.get("status")
    if state != carrier_check.ACTIVE:
        return Finding(
            "account", f"The account at Twilio is {state}.", "Look at the account there; a bill may be unpaid."
        )
    return Finding("account", "Twilio accepts the account and its token.")


def _number(settings: Settings, answer: Answer) -> Finding:
    is_service = bool(settings.twilio_messaging_service_sid)
    what = "messaging service" if is_service else "number"
    if answer.is_found:
        return Finding("number", f"The {what} is there.")
    if answer.status == 404:
        setting = "TWILIO_MESSAGING_SERVICE_SID" if is_service else "TWILIO_FROM"
        return Finding("number", f"The account has no such {what}.", f"Check {setting}.")
    return Finding("number", f"The {what} cannot be looked up ({_answered(answer)}).", "Try again in a while.")


def _address(settings: Settings) -> Finding:
    at = f"Texts that come in must be posted to {settings.base_url}/sms/inbound; set that at Twilio. "
    what = f"{at}{settings.base_url}/sms/status is sent along with each text."
    if settings.is_https:
        return Finding("address", what)
    return Finding(
        "address", what, "AFTERCARE_BASE_URL must begin with https://, or Twilio's answers can be read on the way."
    )


def _answered(answer: Answer) -> str:
    return f"HTTP {answer.status}" if answer.status else "no answer"
