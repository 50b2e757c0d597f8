"""Text of strangers, made plain: no HTML, no entities, nothing that cannot be seen."""

import html
import re

# "<3", "a < b" and "<pat@example.org>" are no tags.
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>|<!--[^<>]*-->")
LINE_TAGS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
# Control characters, halves of surrogate pairs, direction overrides, zero-width spaces and byte order marks.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
SUSPECT = re.compile(f"[<&\t\r\xa0\u2028\u2029]|{UNSEEN.pattern}")
BLANKS = re.compile(r"[^\S\n]+")
BLANK_LINES = re.compile(r"\n{3,}")
# Only with the semicolon: "&copy=2" is a part of a link, not a sign.
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
HIDDEN_BEGINS = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
HIDDEN_ENDS = re.compile(r"</(?:script|style)\s*>", re.IGNORECASE)


def plain(text: str) -> str:
    """Give a text without HTML, entities and unseen characters; line breaks stay."""
    if SUSPECT.search(text):
        text = UNSEEN.sub("", _without_html(text)).replace("\r\n", "\n").replace("\r", "\n")
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    elif "\n" not in text and "  " not in text:
        return text.strip()
    return BLANK_LINES.sub("\n\n", BLANKS.sub(" ", text).replace("\n ", "\n").replace(" \n", "\n")).strip()


def holds_html(text: str) -> bool:
    """Say whether a text holds HTML tags, written out or as entities."""
    return ("<" in text or "&lt;" in text) and TAG.search(_without_entities(text)) is not None


def _without_html(text: str) -> str:
    # Feeds escape twice and thrice ("&amp;lt;br&amp;gt;"); three rounds settle every one seen.
    for _ in range(3):
        before = text
        text = _without_entities(TAG.sub(_line_or_nothing, _without_hidden_parts(text)))
        if text == before:
            break
    return TAG.sub(_line_or_nothing, text)


def _without_entities(text: str) -> str:
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _line_or_nothing(tag: re.Match[str]) -> str:
    return "\n" if (tag[1] or "").lower() in LINE_TAGS and not tag[0].startswith("</") else ""


def _without_hidden_parts(text: str) -> str:
    kept, at = [], 0
    while begin := HIDDEN_BEGINS.search(text, at):
        kept.append(text[at : begin.start()])
        end = HIDDEN_ENDS.search(text, begin.end())
        at = end.end() if end else len(text)
    return "".join([*kept, text[at:]])
