"""How often something may happen, counted in the database so that all processes agree (GCRA: one row, one UPDATE)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, UTCDateTime, db, is_postgresql
from aftercare.core.errors import TooMany


class RateBucket(Model):
    """One thing that is counted, by name, and the moment until which its allowance is used up."""

    __tablename__ = "rate_buckets"

    key: Mapped[str] = mapped_column(primary_key=True)
    full_until: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def take(key: str, *, times: int, per_seconds: float, sentence: str) -> None:
    """Use one of `times` in `per_seconds`; raise TooMany if none is left. The count is kept even if refused."""
    wait = seconds_to_wait(key, times=times, per_seconds=per_seconds)
    if wait:
        raise TooMany(sentence, retry_after=int(wait) + 1)


def seconds_to_wait(key: str, *, times: int, per_seconds: float, now: datetime | None = None) -> float:
    """Use one of `times` in `per_seconds` and say 0, or use nothing and say how long to wait."""
    moment = now or clock.now()
    _ensure(key, moment)
    each = timedelta(seconds=per_seconds / times)
    begins = max(_full_until(key), moment)
    too_soon = (begins + each) - (moment + timedelta(seconds=per_seconds))
    if too_soon > timedelta(0):
        return too_soon.total_seconds()
    _fill(key, begins + each)
    return 0.0


def is_used_up(key: str, *, times: int, per_seconds: float) -> bool:
    """Tell whether none of `times` in `per_seconds` is left, and use none."""
    moment = clock.now()
    full_until = db.session.scalars(select(RateBucket.full_until).where(RateBucket.key == key)).one_or_none()
    begins = max(full_until or moment, moment)
    return begins + timedelta(seconds=per_seconds / times) > moment + timedelta(seconds=per_seconds)


def take_some(key: str, wanted: int, *, per_second: float, now: datetime) -> int:
    """Use up to `wanted` of a pace, at most a second's worth at once, and say how many were free."""
    _ensure(key, now)
    begins = max(_full_until(key), now)
    granted = min(wanted, _free(begins, per_second, now))
    _fill(key, begins + granted * timedelta(seconds=1) / per_second)
    return granted


def free(key: str, *, per_second: float, now: datetime) -> int:
    """Say how many of a pace are free now, and use none."""
    found = db.session.scalars(select(RateBucket.full_until).where(RateBucket.key == key)).one_or_none()
    return _free(max(found or now, now), per_second, now)


def _free(begins: datetime, per_second: float, now: datetime) -> int:
    each = timedelta(seconds=1) / per_second
    return max(0, int((now + max(timedelta(seconds=1), each) - begins) / each))


def forget(key: str) -> None:
    """Start the count of a key afresh (after a success, say)."""
    db.session.execute(delete(RateBucket).where(RateBucket.key == key))


def forget_all_about(mark: str) -> None:
    """Start every count afresh whose key ends with a mark (that of a number which has changed hands, say)."""
    db.session.execute(delete(RateBucket).where(RateBucket.key.endswith(f":{mark}", autoescape=True)))


def sweep(now: datetime) -> int:
    """Drop the buckets that have run empty."""
    gone = db.session.execute(delete(RateBucket).where(RateBucket.full_until < now - timedelta(days=1)))
    return int(getattr(gone, "rowcount", 0))


def _ensure(key: str, now: datetime) -> None:
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(insert(RateBucket).values(key=key, full_until=now).on_conflict_do_nothing())


def _full_until(key: str) -> datetime:
    return db.session.scalars(select(RateBucket.full_until).where(RateBucket.key == key).with_for_update()).one()


def _fill(key: str, until: datetime) -> None:
    db.session.execute(update(RateBucket).where(RateBucket.key == key).values(full_until=until))
