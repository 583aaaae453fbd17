"""Many chats at once: a message each ten seconds, the time to its reply, none lost, none doubled.

The parts are the product's: SQLite, desk, conversation. The dialogue service is Rasa with `--rasa`, else yes and no as
triage reads them. Time counts from the end of the quiet time: until then the patient may still be typing."""

import argparse
import asyncio
import os
import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

from agent.attempts.retries import RetryPolicy
from agent.chat import content as chat_content
from agent.chat.desk import ChatDesk
from agent.chat.parts import ChatParts
from agent.chat.quiet import QUIET
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.message import MessageKind
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.piece import Piece, PieceKind
from agent.model.turn import Hypothesis
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Decides, Hospital
from bench.dispatch import percentiles
from commands.dialogue_service import dialogue_service
from folders import NLU_DATA, PATHWAYS
from settings import load
from wiring.chat import limits_on

SAID = ("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")
EVERY_SECONDS = 10.0
BEAT_SECONDS = 0.2


class PlainDecider:
    """A yes or no by what triage reads; anything else is an answer."""

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        return Move({"yes": MoveKind.AFFIRM, "no": MoveKind.DENY}.get(context.polarity, MoveKind.ANSWER))


def run(rest: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench chat")
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--messages", type=int, default=3, help="of each patient, ten seconds apart")
    parser.add_argument("--rasa", action="store_true", help="with the real dialogue service")
    args = parser.parse_args(rest)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # the server's own
        return runner.run(_measure(args.chats, args.messages, args.rasa))


async def _measure(chats: int, messages: int, rasa: bool) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'chat.db'}"
        await asyncio.to_thread(migrate, url)
        store = await open_store(url)
        stack.push_async_callback(store.close)
        decides: Decides = PlainDecider()
        if rasa:
            decides = (await stack.enter_async_context(dialogue_service(load().data / "terminal"))).decider
        desk = ChatDesk(parts_over(store, decides))
        patients = [await one_patient(store, number) for number in range(chats)]
        answered: dict[str, float] = {}
        times: dict[str, float] = {}
        beat = asyncio.create_task(_beat(desk, store, times, answered))
        started, spent = time.perf_counter(), _processor_seconds()
        spread = EVERY_SECONDS / chats
        await asyncio.gather(
            *(_chat(desk, each, messages, number * spread, times) for number, each in enumerate(patients))
        )
        await _settle(times, answered)
        beat.cancel()
        await desk.close()
        ours, others = (after - before for after, before in zip(_processor_seconds(), spent, strict=True))
        return {
            "chats": chats,
            "messages": len(times),
            "dialogue": "rasa" if rasa else "patterns",
            "seconds": round(time.perf_counter() - started, 1),
            "reply": percentiles([1000 * (answered[each] - times[each]) for each in answered], "ms"),
            "processor_ms_a_message": {
                "this process, patients included": round(1000 * ours / len(times), 1),
                "rasa": round(1000 * others / len(times), 1),
            },
            **await _lost_and_doubled(store, times, answered),
        }


def _processor_seconds() -> tuple[float, float]:
    """Of this process, and of those it started, as Linux counts them."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    others = 0
    for pid in children:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        others += int(fields[11]) + int(fields[12])
    return time.process_time(), others / os.sysconf("SC_CLK_TCK")


def parts_over(store: Store, decides: Decides) -> ChatParts:
    hospital = Hospital("市第一人民医院", "0571-88000000", drafts=True)
    reader = Reader(content.load(NLU_DATA))
    shelf = PathwayShelf(PATHWAYS)
    stages = Stages(store, reader, decides, shelf, hospital, RetryPolicy(), utc_now, new_id)

    async def hears(media: str) -> tuple[Hypothesis, ...]:
        return ()

    return ChatParts(
        store=store, conversation=Conversation(stages), reads=reader,
        content=chat_content.load(NLU_DATA, drafts=True), hospital=hospital,
        allowed=lambda contact: True, link_for=lambda contact: "",
        hears=hears, limits_for=limits_on(shelf), now=utc_now, new_id=new_id,
    )  # fmt: skip


async def one_patient(store: Store, number: int) -> Contact:
    now = utc_now()
    patient = Patient(new_id(), f"患者{number}", f"+86139{number:08}", "心力衰竭", Tier.HIGH, 1955, "male")
    day = (now - timedelta(days=3)).date()
    plan = Plan(new_id(), patient.id, "heart_failure", "1", day, PlanStatus.ACTIVE, now)
    contact = Contact(new_id(), plan.id, patient.id, "heart_failure", "1", 3, now, ContactStatus.DUE)
    async with store.transaction() as records:
        await records.add_patient(patient)
        await records.add_plan(plan, [contact])
    return contact


async def _chat(desk: ChatDesk, contact: Contact, messages: int, wait: float, times: dict[str, float]) -> None:
    """Opens the page, then writes every ten seconds."""
    await asyncio.sleep(wait)
    for number in range(messages + 1):
        now = utc_now()
        kind, text = (PieceKind.TEXT, SAID[(number - 1) % len(SAID)]) if number else (PieceKind.OPENED, "")
        piece = Piece(
            f"web:{contact.id}:{number}", Channel.WEBCHAT, contact.id, contact.patient_id, kind, now, now, text=text,
            contact_id=contact.id, proven=True,
        )  # fmt: skip
        times[piece.id] = time.perf_counter() + (QUIET[Channel.WEBCHAT].total_seconds() if number else 0.0)
        await desk.take(piece)
        await asyncio.sleep(EVERY_SECONDS)


async def _beat(desk: ChatDesk, store: Store, times: dict[str, float], answered: dict[str, float]) -> None:
    """The runner's heartbeat; a piece is answered once it is done, its reply stored in the same transaction."""
    while True:
        await desk.beat()
        async with store.transaction(write=False) as records:
            still = {piece.id for piece in await records.open_pieces(now=utc_now() + timedelta(days=1), limit=10**6)}
        now = time.perf_counter()
        answered.update({each: now for each in times if each not in answered and each not in still})
        await asyncio.sleep(BEAT_SECONDS)


async def _settle(times: dict[str, float], answered: dict[str, float]) -> None:
    for _ in range(600):
        if len(answered) == len(times):
            return
        await asyncio.sleep(0.1)


async def _lost_and_doubled(store: Store, times: dict[str, float], answered: dict[str, float]) -> dict[str, int]:
    async with store.transaction(write=False) as records:
        sent = [each for each in await records.messages(limit=10**6) if each.kind is MessageKind.CHAT]
    replies = Counter(each.contact_id for each in sent)
    asked = Counter(each.split(":")[1] for each in times)
    doubled = sum(max(0, replies[contact] - count) for contact, count in asked.items())
    return {"unanswered": len(times) - len(answered), "replies": len(sent), "doubled": doubled}
