"""Every route declares who may come in; every permission it asks for exists."""

import pytest

from aftercare.people import access

KNOWN = {"public"}.union(*access.PERMISSIONS.values(), *access.SCOPES.values())
#: Routes of libraries, with the reason why they need no guard of ours.
OF_LIBRARIES = {"static": "files that ship with the service, the same for everybody"}


@pytest.fixture
def views(app):
    return {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}


def test_every_route_declares_a_permission_that_exists(views):
    undeclared = {
        name: permission_of(view)
        for name, view in views.items()
        if (name not in OF_LIBRARIES and not permission_of(view) <= KNOWN) or not permission_of(view)
    }

    assert {name for name in undeclared if name not in OF_LIBRARIES} == set()


def test_no_public_route_is_written_without_a_form_token_by_accident(app):
    """What a browser's session may not be tricked into: every POST has a token, a signature, or a secret of its own."""
    excused = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "without_csrf", False)
    }

    assert {name.split(".")[0] for name in excused} <= {"meetings", "hooks", "letters", "sign_in"} | {
        name.split(".")[0] for name in excused if name.startswith("api")
    }


def permission_of(view):
    """Give what a view asks for: of a class of views, what each of its methods asks for."""
    kind = getattr(view, "view_class", None)
    if kind is None:
        return {view.permission} if hasattr(view, "permission") else set()
    methods = [getattr(kind, name) for name in ("get", "post", "put", "patch", "delete") if hasattr(kind, name)]
    return {getattr(method, "permission", "undeclared") for method in methods}
