"""The API of closures: close a meeting, a place or everything for some days, and open it again early."""

import uuid
from typing import Any

from flask import url_for

from aftercare.audit import reading
from aftercare.core import clock
from aftercare.http import actor, api, cursors, documents, guards, idempotency
from aftercare.meetings import change_schemas, closed, closures
from aftercare.meetings.change_models import Closure
from aftercare.meetings.closures import Plan

door = api.Door("closures", "Meetings, places or everything, closed for some days; they open again by themselves.")


@door.get("/closures")
@guards.needs("api:meetings:read")
@door.asks(change_schemas.ClosureQuery)
@door.answers(200, change_schemas.ClosurePage)
def list_closures(query: dict[str, Any]) -> Any:
    """List what is closed, now or soon."""
    asking = actor.current()
    since = clock.today(asking.zone) if query["which"] == "standing" else None
    wanted = closed.all_of(asking.organisation_id, since=since)
    return cursors.page(wanted, query, by=(Closure.id,))


@door.post("/closures")
@guards.needs("api:meetings:write")
@idempotency.once
@door.takes(change_schemas.ClosureDraft)
@door.answers(201, change_schemas.Closure, headers=documents.LOCATED)
@door.refuses(404, "There is no such meeting or place in the organisation of the token.")
def close(body: dict[str, Any]) -> Any:
    """Close from one day to another: the dates are cancelled, and everybody affected is told once, of all of them."""
    done = closures.close(actor.current().organisation_id, Plan(**body), by=reading.caller())
    where = url_for(f"{door.name}.show_closure", closure_id=done.closure.id)
    return done.closure, {"Location": where}


@door.get("/closures/<uuid:closure_id>")
@guards.needs("api:meetings:read")
@door.answers(200, change_schemas.Closure)
def show_closure(closure_id: uuid.UUID) -> Any:
    """Show a closure, also one that is over."""
    return closed.get(actor.current().organisation_id, closure_id)


@door.post("/closures/<uuid:closure_id>/lifting")
@guards.needs("api:meetings:write")
@idempotency.once
@door.answers(200, change_schemas.Closure)
@door.refuses(409, "It is open again already.")
def lift_closure(closure_id: uuid.UUID) -> Any:
    """Open again early: the dates to come take place, and who heard otherwise is told once."""
    return closures.lift(actor.current().organisation_id, closure_id, by=reading.caller()).closure
