"""Users of the store in memory."""

from collections.abc import Sequence

from agent.model.record import User
from agent.store.ports import Duplicate
from tests.fakes.memory_tables import MemoryWrites


class MemoryUsers(MemoryWrites):
    async def add_user(self, user: User) -> None:
        self._one_subject(user)
        self._add(self._t.users, user.name, user)

    async def user(self, name: str) -> User | None:
        return self._t.users.get(name)

    async def user_by_subject(self, subject: str) -> User | None:
        return next((user for user in self._t.users.values() if user.subject == subject), None)

    async def save_user(self, user: User) -> None:
        self._one_subject(user)
        self._overwrite(self._t.users, user.name, user)

    async def users(self) -> Sequence[User]:
        return sorted(self._t.users.values(), key=lambda user: user.name)

    def _one_subject(self, user: User) -> None:
        others = (each for each in self._t.users.values() if each.name != user.name)
        if user.subject is not None and any(each.subject == user.subject for each in others):
            raise Duplicate("unique")
