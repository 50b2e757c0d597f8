"""Law: which role may do what. One map, on one page (product.md 7.2)."""

PATIENT = frozenset(
    {
        "own:see",
        "own:answer",
        "own:check_in",
        "own:calendars",
        "own:goal",
        "own:texts",
    }
)
COUNSELLOR = frozenset(
    {
        "home:staff",
        "meetings:see",
        "meetings:publish",
        "meetings:change",
        "texts:send",
        "roll:see",
        "roll:take",
        "rsvps:answer",
        "people:see",
        "people:add",
        "people:change",
        "outreach:see",
        "outreach:close",
        "checkups:see",
        "checkups:ask",
        "words:read",
    }
)
# What people write in their own words is for the counsellor's eyes only (messaging.md); who is both sees it as one.
MANAGER = (COUNSELLOR - {"words:read"}) | {"lists:change", "messages:see", "queue:see"}
# What a patient answered is not an admin's business; who is a counsellor too sees it as one.
ADMIN = (MANAGER - {"checkups:see", "checkups:ask"}) | {"texts:edit", "tokens:make", "audit:see"}

PERMISSIONS: dict[str, frozenset[str]] = {
    "patient": PATIENT,
    "counsellor": COUNSELLOR,
    "manager": MANAGER,
    "admin": ADMIN,
    "support": frozenset(),
    "referrer": frozenset(),
}

STAFF = frozenset({"counsellor", "manager", "admin"})
# What a code by text is good for. Staff sign in with a password, and later a second factor.
BY_PHONE = frozenset({"patient", "support"})

SCOPES: dict[str, frozenset[str]] = {
    "meetings:read": frozenset({"api:meetings:read"}),
    "meetings:write": frozenset({"api:meetings:read", "api:meetings:write"}),
    "rsvps:read": frozenset({"api:rsvps:read"}),
    "rsvps:write": frozenset({"api:rsvps:read", "api:rsvps:write"}),
    "attendance:write": frozenset({"api:attendance:write"}),
    "patients:read": frozenset({"api:patients:read"}),
    "patients:write": frozenset({"api:patients:read", "api:patients:write"}),
    "calendars:write": frozenset({"api:calendars:write"}),
    "messages:read": frozenset({"api:messages:read"}),
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Say what somebody with these roles may do in their organisation."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def permissions_of_scopes(scopes: list[str]) -> frozenset[str]:
    """Say what a token with these scopes may do; scopes that are no longer known allow nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
