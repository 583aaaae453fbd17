"""`./suifang talk PATHWAY`: a text conversation in the terminal, through the same conversation code as a call."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from agent.attempts.retries import RetryPolicy
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt, Channel
from agent.model.problem import ContentError
from agent.model.turn import Turn, TurnKind
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from commands.dialogue_service import dialogue_service
from commands.talk_again import Again, read_script
from commands.talk_repro import Talk, write_repro
from folders import NLU_DATA, PATHWAYS
from machine import plan
from machine.setup import set_up
from machine.steps import SetupFailed
from settings import Settings, load
from wiring.calling_hours import calendar_of
from wiring.practice import PLAYED_YEAR, play_someone

HELP = """您扮演王建国，1955 年出生，手机尾号 0099。说的话直接输入；/安静 没有回答，/按键 1 按键，/挂断 结束"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pathway", help="a folder of dialogs/pathways, e.g. heart_failure")
    parser.add_argument("--node", type=int, help="day after discharge (default: the first node)")
    parser.add_argument("--repro", type=Path, help="write the talk down as a case, a new file of the pathway's cases/")
    parser.add_argument("--again", type=Path, help="say a written talk again and show where the replies differ now")
    parser.add_argument("--as-chat", action="store_true", help="chat wording instead of the telephone's")


def run(args: argparse.Namespace) -> int:
    console = Console()
    settings = load()
    if args.repro and args.repro.exists():
        console.print(f"{args.repro} 已经有了：换一个文件名，或者先删掉它", style="red")
        return 1
    try:
        set_up(plan.for_talk(settings), console)
        return asyncio.run(_talk(args, settings, console))
    except (SetupFailed, ContentError) as problem:
        console.print(str(problem), style="red")
        return 1


async def _talk(args: argparse.Namespace, settings: Settings, console: Console) -> int:
    shelf = PathwayShelf(PATHWAYS)
    pathway = shelf.get(args.pathway)
    channel = Channel.TERMINAL if args.as_chat else Channel.PHONE
    script = read_script(args.again, _usual(channel)) if args.again else None
    wanted = args.node if args.node is not None else script.node if script else None
    node = wanted if wanted is not None else pathway.nodes[0].day
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'talk.db'}"
        await asyncio.to_thread(migrate, url)
        store = await open_store(url)
        try:
            async with dialogue_service(settings.data / "terminal") as dialogue:
                calls = calendar_of(settings).next_open
                hospital = Hospital(settings.hospital, settings.callback_number, drafts=True, next_open=calls)
                reader = Reader(content.load(NLU_DATA))
                stages = Stages(store, reader, dialogue.decider, shelf, hospital, RetryPolicy(), utc_now, new_id)
                born = script.birth_year if script else PLAYED_YEAR
                attempt = await play_someone(store, pathway, node, channel, born)
                await _converse(Conversation(stages), attempt, console, Again(script) if script else None)
                await _show_record(store, attempt.contact_id, console)
                if args.repro:
                    await _write_repro(store, attempt, Talk(pathway.title, node, channel), args.repro)
                    console.print(f"已写入 {args.repro}", style="dim")
        finally:
            await store.close()
    return 0


async def _converse(conversation: Conversation, attempt: Attempt, console: Console, again: Again | None) -> None:
    """Turn by turn with whoever types, or with a talk that was written down."""
    if again is None:
        console.print(HELP, style="dim")
    kind, text = TurnKind.START, ""
    while True:
        turn = Turn(new_id(), attempt.contact_id, attempt.id, attempt.channel, kind, utc_now(), text)
        reply = await conversation.receive(turn)
        for sentence in reply.sentences:
            console.print(f"[bold]机器人[/bold] {sentence}")
        then = again.otherwise("".join(reply.sentences)) if again else None
        if then is not None:
            console.print(f"  原来说 {then}", style="yellow")
        if reply.end or kind is TurnKind.HANGUP:
            break
        kind, text = again.next() if again else await asyncio.to_thread(_patient_input, attempt.channel)
        if again:
            console.print(f"患者   {text or kind}", markup=False)
    if again:
        console.rule(f"重说一遍：{again.heard} 句里 {again.different} 句和原来不同")


def _usual(channel: Channel) -> TurnKind:
    return TurnKind.SPEECH if channel is Channel.PHONE else TurnKind.TEXT


def _patient_input(channel: Channel) -> tuple[TurnKind, str]:
    try:
        line = input("患者   ").strip()
    except EOFError:
        return TurnKind.HANGUP, ""
    if line == "/挂断":
        return TurnKind.HANGUP, ""
    if line in ("", "/安静"):
        return TurnKind.SILENCE, ""
    if line.startswith("/按键"):
        return TurnKind.DIGITS, line.removeprefix("/按键").strip()
    return _usual(channel), line


async def _write_repro(store: Store, attempt: Attempt, talk: Talk, path: Path) -> None:
    async with store.transaction(write=False) as records:
        patient = await records.patient(attempt.patient_id)
        turns = await records.turns(attempt.contact_id)
    await asyncio.to_thread(write_repro, path, talk, patient, turns)


async def _show_record(store: Store, contact_id: str, console: Console) -> None:
    async with store.transaction(write=False) as records:
        contact = await records.contact(contact_id)
        answers, findings = await records.answers(contact_id), await records.findings(contact_id)
        escalations = await records.escalations(patient_id=contact.patient_id)
    console.rule(f"记录：{contact.status}（{contact.reason}）")
    for answer in answers:
        doubt = "（未核对）" if answer.unconfirmed else ""
        console.print(f"答案  {answer.question} = {answer.value}{answer.unit or ''}{doubt}   「{answer.raw}」")
    for _, finding in findings:
        console.print(f"发现  {finding.label} {finding.status}   「{finding.surface}」 {finding.reason}")
    for escalation in escalations:
        console.print(f"预警  {escalation.level} {escalation.reason}   「{escalation.evidence.words}」")
