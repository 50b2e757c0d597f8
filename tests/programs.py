"""Programs that use the API: a client with a token of an organisation."""

from typing import Any

from flask.testing import FlaskClient

from aftercare.core.db import transaction
from aftercare.people import access, tokens
from aftercare.people.models import Organisation

EVERYTHING = tuple(access.SCOPES)
ROOT = "/api/v1"


def make_token(organisation: Organisation, *scopes: str) -> str:
    """Make a token with these scopes, or with all of them; give its secret."""
    with transaction():
        _, secret = tokens.make_token(organisation, name="Chart system", scopes=scopes or EVERYTHING)
    return secret


class Program:
    """A program of an organisation, with a token of these scopes (or of all)."""

    def __init__(self, client: FlaskClient, organisation: Organisation, *scopes: str) -> None:
        self.client = client
        self.secret = make_token(organisation, *scopes)

    def ask(self, method: str, path: str, **given: Any) -> Any:
        """Send a request below /api/v1; headers are added to the token."""
        headers = {"Authorization": f"Bearer {self.secret}"} | given.pop("headers", {})
        return self.client.open(ROOT + path, method=method, headers=headers, **given)

    def get(self, path: str, **given: Any) -> Any:
        """Send a GET."""
        return self.ask("GET", path, **given)

    def post(self, path: str, body: Any, **given: Any) -> Any:
        """Send a POST."""
        return self.ask("POST", path, json=body, **given)

    def put(self, path: str, body: Any, **given: Any) -> Any:
        """Send a PUT."""
        return self.ask("PUT", path, json=body, **given)

    def patch(self, path: str, body: Any, **given: Any) -> Any:
        """Send a PATCH that was made for the version that is there now, unless told otherwise."""
        tag = self.get(path).headers.get("ETag", '"none"')
        headers = {"If-Match": tag} | given.pop("headers", {})
        return self.ask("PATCH", path, json=body, headers=headers, **given)

    def all_of(self, path: str, *, limit: int) -> list[Any]:
        """Read a list to its end, page by page."""
        found, cursor = [], None
        while True:
            page = self.get(path, query_string={"limit": limit} | ({"cursor": cursor} if cursor else {})).json
            assert page is not None
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found
