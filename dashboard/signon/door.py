"""Whose account a person of the identity provider has here: found, prepared by an administrator, or made."""

from dataclasses import dataclass, replace
from datetime import datetime

from agent.model.record import Event, Role, User
from agent.store.ports import Records
from dashboard.accounts import SIGNED_IN, last_who_rules, rules
from dashboard.signon.claims import ClaimMapping, Identity
from dashboard.signon.errors import Reason, SignOnError

NO_PASSWORD = ""
"""A password hash that no password fits."""
ACTOR = "sign_on"


def awaited(issuer: str, name: str) -> str:
    """User.subject of an account that waits for its owner's first login: no subject of a provider holds a space."""
    return f"{issuer} awaits {name.lower()}"


def awaited_name(user: User, issuer: str) -> str | None:
    """The provider's login name that an administrator wrote down; None once it was used, or never."""
    before = awaited(issuer, "")
    return user.subject.removeprefix(before) if user.subject and user.subject.startswith(before) else None


@dataclass(frozen=True, slots=True)
class Door:
    """`makes_accounts`: whoever has a role by the mapping gets an account at the first login."""

    issuer: str
    mapping: ClaimMapping
    makes_accounts: bool = False

    async def enter(self, records: Records, who: Identity, now: datetime) -> User:
        """The account, with what its claims say now; the last administrator stays one. Raises SignOnError."""
        user = await records.user_by_subject(who.subject)
        if user is None:
            user = await self._first_time(records, who, now)
        if user.disabled:
            raise SignOnError(Reason.DISABLED)
        told = self._as_told(user, who)
        if not rules(told) and await last_who_rules(records, user):
            told = replace(told, role=user.role)
            await records.add_event(Event("user", user.name, None, "kept", now, ACTOR, "last_admin"))
        if told != user:
            await records.save_user(told)
            await records.add_event(Event("user", user.name, None, "edited", now, ACTOR, "claims"))
        await records.add_event(Event("user", user.name, None, SIGNED_IN, now, user.name, ACTOR))
        return told

    async def _first_time(self, records: Records, who: Identity, now: datetime) -> User:
        prepared = await records.user_by_subject(awaited(self.issuer, who.name))
        if prepared is not None:
            user = replace(prepared, subject=who.subject)
            await records.save_user(user)
            await records.add_event(Event("user", user.name, None, "bound", now, ACTOR))
            return user
        namesake = await records.user(who.name)
        if namesake is not None and namesake.subject == who.subject:  # made a moment ago, in another window
            return namesake
        if not self.makes_accounts:
            raise SignOnError(Reason.NO_ACCOUNT)
        if namesake is not None:
            raise SignOnError(Reason.NAME_TAKEN)
        if who.role is None:
            raise SignOnError(Reason.NO_ROLE)
        user = User(who.name, who.shown, who.role, NO_PASSWORD, department=who.department, subject=who.subject)
        await records.add_user(user)
        await records.add_event(Event("user", user.name, None, "created", now, ACTOR))
        return user

    def _as_told(self, user: User, who: Identity) -> User:
        """Role and department follow the claims that are mapped; the others stay as administrators set them."""
        role: Role = who.role or user.role
        return replace(user, role=role, department=who.department if self.mapping.department else user.department)
