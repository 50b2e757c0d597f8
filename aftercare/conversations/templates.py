"""Change the words of texts: an organisation's own, checked by the law before they are kept (messaging.md)."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import timetable
from aftercare.messaging import fault_words, own_words, segments, template_rules
from aftercare.messaging.texts import Key, originals
from aftercare.people import organisations

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Look:
    """What words would become: for a likely reader, at their longest, of how many parts; or what is wrong with them."""

    wrong: str
    shown: str = ""
    longest: str = ""
    parts: int = 0
    letters_left: int = 0


def keys_of(kind: str) -> list[Key]:
    """List what of a text can be changed: its languages and levels; raise NotFound if nothing can."""
    if not template_rules.is_editable(kind):
        raise NotFound("There is no such text, or its words are the same everywhere.")
    return [(kind, language, level) for level in originals(kind, "en") for language in LANGUAGES]


def current(organisation_id: uuid.UUID, kind: str) -> dict[Key, str]:
    """Give what a text says now: in the organisation's own words where it has some."""
    own = own_words.own_words(organisation_id)
    return {key: own.get(key, original(key)) for key in keys_of(kind)}


def original(key: Key) -> str:
    """Give our own words."""
    kind, language, level = key
    return originals(kind, language)[level]


def look(organisation_id: uuid.UUID, typed: Mapping[Key, str]) -> dict[Key, Look]:
    """Show what words would become, each with what keeps it from being saved."""
    names = telling_names(organisation_id)
    return {key: _look(key, template_rules.tidy(body), names) for key, body in typed.items()}


def change(organisation_id: uuid.UUID, kind: str, typed: Mapping[Key, str], *, by: uuid.UUID) -> int:
    """Keep the words that were changed, all or none; raise Invalid with what is wrong, by `field`. Say how many."""
    now = current(organisation_id, kind)
    changed = {key: template_rules.tidy(typed[key]) for key in now if key in typed}
    changed = {key: body for key, body in changed.items() if body != now[key]}
    wrong = {field(key): said for key, said in _wrong(organisation_id, changed)}
    if wrong:
        raise Invalid("Some of these words cannot be saved.", fields=wrong)
    for key, body in changed.items():
        own_words.keep(organisation_id, key, None if body == original(key) else body, by=by)
    return len(changed)


def restore(organisation_id: uuid.UUID, key: Key, *, by: uuid.UUID) -> None:
    """Go back to the original words; does nothing where they hold already."""
    if key in own_words.own_words(organisation_id):
        own_words.keep(organisation_id, key, None, by=by)


def field(key: Key) -> str:
    """Name a language and level of a text, in a form."""
    return f"{key[1]}-{key[2]}"


def telling_names(organisation_id: uuid.UUID) -> list[str]:
    """List the names that a discreet text must not say: the organisation's and those of its meetings."""
    organisation = organisations.get_organisation(organisation_id)
    return [organisation.name, *timetable.names(organisation_id)]


def _wrong(organisation_id: uuid.UUID, changed: Mapping[Key, str]) -> Iterator[tuple[Key, str]]:
    names = telling_names(organisation_id) if changed else []
    for key, body in changed.items():
        faults = template_rules.faults_of(key, body, names=names)
        if faults:
            yield key, fault_words.sentence(faults)


def _look(key: Key, body: str, names: list[str]) -> Look:
    faults = template_rules.faults_of(key, body, names=names)
    wrong = fault_words.sentence(faults)
    if any(fault.code in template_rules.UNSPEAKABLE for fault in faults):
        return Look(wrong)
    longest = template_rules.longest(key, body)
    return Look(
        wrong, template_rules.spelled(key, body), longest, segments.count(longest), segments.letters_left(longest)
    )
