"""`./suifang intake`: messages of the hospital's systems that wait for repair, and doing them again."""

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

from agent.exchange.hl7v2.charset import decode
from agent.exchange.hl7v2.receiver import Receiver
from agent.exchange.notice import Fault
from agent.model.clock import HOSPITAL_ZONE
from agent.model.inbound import Inbound, InboundStatus
from agent.model.problem import ContentError
from agent.store.open import open_store
from agent.store.ports import NotFound, StoreError
from commands.import_lines import table_of
from settings import Settings, SettingsError, load
from wiring.intake import parts_for, planner_for


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("list", "show", "repair"), help="what waits; one message; do it again")
    parser.add_argument("id", nargs="?", help="the message's id")
    parser.add_argument("--file", type=Path, help="repair: the mended message in place of the one that came")


def run(args: argparse.Namespace) -> int:
    """0: done; 1: still wrong; 2: cannot be done at all."""
    if args.what != "list" and not args.id:
        print(
            f"suifang intake: {args.what} needs the message's id; `./suifang intake list` shows them", file=sys.stderr
        )
        return 2
    try:
        return asyncio.run(_run(args, load(), Console()))
    except NotFound:
        print("suifang intake: there is no such message", file=sys.stderr)
    except (SettingsError, ContentError, StoreError, OSError) as error:
        print(f"suifang intake: {error}", file=sys.stderr)
    return 2


async def _run(args: argparse.Namespace, settings: Settings, console: Console) -> int:
    store = await open_store(settings.database)
    try:
        if args.what == "list":
            async with store.transaction(write=False) as records:
                _print(console, list(await records.inbound_failed(limit=200)))
            return 0
        if args.what == "show":
            async with store.transaction(write=False) as records:
                console.print(_readable((await records.inbound(args.id)).raw), markup=False, highlight=False)
            return 0
        receiver = Receiver(parts_for(settings, store, planner_for(settings)))
        mended = args.file.read_bytes() if args.file else None
        done = await receiver.again(args.id, mended)
        fixed = done.status is not InboundStatus.FAILED
        console.print(f"已完成：{done.result or done.code}" if fixed else f"仍需修复：{done.error}", markup=False)
        return 0 if fixed else 1
    finally:
        await store.close()


def _print(console: Console, waiting: list[Inbound]) -> None:
    table = table_of("需要修复的消息", "编号", "收到", "消息号", "问题", "试过")
    table.columns[0].no_wrap = True  # an id that is copied by hand
    for each in waiting:
        came = each.received_at.astimezone(HOSPITAL_ZONE)
        table.add_row(each.id, f"{came:%m-%d %H:%M}", each.control_id, each.error or "", str(each.tries))
    console.print(table if waiting else "没有需要修复的消息。")


def _readable(raw: bytes) -> str:
    try:
        text = decode(raw)
    except Fault:
        text = raw.decode("gb18030", "replace")
    return text.replace("\r", "\n")
