"""The pages of letters: choose e-mail, say that an address is yours, end them."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.consent import mail_ledger, wordings
from aftercare.conversations import letters
from aftercare.core import throttle
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid, NotFound
from aftercare.http import actor, guards, pages
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

door = Blueprint("letters", __name__)


@door.get("/texts/email")
@guards.needs("own:texts")
def show() -> ResponseReturnValue:
    """Show where letters go, or ask for an address."""
    return _page(_asking(), "", {})


@door.post("/texts/email")
@guards.needs("own:texts")
def choose() -> ResponseReturnValue:
    """Write to an address, to ask whether it is theirs."""
    person, typed = _asking(), request.form.get("email", "")
    try:
        letters.read_address(typed)
        throttle.take(
            f"mail-confirm:{person.id}", times=5, per_seconds=3600, sentence=_("Wait a while before the next e-mail.")
        )
        letters.ask_to_confirm(person, typed)
    except Invalid as refusal:
        abandon()
        return _page(_asking(), typed, {name: _(said) for name, said in refusal.fields.items()})
    pages.say("go", _("We wrote to that address. Open the link in the e-mail, and e-mails begin."))
    return pages.see("letters.show")


@door.post("/texts/email/end")
@guards.needs("own:texts")
def end() -> ResponseReturnValue:
    """Go back to texts."""
    letters.back_to_texts(_asking())
    pages.say("go", _("We write to you by text again, if you agreed to texts."))
    return pages.see("texts.show")


@door.get("/mail/confirm/<secret>")
@guards.public
def ask_confirm(secret: str) -> ResponseReturnValue:
    """Show what they would agree to."""
    held = letters.read(secret, "confirm")
    organisation = organisations.get_organisation(held.organisation_id)
    # Whoever opens this may be a stranger yet: the discreet name is all they see.
    wording = wordings.wording(mail_ledger.WORDING, pages.language(), organisation=organisation.discreet_name)
    return pages.page(
        "consent/mail_confirm.html", email=held.email, wording=wording, action=url_for("letters.confirm", secret=secret)
    )


@door.post("/mail/confirm/<secret>")
@guards.public
@guards.without_csrf
def confirm(secret: str) -> ResponseReturnValue:
    """Take their word; the letter's secret is the proof."""
    letters.confirm(secret)
    return _done(_("E-mails are on"), _("We write to you before each visit."))


@door.get("/mail/stop/<secret>")
@guards.public
def ask_stop(secret: str) -> ResponseReturnValue:
    """Ask whether e-mails are to end; opening the page ends nothing."""
    letters.read(secret, "stop")
    return pages.page("consent/mail_stop.html", action=url_for("letters.stop", secret=secret))


@door.post("/mail/stop/<secret>")
@guards.public
@guards.without_csrf
def stop(secret: str) -> ResponseReturnValue:
    """End e-mails: by the button, or by the mail program itself (RFC 8058)."""
    letters.stop(secret)
    return _done(_("You get no more e-mails"), _("You can still come."))


def _done(title: str, words: str) -> ResponseReturnValue:
    return pages.page("consent/mail_done.html", title=title, words=words)


def _asking() -> Person:
    if not letters.is_offered():
        raise NotFound(_("This page does not exist."))
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _page(person: Person, typed: str, errors: dict[str, str]) -> ResponseReturnValue:
    return pages.page(
        "consent/mail.html",
        422 if errors else 200,
        is_on=person.channel == "email" and mail_ledger.allows(person),
        email=person.email,
        form={"email": typed},
        errors=errors,
        action=url_for("letters.choose"),
        end_url=url_for("letters.end"),
        back_url=url_for("texts.show") if person.phone else url_for("recovery.week"),
    )
