"""Seal everything with the newest key: batch by batch, on a running service, as often as one likes."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select, tuple_

from aftercare.consent import ledger, mail_ledger
from aftercare.core.db import Model, db, transaction
from aftercare.core.sealed import Sealed, keyring, place
from aftercare.people import directory
from aftercare.people.models import Person
from aftercare.tables import GLOBAL, TENANT

BATCH = 200
Progress = Callable[[str, int], None]


def rotate(progress: Progress) -> int:
    """Seal with the newest key whatever an older one sealed; say how many rows. If stopped, it goes on next time."""
    total = 0
    for model in (*GLOBAL, *TENANT):
        if sealed_columns(model):
            for done in _rotate_table(model):
                total += done
                progress(model.__tablename__, done)
    return total


def sealed_columns(model: type[Model]) -> dict[str, Sealed]:
    """Give the sealed attributes of a table."""
    return {name: each for name, each in vars(model).items() if isinstance(each, Sealed)}


def _rotate_table(model: type[Model]) -> Iterator[int]:
    """Walk a table along its key, each batch in a transaction of its own."""
    after: tuple[Any, ...] | None = None
    while True:
        with transaction():
            rows = db.session.scalars(_batch(model, after)).all()
            done = sum(_reseal(row) for row in rows)
            after = tuple(getattr(rows[-1], column.name) for column in _key(model)) if rows else None
        yield done
        if after is None:
            return


def _batch(model: type[Model], after: tuple[Any, ...] | None) -> Select[Any]:
    key = _key(model)
    wanted = select(model).order_by(*key).limit(BATCH).with_for_update()
    return wanted.where(tuple_(*key) > tuple_(*after)) if after else wanted


def _key(model: type[Model]) -> list[Any]:
    return list(model.__table__.primary_key)


def _reseal(row: Model) -> bool:
    """Seal a row's values anew if an older key sealed any; its keyed hashes follow."""
    changed, was = False, row.phone_hash if isinstance(row, Person) else None
    for name, sealed in sealed_columns(type(row)).items():
        value = getattr(row, sealed.column)
        if value is not None and not keyring().is_newest(bytes(value)):
            setattr(row, name, keyring().open(bytes(value), about=place(row, sealed.column)))
            changed = True
    if changed and isinstance(row, Person) and row.email_sealed:
        mail_ledger.follow_address(row)
    if changed and isinstance(row, Person) and was:
        ledger.follow_number(row, was=was)
        directory.leave("phone", organisation_id=row.organisation_id, subject_id=row.id)
        directory.enter_phone(row.phone, organisation_id=row.organisation_id, person_id=row.id)
    return changed
