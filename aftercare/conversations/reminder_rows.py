"""Reminders of a page of dates, written by one statement for each lead: who is due one, when, and who is not.

The rules are those of `reminder_times.times`, said of everybody at once; only when a reminder leaves is worked out in
Python, once for each start and group of people (`reminder_dues`).
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.types import String, TypeEngine, Uuid

from aftercare.consent import ledger
from aftercare.conversations.reminder_dues import Dues
from aftercare.conversations.reminder_times import APART
from aftercare.conversations.reminder_words import KIND
from aftercare.core import sql
from aftercare.core.db import UTCDateTime, db
from aftercare.meetings import expected
from aftercare.meetings.expected import Page
from aftercare.messaging import mailboxes, numbers, outbox, post_set
from aftercare.messaging.channels import EMAIL, OTHER_CHANNEL, TEXT
from aftercare.messaging.post_set import STANDS, Before
from aftercare.people.models import Person

#: Texts that ask whether somebody comes to a date they knew of: a yes to any of them settles it.
ASKING = (KIND, "moved", "restored", "extra")
#: Reasons that are gone once somebody agrees to texts again.
UNWELCOME = (outbox.STOPPED, "no_consent", numbers.OTHER_NUMBER, numbers.DEAD, OTHER_CHANNEL, mailboxes.DEAD)

_Row = tuple[Any, ...]
_GROUP = ("zone", "state", "phone_state")
_DUES: dict[str, TypeEngine[Any]] = {
    "starts_at": UTCDateTime(), "zone": String(), "state": String(), "phone_state": String(), "due_at": UTCDateTime(),
    "apart_from": UTCDateTime(), "apart_until": UTCDateTime(), "known_until": UTCDateTime(), "known_on": Date(),
}  # fmt: skip


@dataclass(frozen=True)
class Round:
    """What one round of planning knows of an organisation: when reminders leave, and who gets letters instead."""

    dues: Dues
    letters: Sequence[uuid.UUID]


def are_missing(page: Page, lead: int, by: Round) -> bool:
    """Tell whether a reminder of these dates is to be written down that is not."""
    leaving = list(_rows(page, lead, by.dues))
    return bool(leaving) and bool(db.session.scalar(select(exists(_wanted(page, lead, leaving, by.letters)[0]))))


def post(page: Page, lead: int, by: Round) -> int:
    """Write down the reminders of these dates that are missing; say how many."""
    leaving = list(_rows(page, lead, by.dues))
    if not leaving:
        return 0
    wanted, values = _wanted(page, lead, leaving, by.letters)
    return post_set.post(values, wanted)


def _wanted(
    page: Page, lead: int, leaving: Sequence[_Row], letters: Sequence[uuid.UUID]
) -> tuple[Select[Any], dict[str, SQLColumnExpression[Any]]]:
    latest = max(row[0] for row in leaving)
    who = _missing(_named(expected.coming(page, until=latest), lead))
    due = sql.table_of(leaving, _DUES, name="dues")
    before = _before(who)
    around = (due.c.apart_from, due.c.apart_until)
    is_near = before.is_near(f"{KIND}:{lead}:", useful_until=who.c.starts_at, between=around)
    wanted = (
        select(literal(1))
        .select_from(who)
        .join(due, and_(*(due.c[each] == who.c[each] for each in ("starts_at", *_GROUP))))
        .join(Person, _is_person(who))
        .where(
            # Who signs up is not reminded of what they have just said.
            or_(who.c.known_at <= due.c.known_until, who.c.member_since <= due.c.known_on),
            or_(who.c.seen.is_(None), ~or_(before.has(who.c.once), _is_settled(who, before), is_near)),
            _may_be_reached(letters),
        )
    )
    return wanted, _values(who) | {"due_at": due.c.due_at}


def _named(who: Subquery, lead: int) -> CTE:
    """Name each reminder for ever, and look once at what was posted about its date before."""
    date, person = sql.dashed(who.c.occurrence_id), sql.dashed(who.c.person_id)
    name = literal(f"{KIND}:{lead}:") + date + ":" + cast(who.c.sequence, String) + ":" + person
    named = select(who, name.label("name")).subquery("named")
    return sql.step(select(named, _before(named).seen(named.c.name, but=UNWELCOME).label("seen")), name="seen")


def _missing(who: CTE) -> CTE:
    """Leave out what is posted: most of it, in most rounds; the steps after this one are for the rest alone.

    Who stopped the texts and took them up again is reminded under a new name.
    """
    stopped = func.nullif(_before(who).times_cancelled(UNWELCOME, once=who.c.name), 0)
    anew = who.c.name + func.coalesce(literal(":") + cast(stopped, String), "")
    once = case((who.c.seen.is_(None), who.c.name), else_=anew)
    hours = Person.zone, func.coalesce(Person.state, ""), func.coalesce(Person.phone_state, "")
    group: list[ColumnElement[str]] = [spelled.label(name) for name, spelled in zip(_GROUP, hours, strict=True)]
    here = select(who, once.label("once"), *group).join(Person, _is_person(who)).where(Person.left_at.is_(None))
    return sql.step(here.where(or_(who.c.seen.is_(None), who.c.seen < STANDS)), name="missing")


def _is_person(who: CTE) -> ColumnElement[bool]:
    return and_(Person.organisation_id == who.c.organisation_id, Person.id == who.c.person_id)


def _before(who: FromClause) -> Before:
    return Before(who.c.organisation_id, who.c.occurrence_id, who.c.person_id)


def _values(who: CTE) -> dict[str, SQLColumnExpression[Any]]:
    return {
        "organisation_id": who.c.organisation_id,
        "occurs_on": who.c.occurs_on,
        "once": who.c.once,
        "kind": literal(KIND),
        "person_id": who.c.person_id,
        "occurrence_id": who.c.occurrence_id,
        "language": Person.language,
        "channel": Person.channel,
        "number_hash": func.coalesce(Person.phone_hash, literal(b"")),
        "asks": literal(True),
        "useful_until": who.c.starts_at,
    }


def _may_be_reached(letters: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    """Spell that somebody agreed to texts, or is one of those who chose letters and agreed to them."""
    by_text = and_(Person.channel == TEXT, ledger.is_allowing_texts())
    if not letters:
        return by_text
    chosen = sql.table_of([(each,) for each in letters], {"id": Uuid()}, name="letters")
    return or_(by_text, and_(Person.channel == EMAIL, Person.id.in_(select(chosen.c.id))))


def _is_settled(who: CTE, before: Before) -> ColumnElement[bool]:
    """Spell what `reminder_times.is_settled` tells."""
    is_yes = and_(who.c.answer == "going", who.c.answered_at.is_not(None))
    return and_(is_yes, before.was_asked(ASKING, until=who.c.answered_at))


def _rows(page: Page, lead: int, dues: Dues) -> Iterator[_Row]:
    for starts_at, group, due in dues.of(sorted(page.starts), lead):
        around = due.due_at - APART, due.due_at + APART
        hours = group.zone, group.state, group.phone_state
        yield (starts_at, *hours, due.due_at, *around, due.known_until, due.known_on)
