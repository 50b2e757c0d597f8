"""What else a row tells: who answers for it, where to send corrections, collections, dates, contacts."""

import re
from datetime import UTC, datetime

from aftercare.meetings.exchange.listing import Contact, Entity, FeedDefaults, SeventhTradition
from aftercare.meetings.exchange.row import Row
from aftercare.meetings.exchange.row_call import LONGEST_LINK, read_link

EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")
MAILTO = "mailto:"
# The space between date and time is missing in some spreadsheets.
UPDATED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]?(\d{2}:\d{2}(?::\d{2})?)?(?:\.\d+)?(Z|\+00:?00)?")
ACCOUNTS = {
    "venmo": re.compile(r"@[A-Za-z0-9_-]{1,30}"),
    "square": re.compile(r"\$[A-Za-z0-9_-]{1,30}"),
    "paypal": re.compile(r"[A-Za-z0-9]{1,20}"),
    "homegroup_online": re.compile(r"[A-Za-z0-9_-]{1,60}"),
}
PAYPAL_LINK = re.compile(r"(?:https?://)?(?:www\.)?paypal\.(?:me|com/paypalme)/([A-Za-z0-9]{1,20})/?", re.IGNORECASE)
PLACEHOLDERS = frozenset({"none", "n/a", "na", "-"})


def read_feedback_url(row: Row) -> str | None:
    """Read where corrections go: a web link or a mailto: address."""
    said = row.line("feedback_url", most=LONGEST_LINK)
    if said and said.lower().startswith(MAILTO):
        return said if EMAIL.match(said[len(MAILTO) :]) else None
    return read_link(row, "feedback_url")


def read_feedback_emails(row: Row) -> tuple[str, ...]:
    """Read the addresses for corrections, a list or one text with commas."""
    said = row.get("feedback_emails")
    if isinstance(said, str):
        said = said[:2000].split(",")
    if not isinstance(said, list):
        return ()
    given = [item.strip() for item in said if isinstance(item, str) and item.strip()]
    for item in given:
        if not EMAIL.fullmatch(item):
            row.find("email", "feedback_emails", item)
    return tuple(item for item in given if EMAIL.fullmatch(item))


def read_entity(row: Row) -> Entity | None:
    """Read who answers for the listing; its address has two names in the field."""
    url_field = "entity_website_url" if row.get("entity_website_url") else "entity_url"
    name, email = row.line("entity"), row.line("entity_email")
    if email and not EMAIL.fullmatch(email):
        row.find("email", "entity_email", email)
        email = None
    phone, location = row.line("entity_phone"), row.line("entity_location")
    logo, url = read_link(row, "entity_logo"), read_link(row, url_field)
    if name is None:
        if email or phone or location or logo or url:
            row.find("entity", "entity")
        return None
    return Entity(name, email, phone, location, logo, url)


def read_seventh_tradition(row: Row) -> SeventhTradition:
    """Read the accounts for collections; what has not the shape of one is left out (meeting-guide.md 1.1)."""
    return SeventhTradition(
        venmo=_account(row, "venmo"),
        square=_account(row, "square"),
        paypal=_account(row, "paypal"),
        homegroup=_account(row, "homegroup_online"),
    )


def _account(row: Row, field: str) -> str | None:
    said = row.line(field)
    if said is None or said.casefold() in PLACEHOLDERS:
        return None
    if ACCOUNTS[field].fullmatch(said):
        return said
    if field == "paypal" and (link := PAYPAL_LINK.fullmatch(said)):
        row.find("collection_found", field, said, made=link[1])
        return link[1]
    row.find("collection", field, said)
    return None


def read_updated(row: Row) -> datetime | None:
    """Read when the list last touched the row, in UTC as the format has it."""
    said = row.line("updated")
    if said is None:
        return None
    known = UPDATED.fullmatch(said)
    try:
        if known:
            return datetime.fromisoformat(f"{known[1]}T{known[2] or '00:00'}").replace(tzinfo=UTC)
    except ValueError:
        pass
    row.find("updated", "updated", said)
    return None


def read_contacts(row: Row, defaults: FeedDefaults) -> tuple[Contact, ...]:
    """Read the people named in a row, only if asked for; else count what was left out."""
    if not defaults.keep_contacts:
        return ()
    named = (
        Contact(row.line(f"contact_{n}_name"), row.line(f"contact_{n}_email"), row.line(f"contact_{n}_phone"))
        for n in (1, 2, 3)
    )
    return tuple(contact for contact in named if contact != Contact())
