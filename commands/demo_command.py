"""`./suifang demo`: everything set up, a discharge list imported, six calls made, what came of them."""

import argparse
import asyncio
import json
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table

from agent.dialog.pathway_loader import load_all
from agent.model.answer import Answer
from agent.model.clock import utc_now
from agent.model.contact import ContactStatus
from agent.model.escalation import Escalation
from folders import PATHWAYS
from machine import demo, demo_report, plan
from machine.processes import ChildFailed
from machine.prompts import prompts_step
from machine.served import free_port
from machine.setup import clock, set_up
from machine.steps import SetupFailed
from settings import Settings, SettingsError, load
from wiring.chat import links_of
from wiring.planning import planner_of

OUTCOMES = {
    "completed": "完成",
    "hung_up": "中途挂断",
    "no_answer": "无人接听",
    "busy": "占线",
    "red_flag": "红色预警",
    "declined": "拒绝",
    "wrong_person": "不是本人",
    "technical": "系统故障",
    "failed": "未接通",
    "postponed": "改期",
    "voicemail": "语音信箱",
    "powered_off": "关机",
    "out_of_reach": "无法接通",
    "suspended": "停机",
    "restricted": "呼入限制",
    "no_such_number": "空号",
    "call_assistant": "智能助理代接",
    "transferred": "已转接护士",
}
STATUSES = {
    "completed": "完成",
    "partial": "部分完成",
    "due": "待再次触达",
    "unreachable": "联系不上",
    "declined": "拒绝",
    "waived": "免除",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="end by itself; exit code 1 if anything is amiss")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there")


def run(args: argparse.Namespace) -> int:
    console = Console()
    began = time.monotonic()
    try:
        settings = load()
        for complaint in set_up(plan.for_demo(settings), console):
            console.print(f"not set up: {complaint}", style="yellow")
        ready = time.monotonic()
        return _demo(args, settings, console, set_up_seconds=ready - began)
    except (SettingsError, SetupFailed, ChildFailed) as problem:
        console.print(str(problem), style="red")
        return 1


def _demo(args: argparse.Namespace, settings: Settings, console: Console, set_up_seconds: float) -> int:
    began = time.monotonic()
    places = demo.Places.fresh(settings.data, demo.Ports(free_port(), free_port(), free_port()))
    planner = planner_of(settings, load_all(PATHWAYS))
    with ExitStack() as stack:
        imported = asyncio.run(demo.import_sample(places, planner, demo.hospital_today(utc_now())))
        set_up([prompts_step(settings, asyncio.run(demo.sentences_due(places)))], console)
        with console.status("starting the carrier and the product") as status:
            demo.start(places, stack, lambda elapsed: status.update(f"starting … {clock(elapsed)}"))
            console.print(f"imported {len(imported.rows)} patients, {imported.plans} plans; calling those due now")
            _watch_calls(places, status)
        report = _report(places)
        seconds = time.monotonic() - began
        _print(console, report, seconds)
        if args.json:
            result = {
                **demo_report.as_json(report),
                "set_up_seconds": round(set_up_seconds, 1),
                "run_seconds": round(seconds, 1),
            }
            args.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if not args.headless:
            _stay(places, console, _chat_link(places, report))
    return 1 if report.problems else 0


def _watch_calls(places: demo.Places, status: Status) -> None:
    began = time.monotonic()

    def over() -> bool:
        under_way, ended, done = asyncio.run(demo.all_over(places, len(demo_report.EXPECTED)))
        status.update(f"calls under way: {under_way}, ended: {ended} … {clock(time.monotonic() - began)}")
        return done

    demo.wait_until(over, demo.CALLS_SECONDS, lambda: None)


def _report(places: demo.Places) -> demo_report.Report:
    calls = asyncio.run(demo.collected(places))
    folder = places.settings.recordings_folder
    report = demo_report.Report(calls, demo.carrier_calls(places), demo.about(places), folder)
    demo_report.check(report)
    return report


def _print(console: Console, report: demo_report.Report, seconds: float) -> None:
    table = Table(title="What happened", title_justify="left")
    for column in ("患者", "通话", "随访任务", "答案", "预警", "录音"):
        table.add_column(column, overflow="fold")
    for call in report.calls:
        table.add_row(
            f"{call.patient.name}\n第{call.contact.node_day}天",
            OUTCOMES.get(call.attempt.outcome, call.attempt.outcome),
            STATUSES.get(call.contact.status, call.contact.status),
            "\n".join(map(_answer, call.answers)),
            "\n".join(_escalation(each) for each in call.escalations),
            "\n".join(f"{recording.seconds:.0f} s" for recording in call.recordings),
        )
    console.print(table)
    waits = demo_report.percentiles(demo_report.latencies(report.carrier))
    console.print(f"recogniser {report.about.get('recogniser')}   voice {report.about.get('voice')}")
    if report.about.get("recogniser") == "none":
        console.print("no recogniser: the calls went by keypad; the recordings wait for a nurse", style="yellow")
    console.print(f"end of speech → audio, at the carrier: p50 {waits['p50']} s, p95 {waits['p95']} s, n {waits['n']}")
    console.print(f"calls and start took {clock(seconds)}")
    for problem in report.problems:
        console.print(f"not as expected: {problem}", style="red")


def _answer(answer: Answer) -> str:
    return f"{answer.question} = {answer.value}{answer.unit or ''}{'（未核对）' if answer.unconfirmed else ''}"


def _escalation(each: Escalation) -> str:
    start, end = each.evidence.span
    words = each.evidence.words
    at = f" @{each.evidence.audio.start:.1f} s" if each.evidence.audio else ""
    marked = f"{words[:start]}【{words[start:end]}】{words[end:]}" if words else ""
    return f"{'红' if each.level == 'red' else '黄'} {each.reason} {marked}{at}"


def _chat_link(places: demo.Places, report: demo_report.Report) -> str:
    """Where a newcomer chats as the patient who hung up in the middle, and goes on at the next question; "" where the
    calls left nobody to go on with."""
    begun = [call for call in report.calls if call.contact.status in (ContactStatus.DUE, ContactStatus.PARTIAL)]
    if not begun:
        return ""
    furthest = max(begun, key=lambda call: len(call.answers))
    address = links_of(places.settings).address(furthest.contact.id, utc_now())
    return f"{address}   as {furthest.patient.name}, born {furthest.patient.birth_year or furthest.patient.id_last4}"


def _stay(places: demo.Places, console: Console, chat_link: str) -> None:
    password = places.password_file.read_text(encoding="utf-8") if places.password_file.exists() else "(already set)"
    console.print(f"dashboard: http://127.0.0.1:{places.ports.server}   user admin   password {password}")
    if chat_link:
        console.print(f"chat as a patient: {chat_link}", soft_wrap=True)
    console.print("Ctrl-C ends the demo")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("ending")
