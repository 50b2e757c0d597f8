"""Where to sign in as whom: what the demo prints, and what its front page offers."""

from aftercare.demo.people import PATIENTS, SLUG, STAFF
from aftercare.people import accounts, demo_links, organisations
from aftercare.people.models import Person

ROLES = ("counsellor", "manager", "admin", "patient")


def links() -> list[tuple[str, str, str]]:
    """Give (name, about, sign-in link) of the people of the demo."""
    about = {each.name: each.about for each in (*STAFF, *PATIENTS)}
    return [
        (person.name, about[person.name], demo_links.link_for(person)) for person in _people() if person.name in about
    ]


def offered() -> list[dict[str, str]]:
    """Give the same for the front page."""
    return [{"name": name, "about": about, "url": link} for name, about, link in links()]


def _people() -> list[Person]:
    organisation = organisations.find_by_slug(SLUG)
    if organisation is None:
        return []
    found = {person.id: person for role in ROLES for person in accounts.people_with_role(organisation.id, role)}
    return list(found.values())
