"""Series made to be misread: each by a rule in wall time, with what really happens on each date."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from aftercare.calendars import ics

HOST = "meetings.example"
STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AFTER = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = datetime(2027, 1, 15, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/London", "America/Phoenix", "Africa/Casablanca", "Australia/Lord_Howe", "UTC")
UNUSUAL_ZONES = (
    "Asia/Jerusalem",
    "America/Santiago",
    "America/Mexico_City",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "US/Arizona",
)

# name: (rule, about when it begins, minutes)
PATTERNS = {
    "evening": ("FREQ=WEEKLY;BYDAY=TU", "2025-09-01T19:00", 60),
    "begun long ago": ("FREQ=WEEKLY;BYDAY=TH", "2022-01-03T18:30", 90),
    "fortnightly": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "2025-09-01T12:15", 45),
    "skipped hour": ("FREQ=WEEKLY;BYDAY=SU", "2025-09-01T02:30", 60),
    "hour lived twice": ("FREQ=WEEKLY;BYDAY=SU", "2025-09-01T01:30", 60),
    "until the change": ("FREQ=WEEKLY;BYDAY=SU", "2025-09-01T01:00", 60),
    "from the change": ("FREQ=WEEKLY;BYDAY=SU", "2025-09-01T03:00", 60),
    "all night": ("FREQ=WEEKLY;BYDAY=SA", "2025-09-01T22:00", 480),
    "midnight": ("FREQ=WEEKLY;BYDAY=WE", "2025-09-01T00:00", 60),
    "over midnight": ("FREQ=WEEKLY;BYDAY=FR", "2025-09-01T23:30", 90),
    "second Wednesday": ("FREQ=MONTHLY;BYDAY=2WE", "2025-09-01T17:00", 60),
    "last Friday": ("FREQ=MONTHLY;BYDAY=-1FR", "2025-09-01T17:00", 60),
    "fifth Thursday": ("FREQ=MONTHLY;BYDAY=5TH", "2025-09-01T17:00", 60),
    "until a date": ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261130T200000", "2025-09-01T20:00", 60),
    "forty times": ("FREQ=WEEKLY;BYDAY=WE;COUNT=40", "2025-09-01T07:00", 30),
    "weekend": ("FREQ=WEEKLY;BYDAY=FR", "2025-09-01T09:00", 3000),
}


@dataclass(frozen=True)
class Happening:
    """One date as it will really be."""

    starts_at: datetime
    ends_at: datetime
    title: str


@dataclass(frozen=True)
class Nasty:
    """A series, the dates called off, and the dates moved to the next day, 45 minutes later."""

    name: str
    rule: str
    first: datetime
    minutes: int
    zone: str
    cancelled: tuple[datetime, ...] = ()
    moved: tuple[datetime, ...] = ()

    @property
    def slots(self) -> list[datetime]:
        return rrulestr(self.rule, dtstart=self.first).between(self.first, datetime(2027, 1, 20), inc=True)

    @property
    def is_safe(self) -> bool:
        return ics.is_safe_as_series(self.first, self.rule, minutes=self.minutes, zone=self.zone)

    @property
    def happenings(self) -> list[Happening]:
        """Say what happens in the window: the wall time of each date, read in its zone."""
        every = [self._happening(slot) for slot in self.slots]
        return [happening for happening in every if AFTER <= happening.starts_at < BEFORE]

    @property
    def entries(self) -> list[ics.Entry]:
        """Write the series as the feeds do: the rule with its exceptions, or every date by itself."""
        if not self.is_safe:
            return [self._single(slot) for slot in self.slots]
        changed = self.cancelled + self.moved
        whole = ics.Series(
            uid=self._uid,
            stamp=STAMP,
            title=self.name,
            first=self.first,
            minutes=self.minutes,
            zone=self.zone,
            rule=self.rule,
            excluded=changed,
        )
        return [whole, *(self._single(slot) for slot in changed)]

    @property
    def _uid(self) -> str:
        return self.name.replace(" ", "-")

    def _happening(self, slot: datetime) -> Happening:
        wall = slot + timedelta(days=1, minutes=45) if slot in self.moved else slot
        starts_at = wall.replace(tzinfo=ZoneInfo(self.zone), fold=0).astimezone(UTC)
        title = f"Cancelled: {self.name}" if slot in self.cancelled else self.name
        return Happening(starts_at, starts_at + timedelta(minutes=self.minutes), title)

    def _single(self, slot: datetime) -> ics.Single:
        return ics.Single(
            uid=f"{self._uid}-{slot:%Y%m%dT%H%M}",
            stamp=STAMP,
            title=self.name,
            status="cancelled" if slot in self.cancelled else "confirmed",
            starts_at=self._happening(slot).starts_at,
            ends_at=self._happening(slot).ends_at,
        )


def every_pattern(zone: str) -> list[Nasty]:
    """Make every pattern in one zone, each with one date called off and one moved."""
    return [make(name, zone) for name in PATTERNS]


def make(name: str, zone: str, *, at: timedelta | None = None) -> Nasty:
    """Make one pattern, put onto its rule, with its third date of 2026 called off and its fifth moved."""
    rule, about, minutes = PATTERNS[name]
    begin = datetime.fromisoformat(about)
    if at is not None:
        begin = begin.replace(hour=0, minute=0) + at
    first = rrulestr(rule, dtstart=begin)[0]
    plain = Nasty(name=name, rule=rule, first=first, minutes=minutes, zone=zone)
    this_year = [slot for slot in plain.slots if slot.year == 2026]
    return replace(plain, cancelled=(this_year[2],), moved=(this_year[4],) if len(this_year) > 4 else ())


def feed(several: list[Nasty]) -> bytes:
    """Write several series into one feed."""
    entries = [entry for nasty in several for entry in nasty.entries]
    return ics.write(ics.Calendar(name="Nasty", host=HOST, entries=entries))
