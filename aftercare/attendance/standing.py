"""What is known of somebody's attendance at a date: not recorded is never absent (product.md section 4)."""

from datetime import datetime, timedelta
from enum import StrEnum

LATE_AFTER = timedelta(minutes=10)
FINAL_AFTER = timedelta(hours=24)
ROLL_OPEN_FOR = timedelta(hours=72)

GOING = "going"
STILL_COMING = ("none", "maybe", GOING)


class Standing(StrEnum):
    """What a date was to a person."""

    ATTENDED = "attended"
    LATE = "late"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    UNKNOWN = "unknown"


CREDITED = (Standing.ATTENDED, Standing.LATE)


def standing(recorded: str | None, *, expected: bool, held: bool, final: bool) -> Standing:
    """Say what a date was to a person: what was recorded, else missed if all is certain, else unknown."""
    if recorded is not None:
        return Standing(recorded)
    return Standing.NO_SHOW if expected and held and final else Standing.UNKNOWN


def arrival(arrived_at: datetime, starts_at: datetime) -> Standing:
    """Say how an arrival counts: late from 10 min after the start on, which is attended all the same."""
    return Standing.LATE if arrived_at - starts_at > LATE_AFTER else Standing.ATTENDED


def is_expected(answer: str, *, is_member: bool) -> bool:
    """Say whether somebody was expected: going at the start, or a member who had not declined nor was left waiting."""
    return answer == GOING or (is_member and answer in STILL_COMING)


def was_held(*, anyone_recorded: bool, host_said_held: bool) -> bool:
    """Say whether the date is known to have taken place."""
    return anyone_recorded or host_said_held


def becomes_final(ends_at: datetime, *, now: datetime, held: bool) -> bool:
    """Say whether the roll closes by itself: 24 h after the end, if the date is known to have taken place."""
    return held and now >= ends_at + FINAL_AFTER


def needs_roll(ends_at: datetime, *, now: datetime, held: bool) -> bool:
    """Say whether staff are asked for the roll: 24 h after the end and nobody said anything."""
    return not held and now >= ends_at + FINAL_AFTER


def is_correction(ends_at: datetime, *, now: datetime) -> bool:
    """Say whether a change of the roll needs a reason: more than 72 h after the end."""
    return now > ends_at + ROLL_OPEN_FOR
