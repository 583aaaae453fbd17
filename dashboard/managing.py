"""What an administrator does to an account: one transaction each, with its event."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.exchange import cells
from agent.model.record import Event, Role, User
from agent.store.ports import Duplicate, NotFound, Records
from dashboard.accounts import LOGIN_NAME, LONGEST_NAME, last_who_rules, rules
from dashboard.deps import DashboardDeps
from dashboard.signon.door import awaited


class Refused(Exception):
    """Why it is not done, in Chinese."""


@dataclass(frozen=True, slots=True)
class Account:
    """As a form gives it."""

    display_name: str
    role: Role
    department: str | None
    phone: str | None = None
    sign_on: str = ""  # the login name at the house's identity provider; "" changes nothing

    @staticmethod
    def of(field: Callable[[str], str]) -> "Account":
        """Raises Refused."""
        shown, role, department = field("display_name"), field("role"), field("department")
        if not shown or role not in set(Role):
            raise Refused("请填写姓名并选择角色")
        return Account(
            shown[:LONGEST_NAME], Role(role), department[:LONGEST_NAME] or None, _phone(field("phone")),
            field("sign_on").lower()[:LONGEST_NAME],
        )  # fmt: skip


def _phone(written: str) -> str | None:
    """Raises Refused."""
    try:
        return cells.phone(written) if written else None
    except cells.BadCell as bad:
        raise Refused(f"本人电话：{bad.reason}，{bad.remedy}") from None


@dataclass(frozen=True, slots=True)
class Managing:
    """By one administrator; each raises Refused, NotFound for a user there is not."""

    deps: DashboardDeps
    actor: str

    async def add(self, name: str, account: Account, hashed: str) -> None:
        if not LOGIN_NAME.fullmatch(name):
            raise Refused("登录名用小写字母和数字，2 到 32 个字符")
        user = User(
            name, account.display_name, account.role, hashed, True, account.department, phone=account.phone,
            subject=self._subject(account),
        )  # fmt: skip
        try:
            async with self.deps.store.transaction() as records:
                await records.add_user(user)
                await self._note(records, name, "created")
        except Duplicate:
            raise Refused("这个登录名已有人用，或统一登录名已填给别的账号") from None

    async def edit(self, name: str, account: Account) -> None:
        """Another role or department holds from the next page on; for another person of the identity provider the
        open sessions end."""
        subject = self._subject(account)
        changed = {"subject": subject} if subject else {}
        try:
            await self._change(
                name, "edited", display_name=account.display_name, role=account.role, department=account.department,
                phone=account.phone, **changed,
            )  # fmt: skip
        except Duplicate:
            raise Refused("这个统一登录名已填给别的账号") from None

    async def unbind(self, name: str) -> None:
        """The house's identity provider lets nobody in to this account any more; open sessions end."""
        await self._change(name, "unbound", subject=None)

    async def disable(self, name: str) -> None:
        await self._change(name, "disabled", disabled=True, seal=secrets.token_hex(8))

    async def enable(self, name: str) -> None:
        await self._change(name, "enabled", disabled=False)

    async def sign_out(self, name: str) -> None:
        """Everywhere, at once."""
        await self._change(name, "signed_out", seal=secrets.token_hex(8))

    async def new_password(self, name: str, hashed: str) -> None:
        await self._change(name, "password_reset", password_hash=hashed, must_change=True)

    def _subject(self, account: Account) -> str | None:
        """The account waits for its owner's first login under this name."""
        sign_on = self.deps.sign_on
        return awaited(sign_on.door.issuer, account.sign_on) if sign_on and account.sign_on else None

    async def _change(self, name: str, what: str, **values: object) -> None:
        async with self.deps.store.transaction() as records:
            before = await records.user(name)
            if before is None:
                raise NotFound("users")
            after = replace(before, **values)  # type: ignore[arg-type]
            if before.subject not in (None, after.subject):  # whoever came by it is not who it belongs to now
                after = replace(after, seal=secrets.token_hex(8))
            if not rules(after) and await last_who_rules(records, before):
                raise Refused("至少要留一个可以登录的管理员")
            await records.save_user(after)
            await self._note(records, name, what)

    async def _note(self, records: Records, name: str, what: str) -> None:
        await records.add_event(Event("user", name, None, what, self.deps.now(), self.actor))
