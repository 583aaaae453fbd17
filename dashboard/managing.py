"""What an administrator does to an account: one transaction each, with its event."""

import re
import secrets
from dataclasses import dataclass, replace

from agent.model.record import Event, Role, User
from agent.store.ports import Duplicate, NotFound, Records
from dashboard.deps import DashboardDeps

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,31}")
LONGEST = 40


class Refused(Exception):
    """Why it is not done, in Chinese."""


@dataclass(frozen=True, slots=True)
class Account:
    """As a form gives it."""

    display_name: str
    role: Role
    department: str | None

    @staticmethod
    def of(display_name: str, role: str, department: str) -> "Account":
        """Raises Refused."""
        if not display_name or role not in set(Role):
            raise Refused("请填写姓名并选择角色")
        return Account(display_name[:LONGEST], Role(role), department[:LONGEST] or None)


@dataclass(frozen=True, slots=True)
class Managing:
    """By one administrator; each raises Refused, NotFound for a user there is not."""

    deps: DashboardDeps
    actor: str

    async def add(self, name: str, account: Account, hashed: str) -> None:
        if not NAME.fullmatch(name):
            raise Refused("登录名用小写字母和数字，2 到 32 个字符")
        user = User(name, account.display_name, account.role, hashed, True, account.department)
        try:
            async with self.deps.store.transaction() as records:
                await records.add_user(user)
                await self._note(records, name, "created")
        except Duplicate:
            raise Refused("这个登录名已有人用") from None

    async def edit(self, name: str, account: Account) -> None:
        """Another role or department holds from the next page on."""
        await self._change(
            name, "edited", display_name=account.display_name, role=account.role, department=account.department
        )

    async def disable(self, name: str) -> None:
        await self._change(name, "disabled", disabled=True, seal=secrets.token_hex(8))

    async def enable(self, name: str) -> None:
        await self._change(name, "enabled", disabled=False)

    async def sign_out(self, name: str) -> None:
        """Everywhere, at once."""
        await self._change(name, "signed_out", seal=secrets.token_hex(8))

    async def new_password(self, name: str, hashed: str) -> None:
        await self._change(name, "password_reset", password_hash=hashed, must_change=True)

    async def _change(self, name: str, what: str, **values: object) -> None:
        async with self.deps.store.transaction() as records:
            before = await records.user(name)
            if before is None:
                raise NotFound("users")
            after = replace(before, **values)  # type: ignore[arg-type]
            if _rules(before) and not _rules(after):
                others = [each for each in await records.users() if each.name != name and _rules(each)]
                if not others:
                    raise Refused("至少要留一个可以登录的管理员")
            await records.save_user(after)
            await self._note(records, name, what)

    async def _note(self, records: Records, name: str, what: str) -> None:
        await records.add_event(Event("user", name, None, what, self.deps.now(), self.actor))


def _rules(user: User) -> bool:
    return user.role is Role.ADMIN and not user.disabled
