"""A routine of one's own: items that somebody set for themselves, ticked day by day (product.md section 5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from aftercare.recovery.streaks import DAYS, week_of


@dataclass(frozen=True)
class Item:
    """Something that somebody wants to do on so many days of a week."""

    id: UUID
    days_a_week: int

    def __post_init__(self) -> None:
        if not 1 <= self.days_a_week <= DAYS:
            raise ValueError(f"{self.days_a_week} days a week: 1 to {DAYS} can be chosen.")


@dataclass(frozen=True)
class ItemWeek:
    """An item in one week: which of its seven days are ticked, on how many, and of how many that were wanted."""

    item_id: UUID
    ticked: tuple[bool, ...]
    done: int
    goal: int

    @property
    def is_met(self) -> bool:
        """Tell whether the week holds as many days as were wanted."""
        return self.done >= self.goal


def this_week(
    items: Collection[Item], ticks: Mapping[UUID, Collection[date]], *, today: date, week_start: int = 0
) -> tuple[ItemWeek, ...]:
    """Show the week of each item, in the order of the items. A day ticked twice is one day; a day to come is none."""
    first = week_of(today, week_start)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return tuple(_week(item, [day <= today and day in ticks.get(item.id, ()) for day in days]) for item in items)


def _week(item: Item, ticked: list[bool]) -> ItemWeek:
    return ItemWeek(item.id, tuple(ticked), done=sum(ticked), goal=item.days_a_week)
