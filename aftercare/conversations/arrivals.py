"""HERE, with the code of the room or without: check in by text (product.md 4)."""

from collections.abc import Sequence

from aftercare.attendance import check_in
from aftercare.conversations import who
from aftercare.conversations.talk import Reply, Talk
from aftercare.core.errors import Refused
from aftercare.meetings.members import Tie
from aftercare.people.models import Person
from aftercare.recovery import progress

_REFUSALS = {
    "not_open": "here_closed",
    "not_a_code": "here_wrong_code",
    "wrong_code": "here_wrong_code",
    "too_many_tries": "here_ask_host",
}
TELL_HOST = "here_tell_host"


def here(talk: Talk) -> Reply | None:
    """Check in who texts: by the code, from a number that is verified, or by their word, which is worth less.

    On a shared phone it is whoever has a date that is open now; if that is more than one, they are asked who it is.
    """
    able = _who_may_arrive(talk)
    if len(able) > 1:
        return who.ask_whose(talk)
    if not able or not able[0].phone_verified_at:
        return Reply(TELL_HOST)
    person = able[0]
    try:
        return _by_code(person, talk.word.argument) if talk.word.argument else _by_self(person)
    except Refused as refusal:
        return Reply(_REFUSALS.get(refusal.code or "", TELL_HOST), person=person)


def _who_may_arrive(talk: Talk) -> Sequence[Person]:
    if len(talk.patients) == 1:
        return talk.patients
    return [each for each in talk.patients if _has_open_date(each, talk)]


def _has_open_date(person: Person, talk: Talk) -> bool:
    return any(_is_theirs(tie) for tie in check_in.open_dates(person, talk.now))


def _is_theirs(tie: Tie) -> bool:
    return tie.is_member or tie.answer in ("going", "maybe", "waitlisted", "offered")


def _by_code(person: Person, code: str) -> Reply:
    check_in.by_code(person, code, way="text")
    return Reply("here_ok", {"count": progress.total(person)}, person=person)


def _by_self(person: Person) -> Reply:
    check_in.by_self(person)
    return Reply("here_noted", person=person)
