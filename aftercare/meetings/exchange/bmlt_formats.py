"""What the formats of a BMLT server mean: by `world_id`, never by the letters that each server chooses for itself."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from aftercare.core.errors import Invalid
from aftercare.meetings import types

# What NA World Services calls a format, and the code that its fellowship's lists have for it. None: it says how people
# meet, or which language, and is read as that.
SAME_WORDS = "BEG BT CAN CPT CW DISC GL IP IW JFT LC LIT M MED NS QA RA SMOK SPAD SPK STEP SWG TC TOP TRAD VAR W Y"
CODES: Mapping[str, str | None] = MappingProxyType(
    {
        **{code: code for code in SAME_WORDS.split()},
        "CLOSED": "C", "OPEN": "O", "WCHR": "X", "VM": None, "HYBR": None, "HY": None, "LANG": None,
    }
)  # fmt: skip
LANGUAGE_NAMES = {"espanol": "S", "español": "S", "english speaking": "EN", "finnish": "FI", "persian": "FA"}


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a server."""

    key: str
    name: str
    world_id: str

    @property
    def code(self) -> str | None:
        """Give the fellowship's code, a language's code, or None where no other server would know what is meant."""
        if self.world_id == "LANG":
            name = self.name.casefold()
            known = types.codes_called("na", name) or tuple(filter(None, [LANGUAGE_NAMES.get(name)]))
            return known[0] if len(known) == 1 else None
        return CODES.get(self.world_id)

    @property
    def is_known(self) -> bool:
        """Say whether we read anything out of it."""
        return self.code is not None or self.world_id in ("VM", "HYBR", "HY")


@dataclass(frozen=True)
class Formats:
    """The formats of a server, by id, and by key as the server's own language has it."""

    by_id: Mapping[str, Format] = field(default_factory=dict)
    by_key: Mapping[str, Format] = field(default_factory=dict)

    def of(self, row: Mapping[str, Any]) -> tuple[list[Format], list[str]]:
        """Give the formats of a row, and the keys of which nothing is known."""
        ids, keys = _split(row.get("format_shared_id_list")), _split(row.get("formats"))
        if ids and self.by_id:
            named = [self.by_id.get(each) for each in ids]
            return [each for each in named if each], [i for i, each in zip(ids, named, strict=True) if not each]
        found = {key: self.by_key.get(key) for key in keys}
        return [each for each in found.values() if each], [key for key, each in found.items() if not each]


def read_formats(content: bytes | None) -> Formats:
    """Read a server's answer to GetFormats; raise Invalid where it is none."""
    if content is None:
        return Formats()
    try:
        listed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid("The list of formats is not JSON.", code="formats_unreadable") from error
    if not isinstance(listed, list) or not any(isinstance(each, dict) and "key_string" in each for each in listed):
        raise Invalid("This is no answer to GetFormats: it names no formats.", code="formats_unreadable")
    return formats_of(listed)


def formats_of(listed: Iterable[Any]) -> Formats:
    """Take formats in every language that they come in; the English ones name the keys where two languages do."""
    known = [each for each in listed if isinstance(each, dict)]
    english_last = sorted(known, key=lambda each: each.get("lang") == "en")
    by_id: dict[str, Format] = {}
    by_key: dict[str, Format] = {}
    for each in english_last:
        key, name, world_id = (_text(each.get(word)) for word in ("key_string", "name_string", "world_id"))
        before = by_id.get(_text(each.get("id")))
        read = Format(key, name, world_id.upper() or (before.world_id if before else ""))
        by_id[_text(each.get("id"))] = by_key[key] = read
    return Formats(by_id, by_key)


def _text(value: object) -> str:
    return str(value).strip()[:120] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _split(value: object) -> list[str]:
    if not isinstance(value, str | int):
        return []
    return [word for part in str(value)[:2000].split(",") if (word := part.strip())]
