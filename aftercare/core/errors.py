"""What can go wrong, in our words. No HTTP here: http/problems.py turns each into an answer."""

from collections.abc import Mapping


class Refused(Exception):
    """Something that was asked for cannot be done; the sentence says what to do instead.

    `is_kept` tells the transaction to keep what was written before the refusal (a counted try, say).
    """

    is_kept = False

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class NotSignedIn(Refused):
    """Nobody is signed in, and this needs somebody."""


class NotAllowed(Refused):
    """The person asking may not do this."""


class NotFound(Refused):
    """There is no such thing, or none that the person asking may know of."""


class Gone(Refused):
    """There was such a thing; it is over."""


class Conflict(Refused):
    """The thing is not in a state that allows this."""


class Stale(Refused):
    """The thing has changed since it was read (If-Match)."""


class Invalid(Refused):
    """What was given cannot be understood; `fields` says where."""

    def __init__(self, sentence: str, *, fields: Mapping[str, str] | None = None, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.fields = dict(fields or {})


class TooMany(Refused):
    """Asked too often; try again after `retry_after` seconds."""

    is_kept = True

    def __init__(self, sentence: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.retry_after = retry_after


class Misconfigured(Exception):
    """A setting is missing or weak; the sentence says which, and how to make one."""
