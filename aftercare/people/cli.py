"""`aftercare person` and `aftercare token`: who may come in, from the command line."""

import json
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click

from aftercare.core import phone as phones
from aftercare.core.errors import Invalid
from aftercare.people import access, accounts, organisations, passwords, tokens
from aftercare.people.models import ROLES, Organisation, Person

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
InApp = Option
_organisation = click.option("--organisation", "slug", required=True, help="Its short name.")
_json = click.option("--json", "as_json", is_flag=True)


def commands(in_app: InApp) -> list[click.Group]:
    """Make the groups of commands; `in_app` runs one inside the application, in a transaction."""
    person = click.Group("person", help="People of an organisation.")
    token = click.Group("token", help="Tokens that let programs use the API.")
    person.command("add")(_person_options(in_app(add_person)))
    token.command("create")(_token_options(in_app(create_token)))
    token.command("list")(_organisation(_json(in_app(list_tokens))))
    token.command("revoke")(_organisation(click.argument("token_id", type=click.UUID)(in_app(revoke_token))))
    return [person, token]


def add_person(
    *,
    slug: str,
    name: str,
    roles: tuple[str, ...],
    phone: str,
    email: str,
    language: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add somebody to an organisation. Staff with an e-mail get a link that sets their password, once."""
    organisation = organisations.get_called(slug)
    _check(roles, email, password_stdin=password_stdin)
    number = phones.read_mobile(phone, ours=organisations.own_numbers(organisation)) if phone else None
    person = accounts.add_person(organisation, name=name, roles=roles, phone=number, language=language)
    link = _open_account(person, email, password_stdin=password_stdin) if email else None
    if as_json:
        click.echo(json.dumps({"id": str(person.id), "password_link": link}))
        return
    click.echo(f"Added {person.name} ({', '.join(sorted(roles))}) to {organisation.slug}: {person.id}")
    if link:
        click.echo(f"They set their password here, once, within a day:\n{link}")


def create_token(*, slug: str, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Make a token and print it: it is shown this once."""
    lasts = timedelta(days=days) if days else None
    token, secret = tokens.make_token(organisations.get_called(slug), name=name, scopes=scopes, lasts=lasts)
    if as_json:
        click.echo(json.dumps({"id": str(token.id), "token": secret}))
        return
    click.echo(secret)
    click.echo(f"Keep it safe, it is not shown again. To end it: aftercare token revoke {token.id} ...", err=True)


def list_tokens(*, slug: str, as_json: bool) -> None:
    """List the tokens that are good."""
    rows = [_shown(token) for token in tokens.tokens_of(organisations.get_called(slug).id)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['name']}  {' '.join(row['scopes'])}")


def revoke_token(*, slug: str, token_id: uuid.UUID) -> None:
    """End a token at once."""
    organisation: Organisation = organisations.get_called(slug)
    tokens.revoke_token(organisation.id, token_id)
    click.echo("The token is ended.")


def _person_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options: tuple[Option, ...] = (
        _json,
        click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead."),
        click.option("--language", type=click.Choice(["en", "es"])),
        click.option("--email", default="", help="What staff sign in with."),
        click.option("--phone", default="", help="What patients sign in with, and where texts go."),
        click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES)),
        click.option("--name", required=True),
        _organisation,
    )
    for option in options:
        command = option(command)
    return command


def _token_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options: tuple[Option, ...] = (
        _json,
        click.option("--days", type=click.IntRange(min=1), help="How long it is good; for ever unless given."),
        click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(access.SCOPES))),
        click.option("--name", required=True, help="Who uses it."),
        _organisation,
    )
    for option in options:
        command = option(command)
    return command


def _check(roles: tuple[str, ...], email: str, *, password_stdin: bool) -> None:
    if email and not access.STAFF & set(roles):
        raise Invalid("Only staff sign in with an e-mail. Give patients a --phone instead.")
    if password_stdin and not email:
        raise Invalid("A password needs an --email to go with it.")


def _open_account(person: Person, email: str, *, password_stdin: bool) -> str | None:
    account = passwords.open_account(person, email)
    if not password_stdin:
        return passwords.link_for(account)
    passwords.set_password(account, sys.stdin.readline().rstrip("\r\n"))
    return None


def _shown(token: Any) -> dict[str, Any]:
    ends = token.expires_at.isoformat() if token.expires_at else None
    return {"id": str(token.id), "name": token.name, "scopes": token.scopes, "expires_at": ends}
