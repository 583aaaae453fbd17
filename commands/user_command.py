"""`./suifang user`: add a user, set a password, list who there is."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from agent.model.record import Role, User
from agent.store.open import migrate, open_store
from agent.store.passwords import WeakPassword, generate_password, hash_password
from agent.store.ports import Duplicate, Records, StoreError
from settings import SettingsError, load


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|password|list")
    add = actions.add_parser("add", help="add a user")
    add.add_argument("name", help="what the user types to log in")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--department", help="whose patients they see, as 心血管内科; everybody's where left out")
    add.add_argument("--display-name", help="what the pages show; the login name where left out")
    password = actions.add_parser("password", help="set a user's password")
    password.add_argument("name")
    for each in (add, password):
        each.add_argument("--generate", action="store_true", help="make a password and print it once")
    actions.add_parser("list", help="who there is")


def run(args: argparse.Namespace) -> int:
    try:
        return _run(args, load().database)
    except (SettingsError, StoreError) as error:
        print(f"suifang user: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 1


def _run(args: argparse.Namespace, database: str) -> int:
    migrate(database)
    if args.action == "list":
        return asyncio.run(_with_records(database, _list))
    try:
        secret = generate_password() if args.generate else _prompt()
        hashed = hash_password(secret)
    except WeakPassword as weak:
        print(f"suifang user: {weak}", file=sys.stderr)
        return 1
    change = _add(args, hashed) if args.action == "add" else _set_password(args, hashed)
    code = asyncio.run(_with_records(database, change))
    if code == 0 and args.generate:
        print(f"password of {args.name} (shown once, to be changed at the first login): {secret}")
    return code


def _prompt() -> str:
    """From the terminal unseen and twice; from a pipe one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("password: ")
    if getpass.getpass("again: ") != first:
        raise WeakPassword("the two passwords differ")
    return first


Change = Callable[[Records], Awaitable[int]]


async def _with_records(database: str, change: Change) -> int:
    store = await open_store(database)
    try:
        async with store.transaction() as records:
            return await change(records)
    except Duplicate:
        print("suifang user: this name is taken; `suifang user password NAME` sets its password", file=sys.stderr)
        return 1
    finally:
        await store.close()


def _add(args: argparse.Namespace, hashed: str) -> Change:
    async def change(records: Records) -> int:
        shown = args.display_name or args.name
        await records.add_user(User(args.name, shown, Role(args.role), hashed, args.generate, args.department))
        print(f"added {args.name} as {args.role}")
        return 0

    return change


def _set_password(args: argparse.Namespace, hashed: str) -> Change:
    async def change(records: Records) -> int:
        user = await records.user(args.name)
        if user is None:
            print(f"suifang user: there is no user {args.name!r}; `suifang user list` shows all", file=sys.stderr)
            return 1
        await records.save_user(replace(user, password_hash=hashed, must_change=args.generate))
        print(f"password of {args.name} set")
        return 0

    return change


async def _list(records: Records) -> int:
    table = Table("name", "shown as", "role", "department", "must change password")
    for user in await records.users():
        due = "yes" if user.must_change else ""
        table.add_row(user.name, user.display_name, user.role.value, user.department or "", due)
    Console().print(table)
    return 0
