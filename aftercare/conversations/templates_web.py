"""The pages on which admins change the words of texts, and see what they become."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.conversations import templates, text_titles
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.messaging import own_words, template_rules
from aftercare.messaging.catalogue import MAY_BE_LONGER
from aftercare.messaging.texts import FIELD, Key

door = Blueprint("templates", __name__, url_prefix="/staff/texts")


@door.get("")
@guards.needs("texts:edit")
def show() -> ResponseReturnValue:
    """List all texts by what they are about, with a mark on those that are changed."""
    changed = [kind for kind, _language, _level in own_words.own_words(actor.current().organisation_id)]
    reasons = text_titles.fixed_reasons()
    groups = [
        {"title": title, "texts": [_row(kind, named, changed.count(kind), reasons) for kind, named in titles.items()]}
        for title, titles in text_titles.groups()
    ]
    return pages.page("messaging/templates.html", groups=groups)


@door.get("/<kind>")
@guards.needs("texts:edit")
def edit(kind: str) -> ResponseReturnValue:
    """Show the words of a text in both languages and at both levels, and what they become."""
    return _editor(kind, templates.current(actor.current().organisation_id, kind))


@door.post("/<kind>/preview")
@guards.needs("texts:edit")
def preview(kind: str) -> ResponseReturnValue:
    """Show what typed words become, and save nothing; the part of one field if htmx asks for it."""
    typed = _typed(kind)
    asked = [key for key in typed if templates.field(key) == request.args.get("of")]
    if pages.is_partial() and asked:
        [key] = asked
        looks = templates.look(actor.current().organisation_id, {key: typed[key]})
        return render_template("messaging/_template_look.html", text=_cell(key, typed[key], looks[key], {}))
    return _editor(kind, typed)


@door.post("/<kind>")
@guards.needs("texts:edit")
def save(kind: str) -> ResponseReturnValue:
    """Save the words that were changed, or show why they cannot be."""
    typed = _typed(kind)
    try:
        count = templates.change(actor.current().organisation_id, kind, typed, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        return _editor(kind, typed, errors=refusal.fields)
    pages.say("go", _("Saved. Texts say so from now on.") if count else _("Nothing was changed."))
    return pages.see("templates.edit", kind=kind)


@door.post("/<kind>/original")
@guards.needs("texts:edit")
def restore(kind: str) -> ResponseReturnValue:
    """Go back to the original words of one language and level."""
    for key in templates.keys_of(kind):
        if templates.field(key) == request.form.get("of"):
            templates.restore(actor.current().organisation_id, key, by=actor.person_id())
    pages.say("go", _("These are the original words again."))
    return pages.see("templates.edit", kind=kind)


def _typed(kind: str) -> dict[Key, str]:
    now = templates.current(actor.current().organisation_id, kind)
    return {key: request.form.get(templates.field(key), body) for key, body in now.items()}


def _row(kind: str, title: str, changed: int, reasons: Mapping[str, str]) -> dict[str, Any]:
    is_fixed = not template_rules.is_editable(kind)
    return {
        "title": title,
        "url": None if is_fixed else url_for("templates.edit", kind=kind),
        "why_not": reasons[template_rules.FIXED[kind]] if is_fixed else None,
        "changed": changed,
    }


def _editor(kind: str, bodies: Mapping[Key, str], errors: Mapping[str, str] | None = None) -> ResponseReturnValue:
    organisation_id = actor.current().organisation_id
    own, looks = own_words.own_words(organisation_id), templates.look(organisation_id, bodies)
    cells = [_cell(key, body, looks[key], own) for key, body in bodies.items()]
    return pages.page(
        "messaging/template.html",
        422 if errors else 200,
        title=text_titles.title_of(kind),
        levels=[
            [cell for cell in cells if cell["level"] == level] for level in dict.fromkeys(key[2] for key in bodies)
        ],
        may_be_longer=kind in MAY_BE_LONGER,
        errors=errors or {},
        action=url_for("templates.save", kind=kind),
        preview_url=url_for("templates.preview", kind=kind),
        original_url=url_for("templates.restore", kind=kind),
        back_url=url_for("templates.show"),
    )


def _cell(key: Key, body: str, look: templates.Look, own: Mapping[Key, str]) -> dict[str, Any]:
    _kind, language, level = key
    meanings = text_titles.fields()
    known = {written: FIELD.findall(written)[0][0] for written in template_rules.fields_known(key)}
    return {
        "id": templates.field(key),
        "language": language,
        "level": level,
        "body": body,
        "look": look,
        "most_parts": template_rules.parts_allowed(*key),
        "is_own": key in own,
        "original": templates.original(key),
        "fields": [(written, meanings.get(name, name)) for written, name in known.items()],
    }
