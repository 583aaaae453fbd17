"""`./suifang ledger`: every contact due on a day and what became of it; exit code 1 while one is adrift."""

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rich.console import Console
from rich.table import Table

from agent.model import ledger as accounts
from agent.model import message_account
from agent.model.clock import HOSPITAL_ZONE, utc_now
from agent.model.contact import Contact, ContactStatus
from agent.model.ledger import LedgerDay
from agent.model.message_account import STUCK_AFTER, MessageAccount
from agent.model.trunk import Circuit
from agent.schedule.calendar_file import CalendarError
from agent.store.open import open_store
from agent.store.ports import StoreError
from settings import Settings, SettingsError, load
from wiring.calling_hours import PASSED_OVER_HOURS, calendar_of

MESSAGE_GROUPS = (
    ("arrived", "已送达", message_account.ARRIVED),
    ("sent", "平台已收下", message_account.SENT),
    ("failed", "没有送达，有原因", message_account.FAILED),
    ("open", "待发", message_account.OPEN),
)
GROUPS = (
    ("done", "完成", accounts.DONE),
    ("with_a_nurse", "部分完成，已转护士", accounts.WITH_A_NURSE),
    ("failed", "未联系上或拒绝", accounts.FAILED),
    ("waived", "免除", accounts.WAIVED),
    ("open", "待办，有下一次时间", accounts.OPEN),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=date.fromisoformat, help="the hospital's day, e.g. 2026-11-21 (default: today)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    try:
        settings = load()
        now = utc_now()
        day = args.day or now.astimezone(HOSPITAL_ZONE).date()
        found = asyncio.run(_load(settings, day, now))
    except (SettingsError, CalendarError, StoreError) as error:
        print(f"suifang ledger: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _show(found)
    return 0 if found.account.closed and found.messages.closed else 1


@dataclass(frozen=True, slots=True)
class Found:
    """`adrift`: contacts that nothing moves; `broken`: trunks that are down, by name."""

    account: LedgerDay
    messages: MessageAccount
    adrift: list[Contact]
    broken: list[str]


async def _load(settings: Settings, day: date, now: datetime) -> Found:
    since = datetime.combine(day, time(), HOSPITAL_ZONE)
    until = since + timedelta(days=1)
    overdue = calendar_of(settings).open_hours_ago(now, PASSED_OVER_HOURS)
    store = await open_store(settings.database)
    try:
        async with store.transaction(write=False) as records:
            account = await records.ledger(day, since=since, until=until, overdue_before=overdue)
            messages = await records.message_account(since=since, until=until, stuck_before=now - STUCK_AFTER)
            adrift = list(await records.contacts_adrift(overdue_before=overdue, limit=50))
            broken = [trunk.name for trunk in await records.trunks() if trunk.circuit is not Circuit.CLOSED]
            return Found(account, messages, adrift, broken)
    finally:
        await store.close()


def _as_json(found: Found) -> dict[str, object]:
    account, messages = found.account, found.messages
    return {
        "day": account.day.isoformat(),
        "due": account.due,
        **{key: account.of(statuses) for key, _, statuses in GROUPS},
        "brought_forward_from_earlier_days": account.brought_forward,
        "adrift": account.adrift,
        "adrift_contacts": [contact.id for contact in found.adrift],
        "messages": {
            "written": messages.total,
            **{key: messages.of(statuses) for key, _, statuses in MESSAGE_GROUPS},
            "failures": dict(messages.failures),
            "stuck": messages.stuck,
        },
        "closed": account.closed and messages.closed,
        "trunks_down": found.broken,
    }


def _show(found: Found) -> None:
    account = found.account
    console = Console(highlight=False)
    table = Table(title=f"{account.day} 随访台账", show_header=False)
    table.add_row("应随访", str(account.due), style="bold")
    for _, label, statuses in GROUPS:
        table.add_row(f"  {label}", str(account.of(statuses)))
    table.add_row("前几天顺延到这一天", str(account.brought_forward))
    table.add_row("没有人推进", str(account.adrift), style="bold red" if account.adrift else "")
    _add_messages(table, found.messages)
    console.print(table)
    if account.closed and found.messages.closed:
        console.print("账已结平")
    else:
        console.print("账没有结平：有随访没有人推进，或有消息没有发出、没有原因", style="red")
    for contact in found.adrift:
        since = contact.due_at.astimezone(HOSPITAL_ZONE)
        stands = "显示进行中，却没有通话" if contact.status is ContactStatus.IN_PROGRESS else "早该拨出"
        console.print(f"  {contact.id}  {contact.pathway} 第 {contact.node_day} 天  {since:%m-%d %H:%M}  {stands}")
    for trunk in found.broken:
        console.print(f"线路 {trunk} 不通，已停止外呼；系统每分钟试拨一次，恢复后自动继续", style="red")


def _add_messages(table: Table, messages: MessageAccount) -> None:
    table.add_row("消息", str(messages.total), style="bold")
    for _, label, statuses in MESSAGE_GROUPS:
        table.add_row(f"  {label}", str(messages.of(statuses)))
    for code, count in sorted(messages.failures.items()):
        table.add_row(f"    {code or '没有原因'}", str(count))
    table.add_row("一小时以上没有发出", str(messages.stuck), style="bold red" if messages.stuck else "")
