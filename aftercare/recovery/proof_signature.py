"""Signing a proof of attendance, and checking one without asking anybody: Ed25519 (RFC 8032; docs/proofs.md).

A private key is its 32 byte seed. A public key has an id, the beginning of its SHA-256, which stands in the statement
itself: keys can be changed, and who keeps the old public ones still verifies what they signed.
"""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aftercare.recovery import proof_statement
from aftercare.recovery.proof_statement import Statement

KEY_BYTES = 32
ID_DIGITS = 8


def public_of(seed: bytes) -> bytes:
    """Give the public key of a private one, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: bytes) -> str:
    """Name a public key by the first 8 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:ID_DIGITS]


def public_pem(public: bytes) -> str:
    """Write a public key as the tools of others read it (RFC 8410)."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(content: bytes, seed: bytes) -> bytes:
    """Sign bytes, in 64."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(content)


def is_signed(content: bytes, signature: bytes, public: bytes) -> bool:
    """Say whether these very bytes were signed with the private key of a public one."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_statement(statement: Statement, seed: bytes) -> bytes:
    """Sign a statement with the key that it names. Raises ValueError for another: nobody could verify it."""
    if statement.key_id != key_id(public_of(seed)):
        raise ValueError("The statement names another key than the one that signs it.")
    return sign(proof_statement.bytes_of(statement), seed)


def verified(content: bytes, signature: bytes, publics: Mapping[str, bytes]) -> Statement | None:
    """Give the statement of these bytes if the key that it names is one of ours and signed them; else None."""
    try:
        statement = proof_statement.read(content)
    except ValueError:
        return None
    public = publics.get(statement.key_id)
    is_ours = public is not None and key_id(public) == statement.key_id and is_signed(content, signature, public)
    return statement if is_ours else None
