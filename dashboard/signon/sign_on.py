"""The login through the house's identity provider as the pages use it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.model.record import User
from agent.store.ports import Store
from dashboard.signon.claims import identity
from dashboard.signon.door import Door
from dashboard.signon.provider import Provider
from dashboard.signon.tickets import Ticket


@dataclass(frozen=True, slots=True)
class SignOn:
    """`label` stands on the button; `workstation` is the address under which nurses know it."""

    provider: Provider
    door: Door
    label: str
    workstation: str

    async def enter(self, store: Store, code: str, ticket: Ticket, now: Callable[[], datetime]) -> User:
        """The account of whom the provider let in. Raises SignOnError."""
        mapping = self.door.mapping
        claims = await self.provider.claims(code, ticket, mapping.wanted)
        who = identity(claims, self.door.issuer, mapping)
        async with store.transaction() as records:
            return await self.door.enter(records, who, now())
