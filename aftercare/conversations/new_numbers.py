"""A new number: shown by a code that was texted to it, or by a text from it with the code that staff gave."""

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core import phone as phones
from aftercare.core.errors import Invalid
from aftercare.messaging import holders, numbers, outbox
from aftercare.messaging.models import InboundText
from aftercare.people import accounts, limits, number_changes, organisations
from aftercare.people.models import NumberChange, Person
from aftercare.recovery import outreach

#: What a text that brought a good code is kept as.
VERB = "new_number"
QUESTION_LASTS = timedelta(days=7)
ANSWER_LASTS = timedelta(hours=4)


def ask(person: Person, typed: str) -> str:
    """Let a code be texted to the number that somebody types; give the key of their browser. Raise Invalid, TooMany."""
    number = _read(person, typed)
    limits.count_new_number(person.id)
    limits.count_code_request(number)
    return str(number_changes.ask(person, number))


def aim(code: str, typed: str) -> str:
    """Let a code be texted to the number that somebody types with the code of staff; give the key of their browser."""
    limits.count_staff_code()
    change = number_changes.find_by_staff_code(re.sub(r"[\s-]", "", code))
    person = _holder(change) if change else None
    if change is None or person is None:
        limits.count_wrong_staff_code()
        sentence = "This is not the code, or it is too old. Look again, or ask for a new one."
        raise Invalid(sentence, fields={"code": sentence})
    number = _read(person, typed)
    limits.count_code_request(number)
    return str(number_changes.aim(change, number))


def enter(key: str, typed: str, *, of: Person | None = None, keeps: uuid.UUID | None = None) -> Person:
    """Make the number theirs whose code somebody types, in the browser that asked; raise Invalid if it is not that."""
    limits.count_code_guess()
    change = number_changes.find_asked(key)
    person = _holder(change) if change else None
    is_theirs = person is not None and of in (None, person)
    is_right = is_theirs and change is not None and number_changes.matches(change, typed)
    if change is None or person is None or not is_right or not number_changes.use(change):
        sentence = "This is not the code, or it is too old. Look again, or ask for a new one."
        raise Invalid(sentence, fields={"code": sentence})
    take(person, change.number, way="staff" if change.way == "staff" else "web", keeps=keeps)
    return person


def by_text(inbound: InboundText) -> bool:
    """Make the number that a text comes from that of whom staff gave its code to; tell whether there was such a one.

    All other texts, wrong codes too, are answered as if there were no codes: nobody learns by guessing that there are.
    """
    code = re.sub(r"[\s.-]", "", inbound.body)
    if not number_changes.is_staff_code(code) or not limits.may_try_staff_code(inbound.number):
        return False
    change = number_changes.find_by_staff_code(code)
    person = _holder(change) if change else None
    if change is None or person is None:
        limits.count_wrong_staff_code()
        return False
    if not _may_have(person, inbound.number) or not number_changes.use(change):
        return False
    inbound.verb, inbound.organisation_id, inbound.person_id = VERB, person.organisation_id, person.id
    take(person, inbound.number, way="staff")
    _answer(person, inbound)
    return True


def take(person: Person, number: str, *, way: str, keeps: uuid.UUID | None = None) -> None:
    """Make a number somebody's; staff are asked to look where another's claim on it ended, or lives beside this one."""
    taken = numbers.take(person, number, way=way, keeps=keeps)
    ask_staff_to_check([*taken.ended, *taken.shared_with])


def prove(person: Person) -> None:
    """Note that a number has been shown to be theirs who have it."""
    ask_staff_to_check(numbers.prove(person).ended)


def ask_staff_to_check(people: Iterable[Person]) -> None:
    """Ask staff to check the number of these people, once a day; nothing is said of why."""
    for person in people:
        if person.left_at is None:
            outreach.open_task(
                person.organisation_id,
                "number",
                once=f"number:{person.id}:{clock.today(person.zone)}",
                person_id=person.id,
            )


def refuse_taken(person: Person, number: str) -> None:
    """Raise Invalid if somebody else of the same organisation has a number that staff write down."""
    if holders.is_taken(number, organisation_id=person.organisation_id, but=person.id):
        sentence = "Somebody here already has this number. If they share a phone, give this person a code."
        raise Invalid(sentence, fields={"phone": sentence})


def write_down(person: Person, typed: str, *, by: uuid.UUID) -> None:
    """Give somebody the number that staff type; raise Invalid. It is theirs once they show it."""
    number = _read(person, typed)
    refuse_taken(person, number)
    numbers.write_down(person, number, by=by)


def _holder(change: NumberChange) -> Person | None:
    person = accounts.find_person(change.organisation_id, change.person_id)
    return person if person is not None and person.left_at is None else None


def _read(person: Person, typed: str) -> str:
    ours = organisations.own_numbers(organisations.get_organisation(person.organisation_id))
    return phones.read_mobile(typed, ours=ours)


def _may_have(person: Person, number: str) -> bool:
    try:
        return _read(person, number) == number
    except Invalid:
        return False


def _answer(person: Person, inbound: InboundText) -> None:
    """Ask them to agree to texts on this number; to who wants no more of them say that only START brings them back."""
    needs_start = bool(ledger.who_stopped_texts(person.organisation_id, [person]))
    organisation = organisations.get_organisation(person.organisation_id)
    outbox.post_answer(
        organisation,
        inbound.number,
        "number_start" if needs_start else "opt_in",
        once=f"answer:{inbound.sid}",
        useful_until=clock.now() + (ANSWER_LASTS if needs_start else QUESTION_LASTS),
        language=person.language,
        person_id=person.id,
        asks=not needs_start,
        sender=organisation.discreet_name,
    )
