"""Passwords and what each role may do."""

import secrets
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from agent.model.record import Event, Role, User
from agent.store.ports import Store

FIRST_USER = "admin"
SHORTEST_PASSWORD = 10
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else on paper

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))


class Permission(StrEnum):
    READ = "read"
    ACT = "act"  # take, note, resolve, give back one's own card
    RELEASE = "release"  # give back a colleague's card


_WARD = frozenset({Permission.READ, Permission.ACT})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.NURSE: _WARD,
    Role.CLINICIAN: _WARD,
    Role.DOCTOR: frozenset(Permission),
    Role.ADMIN: frozenset(Permission),
    Role.COORDINATOR: frozenset({Permission.READ}),
    Role.AUDITOR: frozenset({Permission.READ}),
}


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt; takes about 50 ms of a core."""
    return _hasher.hash(password)


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is this user's; takes as long for a user who does not exist."""
    try:
        _hasher.verify(user.password_hash if user else _NOBODY, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return user is not None


def generated_password() -> str:
    """Sixteen characters in four groups, 79 bits, easy to copy from a terminal."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def weakness(password: str, user: User) -> str | None:
    """Why a new password is refused, in Chinese; None when it is accepted."""
    if len(password) < SHORTEST_PASSWORD:
        return f"新密码至少 {SHORTEST_PASSWORD} 个字符"
    if len(set(password)) < 5:
        return "新密码的字符太单一"
    if user.name.lower() in password.lower():
        return "新密码不能包含用户名"
    return None


async def ensure_first_user(store: Store, now: datetime) -> str | None:
    """Creates the administrator when there is no user at all; returns the generated password, to be shown once."""
    async with store.transaction(write=False) as records:
        if await records.users():
            return None
    password = generated_password()
    user = User(FIRST_USER, "管理员", Role.ADMIN, hash_password(password), must_change=True)
    async with store.transaction() as records:
        if await records.users():
            return None
        await records.add_user(user)
        await records.add_event(Event("user", user.name, None, "created", now, "server", "first_user"))
    return password
