"""Sealing what must not be read from a stolen database, and finding it again by a keyed hash.

Each key is 32 random bytes kept outside the database (AFTERCARE_ENCRYPTION_KEYS, newest first). From each come, by
HKDF, one key that seals (AES-256-GCM) and one that marks (HMAC-SHA256). What is sealed is bound to its table, column
and row.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aftercare.core.errors import Misconfigured

_NONCE = 12


@dataclass(frozen=True)
class Key:
    """One version of the secret, and what is derived from it."""

    version: int
    sealing: AESGCM
    marking: bytes


class Keyring:
    """The keys in force, newest first: the first seals and marks, all of them open and find."""

    def __init__(self, keys: list[Key]) -> None:
        if not keys:
            raise Misconfigured("AFTERCARE_ENCRYPTION_KEYS names no key. Make one with: aftercare keys new")
        self.newest = keys[0]
        self.by_version = {key.version: key for key in keys}

    @classmethod
    def read(cls, setting: str) -> "Keyring":
        """Read `version:base64,version:base64`, newest first."""
        keys = [_read_key(part.strip()) for part in setting.split(",") if part.strip()]
        if len({key.version for key in keys}) != len(keys):
            raise Misconfigured(
                "AFTERCARE_ENCRYPTION_KEYS uses one version number twice. Give each key its own number."
            )
        return cls(keys)

    def seal(self, text: str, *, about: str) -> bytes:
        """Seal a text for one place (`table.column:id`)."""
        nonce = os.urandom(_NONCE)
        head = self.newest.version.to_bytes(2, "big")
        return head + nonce + self.newest.sealing.encrypt(nonce, text.encode(), about.encode())

    def open(self, sealed: bytes, *, about: str) -> str:
        """Open what was sealed for the same place; raise ValueError if it was made for another, or altered."""
        key = self.by_version.get(int.from_bytes(sealed[:2], "big"))
        if key is None:
            raise ValueError(f"No key of version {int.from_bytes(sealed[:2], 'big')} is in AFTERCARE_ENCRYPTION_KEYS.")
        try:
            return key.sealing.decrypt(sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :], about.encode()).decode()
        except InvalidTag as error:
            raise ValueError("A sealed value was altered, or moved from its row.") from error

    def is_newest(self, sealed: bytes) -> bool:
        """Tell whether a value is sealed with the newest key."""
        return int.from_bytes(sealed[:2], "big") == self.newest.version

    def mark(self, text: str, *, purpose: str) -> bytes:
        """Make the keyed hash by which a value is found."""
        return _mark(self.newest, text, purpose)

    def marks(self, text: str, *, purpose: str) -> list[bytes]:
        """Make the keyed hash under every key in force: what to look for while keys are being changed."""
        return [_mark(key, text, purpose) for key in self.by_version.values()]

    def sign(self, text: str, *, purpose: str) -> bytes:
        """Sign a text with a key of its own purpose (room codes, the audit chain). Not rotated: uses the oldest key."""
        oldest = self.by_version[min(self.by_version)]
        return _mark(oldest, text, "sign:" + purpose)


def new_key(version: int) -> str:
    """Make a key as AFTERCARE_ENCRYPTION_KEYS wants it."""
    return f"{version}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


def digest(secret: str) -> bytes:
    """Hash a secret that is random enough to need no key (128 bits and more)."""
    return hashlib.sha256(secret.encode()).digest()


def _read_key(part: str) -> Key:
    version, _, encoded = part.partition(":")
    try:
        raw = base64.urlsafe_b64decode(encoded)
        number = int(version)
    except (ValueError, binascii.Error):
        raw, number = b"", 0
    if len(raw) != 32 or not 0 < number < 65536:
        raise Misconfigured(
            "AFTERCARE_ENCRYPTION_KEYS must look like 1:<32 bytes in base64>. Make one with: aftercare keys new"
        )
    return Key(version=number, sealing=AESGCM(_derive(raw, b"seal")), marking=_derive(raw, b"mark"))


def _derive(raw: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"aftercare " + purpose).derive(raw)


def _mark(key: Key, text: str, purpose: str) -> bytes:
    return hmac.digest(key.marking, f"{purpose}\0{text}".encode(), "sha256")
