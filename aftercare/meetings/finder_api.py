"""The API of the finder."""

from typing import Any

from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import actor, api, guards, visitors
from aftercare.meetings import finder_json, finder_schemas, whereabouts, wishes
from aftercare.people import organisations

door = api.Door("search", "Find meetings by day, kind, words and place.")


@door.get("/meetings/search")
@guards.needs("api:meetings:read")
@door.asks(finder_schemas.FindQuery)
@door.answers(200, finder_schemas.FoundPage)
@door.refuses(429, "More than 1,200 searches a minute from one address; `Retry-After` says when to go on.")
def search_meetings(query: dict[str, Any]) -> Any:
    """Find what is listed; a postal code that nobody knows has nothing near it."""
    organisation = organisations.get_organisation(actor.current().organisation_id)
    visitors.take(visitors.SEARCHES, organisation.id)
    given = {name: query[name] for name in wishes.FIELDS}
    wish, _ = wishes.read(given, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    if unknown:
        return finder_json.nothing(organisation)
    try:
        return finder_json.page(organisation, wish, limit=query["limit"], cursor=query["cursor"])
    except Invalid as refusal:
        sentence = "This cursor is not from this list. Begin again without one."
        raise Invalid(sentence, fields={"cursor": sentence}) from refusal
