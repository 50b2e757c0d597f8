"""English that a Spanish reader is shown by mistake: sentences of ours that have a Spanish, and were not translated."""

import re
from functools import cache

from playwright.sync_api import Page

from tests.translations import forms, spanish

#: What a page says to eyes and ears in its own language; what is marked as another language may be in it.
SAID = """() => {
    const said = [], isOurs = node => !node.closest('[lang]:not(html)');
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const around = walker.currentNode.parentElement;
        if (!around.closest('script, style') && isOurs(around)) said.push(walker.currentNode.data);
    }
    for (const named of document.querySelectorAll('[aria-label], [title], [alt]'))
        if (isOurs(named)) said.push(...['aria-label', 'title', 'alt'].map(name => named.getAttribute(name) || ''));
    return said;
}"""


#: How a language calls itself is the same for every reader.
OWN_NAMES = {"English"}


def english_in(page: Page) -> list[str]:
    """List the pieces of English that a page says without saying that they are English."""
    texts = [" ".join(text.split()) for text in page.evaluate(SAID)]
    return sorted({text for text in texts if text not in OWN_NAMES and english().fullmatch(text)})


@cache
def english() -> re.Pattern[str]:
    """Know every sentence of ours that Spanish says otherwise, whole or from tag to tag, with anything filled in."""
    known = spanish()
    kept = {piece for each in known if each.id for text in forms(each.string) for piece in _pieces(text)}
    pieces = {piece for each in known if each.id for text in forms(each.id) for piece in _pieces(text)} - kept
    return re.compile("|".join(map(_pattern, sorted(pieces))))


def _pattern(piece: str) -> str:
    """Let anything be filled into a sentence, but only one word into a mere "%(yes)s of %(places)s"."""
    anything = ".+" if len(piece.replace("\0", "").split()) > 2 else r"\S+"
    return anything.join(map(re.escape, piece.split("\0")))


def _pieces(text: str) -> set[str]:
    """Cut a sentence at its tags, and mark what is filled in."""
    marked = re.sub(r"%\(\w+\)[sd]", "\0", text)
    pieces = (" ".join(piece.split()) for piece in re.split(r"<[^>]+>", marked))
    return {piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece)}
