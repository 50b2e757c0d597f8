"""What may still be said to somebody who wants no more texts (product.md 7.6): they have just asked for it."""

#: The last words on texts, help, and help in danger.
ALWAYS_SAID = frozenset({"stop", "start", "help", "crisis"})
#: Codes that somebody waits for, and how texts come back: whether these may go was looked at when they were asked for.
_ASKED_FOR = frozenset({"signin_code", "number_code", "number_start"})


def ends_with_stop(kind: str) -> bool:
    """Tell whether an answer of a kind may not go after a STOP, whenever it was written down."""
    return kind not in ALWAYS_SAID | _ASKED_FOR
