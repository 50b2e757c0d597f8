"""Sealed columns: the model seals and opens them, nobody else."""

from typing import Any, overload

from flask import current_app

from aftercare.core.crypto import Keyring

EXTENSION = "aftercare.keyring"


def keyring() -> Keyring:
    """Give the keys in force."""
    ring: Keyring = current_app.extensions[EXTENSION]
    return ring


def place(row: Any, column: str) -> str:
    """Name the one place in the database that a value is sealed for."""
    return f"{row.__tablename__}.{column}:{row.id}"


class Sealed:
    """A text that is encrypted at rest: `person.name` seals itself into `person.name_sealed`.

    With `marked_as`, its keyed hash is kept too (in `<name>_hash`), so that it can be found again.
    """

    def __init__(self, column: str, *, mark: str | None = None) -> None:
        self.column = column
        self.mark = mark

    def __set_name__(self, owner: type, name: str) -> None:
        self.hash_column = f"{name}_hash"

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...

    @overload
    def __get__(self, row: object, owner: type) -> str: ...

    def __get__(self, row: object | None, owner: type) -> "Sealed | str":
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return "" if sealed is None else keyring().open(bytes(sealed), about=place(row, self.column))

    def __set__(self, row: object, text: str | None) -> None:
        setattr(row, self.column, keyring().seal(text, about=place(row, self.column)) if text else None)
        if self.mark:
            setattr(row, self.hash_column, keyring().mark(text, purpose=self.mark) if text else None)
