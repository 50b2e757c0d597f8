"""Secrets that travel in a link."""

import secrets


def new_secret() -> str:
    """Make 128 random bits as 22 characters that are safe in a URL."""
    return secrets.token_urlsafe(16)


def new_long_secret() -> str:
    """Make 256 random bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(32)
