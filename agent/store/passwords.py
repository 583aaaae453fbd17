"""Passwords as argon2id hashes."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM = 10
# Without the letters and digits that people misread from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()


class WeakPassword(ValueError):
    """Shorter than MINIMUM characters."""


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt; takes about 50 ms. Raises WeakPassword."""
    if len(password) < MINIMUM:
        raise WeakPassword(f"a password has at least {MINIMUM} characters")
    return _hasher.hash(password)


def verify_password(stored_hash: str, password: str) -> bool:
    """Whether the password is the hashed one; a damaged hash fits none. As slow as hashing."""
    try:
        return _hasher.verify(stored_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def generate_password() -> str:
    """Sixteen easily read characters in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
