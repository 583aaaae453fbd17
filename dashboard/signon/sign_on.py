"""The login through the house's identity provider as the pages use it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.model.record import Event, User
from agent.store.ports import Duplicate, Store
from dashboard.signon.claims import identity, subject_of
from dashboard.signon.door import ACTOR, Door
from dashboard.signon.provider import Provider
from dashboard.signon.tickets import Ticket


@dataclass(frozen=True, slots=True)
class SignOn:
    """`label` stands on the button; `workstation` is the address under which nurses know it. `session_length`: how long
    whom the provider let in may stay before it is asked again."""

    provider: Provider
    door: Door
    label: str
    workstation: str
    session_length: timedelta = timedelta(hours=8)

    async def enter(self, store: Store, code: str, ticket: Ticket, now: Callable[[], datetime]) -> User:
        """The account of whom the provider let in. Raises SignOnError."""
        mapping = self.door.mapping
        claims = await self.provider.claims(code, ticket, mapping.wanted)
        who = identity(claims, self.door.issuer, mapping)
        try:
            async with store.transaction() as records:
                return await self.door.enter(records, who, now())
        except Duplicate:  # the same person, a moment ago in another window: the account is there now
            async with store.transaction() as records:
                return await self.door.enter(records, who, now())

    async def end(self, store: Store, token: str, now: Callable[[], datetime]) -> None:
        """The provider ends a person's sessions, and with them ours at once, on every machine. Somebody without an
        account has none. Raises SignOnError."""
        subject = subject_of(self.door.issuer, await self.provider.signed_out(token))
        async with store.transaction() as records:
            user = await records.user_by_subject(subject)
            if user is not None:
                await records.save_user(replace(user, seal=secrets.token_hex(8)))
                await records.add_event(Event("user", user.name, None, "signed_out", now(), ACTOR))
