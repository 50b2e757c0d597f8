"""A worker is killed while it plans reminders: each is written once, and goes out once."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.messaging.models import Message
from tests.crash.kills import STOPPED, Step
from tests.crash.world import Due, Reader, World
from tests.factories import make_meeting, make_occurrence
from tests.worker_process import wait_until

EXPECTED = 100
# From noon until two hours before six.
_UNTIL_DUE = timedelta(hours=4).total_seconds()


def expect(world: World, number: int = EXPECTED) -> uuid.UUID:
    """Make it noon of the next day, and let so many people be expected this evening; give the date."""
    people = world.populate(number)
    zone = ZoneInfo(world.clinic.zone)
    here = clock.now().astimezone(zone)
    noon = datetime.combine(here.date() + timedelta(days=1), time(12), tzinfo=zone)
    world.pass_time((noon - here).total_seconds())
    evening = datetime.combine(noon.date(), time(18))
    date = make_occurrence(make_meeting(world.clinic), starts=evening)
    _answer(date, people)
    return date.id


def at_commit(world: World, chance: Random, step: Step) -> bool:
    """Kill the worker at a step of its planning; then let it be two hours before the date."""
    name, nth = step
    date_id = expect(world)
    victim = world.worker("--once", at=name, nth=nth)
    victim.wait()
    _stop_some(world, chance, date_id)
    world.settle()
    _see_that_each_is_reminded(world, date_id)
    world.pass_time(_UNTIL_DUE)
    world.settle()
    return victim.status == -9 and victim.died_at == name


def after_taking_the_turn(world: World, chance: Random) -> bool:
    """Kill the worker when it has taken its turn and planned nothing: another one plans a minute later."""
    date_id = expect(world)
    victim = world.worker(at="after jobs._is_ours[reminders]")
    victim.wait()
    heir = world.worker()
    world.pass_time()
    wait_until(lambda: len(reminders_of(date_id)) == EXPECTED)
    heir.end()
    _see_that_each_is_reminded(world, date_id)
    world.pass_time(_UNTIL_DUE)
    world.settle()
    return victim.status == -9


def reminders_of(date_id: uuid.UUID) -> list[Due]:
    """List the reminders of a date."""
    columns = (Message.id, Message.person_id, Message.reason)
    wanted = select(*columns).where(Message.occurrence_id == date_id, Message.kind == "reminder")
    with transaction(reading=True):
        return [Due(*row) for row in db.session.execute(wanted)]


def _answer(date: Occurrence, people: Sequence[Reader]) -> None:
    earlier = clock.now() - timedelta(days=5)
    keys = {"organisation_id": date.organisation_id, "occurrence_id": date.id, "occurs_on": date.occurs_on}
    ids = [person.id for person in people]
    with transaction():
        db.session.add_all(Rsvp(**keys, person_id=each, status="going", answered_at=earlier) for each in ids)


def _stop_some(world: World, chance: Random, date_id: uuid.UUID) -> None:
    """Let some of the expected say STOP, if their reminders are written down."""
    written = reminders_of(date_id)
    world.wish_for(written)
    world.stop_texts(chance.sample(written, STOPPED) if written else [])


def _see_that_each_is_reminded(world: World, date_id: uuid.UUID) -> None:
    """Wish that every reminder goes, but those of whoever stopped the texts; and that nobody has two, or none."""
    written = reminders_of(date_id)
    wanted = [each for each in written if each.reason is None]
    times = Counter(each.person_id for each in wanted)
    if doubled := [who for who, number in times.items() if number > 1]:
        world.troubles.append(f"planned twice for {len(doubled)}")
    if missing := EXPECTED - len({each.person_id for each in written}):
        world.troubles.append(f"not planned for {missing}")
    world.wish_for(each for each in wanted if each.id not in world.wishes)
