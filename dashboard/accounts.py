"""Passwords, and the first user."""

import re
import secrets
from datetime import datetime

from agent.model.record import Event, Role, User
from agent.store.passwords import MINIMUM, generate_password, hash_password, verify_password
from agent.store.ports import Records, Store
from dashboard.rights import Permission, may

FIRST_USER = "admin"
SIGNED_IN = "signed_in"
LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")
LONGEST_NAME = 40
_NOBODY = hash_password(secrets.token_hex(16))


def may_have(user: User, department: str | None) -> bool:
    """Whether a card of that department's patient can be given to this user."""
    sees = department is None or user.department in (None, department)
    return sees and not user.disabled and may(user.role, Permission.ACT)


def rules(user: User) -> bool:
    """Whether this is an administrator who can get in."""
    return user.role is Role.ADMIN and not user.disabled


async def last_who_rules(records: Records, user: User) -> bool:
    """Whether nobody would be left to manage accounts without this one."""
    return rules(user) and not any(rules(each) for each in await records.users() if each.name != user.name)


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is this user's; takes as long for a user who does not exist."""
    return verify_password(user.password_hash if user else _NOBODY, password) and user is not None


def weakness(password: str, user: User) -> str | None:
    """Why a new password is refused, in Chinese; None when it is accepted."""
    if len(password) < MINIMUM:
        return f"新密码至少 {MINIMUM} 个字符"
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
    password = generate_password()
    user = User(FIRST_USER, "管理员", Role.ADMIN, hash_password(password), must_change=True)
    async with store.transaction() as records:
        if await records.users():
            return None
        await records.add_user(user)
        await records.add_event(Event("user", user.name, None, "created", now, "server", "first_user"))
    return password
