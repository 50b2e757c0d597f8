"""The web process is killed while it takes what the carrier tells: callbacks, and a STOP."""

from random import Random

from sqlalchemy import func, select

from aftercare.consent import ledger as consents
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message
from aftercare.messaging.states import State
from aftercare.people import accounts
from tests.carrier_wire import inbound_form, new_sid, post_signed
from tests.crash.kills import Step, see_it_through
from tests.crash.world import Due, World

REQUEST = "dispatch.dispatch_request"
TEXTS = 6
#: As unfriendly as it gets: before the answer to our request, each twice, and in any order.
MANNER = "early doubled shuffled"
#: A STOP that the carrier does not know as one: heeding it, and the last word on it, are ours.
STOP = "Please stop texting me"


def web_at_commit(world: World, chance: Random, step: Step) -> bool:
    """Kill the web process at a step while callbacks come in; they come again when it is back."""
    name, nth = step
    web = world.web(at=name, nth=nth)
    texts = _send_and_tell(world)
    world.carrier.settle()
    web.end()
    _tell_the_rest(world)
    world.settle()
    _see_that_all_arrived(world, texts)
    return web.died_at == name


def worker_at_commit(world: World, chance: Random, step: Step) -> bool:
    """Kill the worker at a step while callbacks tell of what it has not written down yet."""
    name, nth = step
    web = world.web()
    texts = world.post(TEXTS)
    world.carrier.callbacks = MANNER
    victim = world.worker(at=name, nth=nth)
    see_it_through(world, [victim])
    world.settle()
    web.end()
    _tell_the_rest(world)
    _see_that_all_arrived(world, texts)
    return victim.died_at == name


def stop_at_commit(world: World, chance: Random, step: Step) -> bool:
    """Kill the web process at a step while it takes a STOP; the carrier sends it again, twice."""
    name, nth = step
    (text,) = world.post(1)
    reader = world.reader_of(text)
    form = inbound_form(STOP, sender=reader.phone, sid=new_sid("SM"))
    said_before = _last_words(world, text)
    web = world.web(at=name, nth=nth)
    told = [post_signed(f"{world.base_url}/sms/inbound", form)]
    web.end()
    again = world.web()
    told += [post_signed(f"{world.base_url}/sms/inbound", form) for _ in range(2)]
    again.end()
    world.note_stop(reader)
    world.settle()
    if told != [0, 200, 200]:
        world.troubles.append(f"a STOP was answered with {told}")
    person = accounts.get_person(reader.organisation_id, reader.id)
    if consents.allows_texts(person) or _last_words(world, text) != said_before + 1:
        world.troubles.append("a STOP was not heeded once")
    return web.died_at == name


def _send_and_tell(world: World) -> list[Due]:
    world.carrier.callbacks = MANNER
    texts = world.post(TEXTS)
    see_it_through(world, [world.worker()])
    return texts


def _tell_the_rest(world: World) -> None:
    """Let the web process be back, and the carrier tell what it could not tell."""
    world.carrier.settle()
    web = world.web()
    world.carrier.tell_again()
    world.carrier.callbacks = "off"
    if world.carrier.untold:
        world.troubles.append(f"callbacks were not taken: {web.said()}")
    web.end()


def _see_that_all_arrived(world: World, texts: list[Due]) -> None:
    """See that the rows say what the carrier said at last."""
    with transaction(reading=True):
        told = select(Message.state).where(Message.id.in_([text.id for text in texts]))
        others = {state for state in db.session.scalars(told) if state != State.DELIVERED}
    if others:
        world.troubles.append(f"delivered texts are {', '.join(sorted(others))}")


def _last_words(world: World, text: Due) -> int:
    """Count the texts that confirmed a STOP to somebody."""
    wanted = select(func.count()).where(Message.person_id == text.person_id, Message.kind == "stop")
    with transaction(reading=True):
        return db.session.scalar(wanted) or 0
