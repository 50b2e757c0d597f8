"""Secrets that travel in a link, and short codes that people type."""

import secrets


def new_secret() -> str:
    """Make 128 random bits as 22 characters that are safe in a URL."""
    return secrets.token_urlsafe(16)


def new_long_secret() -> str:
    """Make 256 random bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(32)


def new_code(digits: int = 6) -> str:
    """Make a numeric code that a person can type."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"
