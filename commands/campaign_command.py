"""`./suifang campaign`: one-off lists (vaccination, recall, satisfaction): create, start, pause, stop, show."""

import argparse
import asyncio
import sys
from datetime import date, datetime, time

from rich.console import Console
from rich.table import Table

from agent import campaigns
from agent.model.campaign import Campaign, CampaignStatus, Selection
from agent.model.clock import HOSPITAL_ZONE, new_id, utc_now
from agent.model.people import Tier
from agent.model.problem import ContentError
from agent.schedule.calendar import CallingCalendar
from agent.schedule.calendar_file import CalendarError
from agent.store.open import open_store
from agent.store.ports import NotFound, Records, StoreError
from folders import PATHWAYS
from settings import Settings, SettingsError, load
from wiring.calling_hours import calendar_of
from wiring.campaigns import choices

WORDS = {
    CampaignStatus.DRAFT: "草稿", CampaignStatus.RUNNING: "进行中", CampaignStatus.PAUSED: "已暂停",
    CampaignStatus.STOPPED: "已停止",
}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True)
    create = what.add_parser("create", help="a list of patients as a draft; nobody is called yet")
    create.add_argument("name")
    create.add_argument("--pathway", required=True)
    create.add_argument("--diagnosis", default="", help="words anywhere in the diagnosis")
    create.add_argument("--department", default="")
    create.add_argument("--tier", choices=[tier.value for tier in Tier])
    create.add_argument("--discharged-since", type=date.fromisoformat)
    create.add_argument("--born-until", type=int, help="year of birth, e.g. 1960 for a vaccination of the older")
    for name, text in (("start", "set it going, or going on"), ("stop", "for good: what is open is waived")):
        what.add_parser(name, help=text).add_argument("id")
    pause = what.add_parser("pause", help="nobody is called before the day; it goes on by itself")
    pause.add_argument("id")
    pause.add_argument("--until", type=date.fromisoformat, required=True)
    what.add_parser("show", help="progress and projected end").add_argument("id", nargs="?")


def run(args: argparse.Namespace) -> int:
    try:
        asyncio.run(_run(args, load()))
    except (SettingsError, CalendarError, StoreError, ContentError, campaigns.CampaignRefused) as error:
        print(f"suifang campaign: {'没有这个名单' if isinstance(error, NotFound) else error}", file=sys.stderr)
        return 1
    return 0


async def _run(args: argparse.Namespace, settings: Settings) -> None:
    store, calendar = await open_store(settings.database), calendar_of(settings)
    by = campaigns.By("terminal", utc_now())
    try:
        async with store.transaction(write=args.what != "show") as records:
            if args.what == "create":
                await _create(records, args, by, settings)
            elif args.what == "start":
                await campaigns.start(records, args.id, by, calendar.next_open)
            elif args.what == "pause":
                until = calendar.next_open(datetime.combine(args.until, time(), HOSPITAL_ZONE))
                await campaigns.pause(records, args.id, until, by)
            elif args.what == "stop":
                await campaigns.stop(records, args.id, by)
            await _show(records, getattr(args, "id", None), calendar, by.at)
    finally:
        await store.close()


async def _create(records: Records, args: argparse.Namespace, by: campaigns.By, settings: Settings) -> None:
    known = {choice.pathway: choice for choice in choices(PATHWAYS, settings.data)()}
    if args.pathway not in known:
        raise campaigns.CampaignRefused(f"没有路径 {args.pathway}；可选：{'、'.join(sorted(known))}")
    chosen = known[args.pathway]
    selection = Selection(
        args.diagnosis, args.department, Tier(args.tier) if args.tier else None, args.discharged_since, args.born_until
    )
    how = (chosen.pathway, chosen.version, chosen.node_day, CampaignStatus.DRAFT)
    made = Campaign(new_id(), args.name, *how, by.at, by.actor)
    args.id, listed = made.id, await campaigns.create(records, made, selection)
    print(f"{made.id}: {listed} 位患者在名单上；`./suifang campaign start {made.id}` 开始")


async def _show(records: Records, one: str | None, calendar: CallingCalendar, now: datetime) -> None:
    table = Table("编号", "名单", "路径", "状态", "名单人数", "已结束", "待办", "预计完成", title="一次性随访")
    shown_ones = await records.campaigns() if one is None else [await records.campaign(one)]
    counts = await records.campaign_counts([each.id for each in shown_ones])
    for each in shown_ones:
        count = counts[each.id]
        end = campaigns.projected_end(each, count, now, calendar)
        shown = end.astimezone(HOSPITAL_ZONE).strftime("%m-%d %H:%M") if end else "—"
        figures = [str(count.listed), str(count.done), str(count.open), shown]
        table.add_row(each.id, each.name, each.pathway, WORDS[each.status], *figures)
    Console(highlight=False).print(table)
