"""People who work with the dashboard."""

from collections.abc import Sequence

from sqlalchemy import select

from agent.model.record import User
from agent.store.sql.statements import Statements, as_row, columns
from agent.store.tables import users

_USERS = select(*columns(users, User)).order_by(users.c.name)


class UserRecords(Statements):
    async def add_user(self, user: User) -> None:
        await self._add(users, as_row(user))

    async def user(self, name: str) -> User | None:
        return await self._known(User, users, name, "name")

    async def user_by_subject(self, subject: str) -> User | None:
        return await self._found(User, users, users.c.subject == subject)

    async def save_user(self, user: User) -> None:
        await self._save(users, user, "name")

    async def users(self) -> Sequence[User]:
        """By name."""
        return await self._many(User, _USERS)
