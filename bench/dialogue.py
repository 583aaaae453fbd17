"""Measures the dialogue through real Rasa: the time to train, the time of one turn, load, moves, questions.

`./suifang bench dialogue [--only PART,PART]`, the parts in PARTS; each says what it measures. All of them take some
four minutes on two cores, half of that the training, which goes into a folder of its own.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.dialog import training
from agent.dialog.actions import TurnAction, parse_of
from agent.dialog.faq import FaqBook, FaqEntry, load_faq
from agent.dialog.parse import Parse, fitting_entry
from agent.dialog.rasa_client import RasaDecider
from agent.dialog.rasa_process import RasaProcess
from agent.model.move import MoveContext, MoveKind
from bench.dialogue_sets import Labelled, Moment, f1_by_label, labelled, moments
from commands.dialogue_service import dialogue_service
from folders import NLU_DATA

IDLE_TURNS = 200
TALKERS = 20
AT_ONCE = 8  # turns asked together where only their answers count
IN_CONTEXT = (
    "moves_in_context",
    "moves_in_context_fresh",
    "moves_in_context_third",
    "moves_in_context_fourth",
    "moves_in_context_fifth",
    "moves_in_context_sixth",
    "moves_in_context_seventh",
    "moves_in_context_eighth",
    "moves_in_context_ninth",
    "moves_in_context_tenth",
    "moves_in_context_eleventh",
    "moves_in_context_twelfth",
    "moves_in_context_thirteenth",
    "moves_in_context_fourteenth",
    "moves_in_context_fifteenth",
    "moves_in_context_sixteenth",
)
INTENTS = ("intents_fresh", "intents")
QUESTIONS = ("faq", "faq_walk", "faq_walk_second", "faq_fresh", "faq_second")
TURN_EVERY = 6.0  # seconds, for each talker
LOAD_SECONDS = 36.0  # six turns of each: 120 in all
TURNS_A_CONVERSATION = 20
MOMENT = MoveContext(question="breath", expect="yes_no", phase="questions")


class ListeningAction(TurnAction):
    """Our action, which also keeps what Rasa read last."""

    last = Parse("", ())

    async def answer(self, body: Any) -> dict[str, Any]:
        self.last = parse_of(body["tracker"]["latest_message"])
        return await super().answer(body)


@dataclass(frozen=True, slots=True)
class Bench:
    action: ListeningAction
    decider: RasaDecider
    rasa: RasaProcess
    entries: Mapping[str, FaqEntry]
    start_seconds: float


@asynccontextmanager
async def running(model: Path, folder: Path) -> AsyncIterator[Bench]:
    book = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True)
    action, begun = ListeningAction(book), time.monotonic()
    async with dialogue_service(folder, action, model) as dialogue:
        yield Bench(action, dialogue.decider, dialogue.process, book.entries, time.monotonic() - begun)


async def intents(bench: Bench, file: str) -> dict[str, Any]:
    """Intents by the words alone."""
    pairs: list[tuple[Labelled, str]] = []
    for sentence in labelled(file):
        await bench.decider.decide(conversation_id=f"{file}-{len(pairs)}", text=sentence.text, context=MoveContext())
        named = [guess.name for guess in bench.action.last.intents if guess.name != "nlu_fallback"]
        pairs.append((sentence, named[0]))
    scores = f1_by_label((sentence.label, said) for sentence, said in pairs)
    return {
        "sentences": len(pairs),
        "macro_f1": round(statistics.mean(scores.values()), 4),
        "accuracy": share([sentence.label == said for sentence, said in pairs]),
        "weakest": dict(sorted(((k, round(v, 3)) for k, v in scores.items()), key=lambda item: item[1])[:5]),
        "wrong": [f"{sentence.text}: {sentence.label} → {said}" for sentence, said in pairs if sentence.label != said],
    }


async def faq(bench: Bench, file: str) -> dict[str, Any]:
    """Entries found for questions in other words; what no entry answers must not be answered."""
    pairs: list[tuple[Labelled, str]] = []
    for sentence in labelled(file):
        await bench.decider.decide(conversation_id=f"faq-{len(pairs)}", text=sentence.text, context=MoveContext())
        entry = fitting_entry(bench.action.last)
        pairs.append((sentence, entry if entry and bench.entries[entry].answer else "none"))
    answerable = [(sentence.label, said) for sentence, said in pairs if sentence.label != "none"]
    return {
        "questions": len(pairs),
        "right_entry": share([right == said for right, said in answerable]),
        "wrong_entry": share([said not in (right, "none") for right, said in answerable]),
        "left_to_the_nurse": share([said == "none" for _, said in answerable]),
        "unanswerable_answered": share([said != "none" for sentence, said in pairs if sentence.label == "none"]),
        "wrong": [f"{sentence.text}: {sentence.label} → {said}" for sentence, said in pairs if sentence.label != said],
    }


async def in_context(bench: Bench, file: str) -> dict[str, Any]:
    """Moves decided right, each set many at once: the decisions do not depend on one another."""
    at_once = asyncio.Semaphore(AT_ONCE)

    async def decided(number: int, moment: Moment) -> MoveKind:
        name = f"{file}-{number}"
        async with at_once:
            return (await bench.decider.decide(conversation_id=name, text=moment.text, context=moment.context)).kind

    asked = list(moments(file))
    kinds = await asyncio.gather(*(decided(number, moment) for number, moment in enumerate(asked)))
    wrong = [
        f"{moment.name}: {moment.text}: {'|'.join(sorted(moment.right))} → {kind}"
        for moment, kind in zip(asked, kinds, strict=True)
        if kind not in moment.right
    ]
    return {"turns": len(asked), "right": round(1 - len(wrong) / len(asked), 4), "wrong": wrong}


async def latency(bench: Bench) -> dict[str, Any]:
    """One turn after another; a new conversation every 20 turns."""
    sentences = held_out_sentences()
    before, seconds = cpu_seconds(bench.rasa.pid), []
    own = time.process_time()
    for number in range(IDLE_TURNS):
        name = f"idle-{number // TURNS_A_CONVERSATION}"
        seconds.append(await timed(bench, name, sentences[number % len(sentences)]))
    return milliseconds(seconds) | {
        "cpu_ms_rasa": round(1000 * (cpu_seconds(bench.rasa.pid) - before) / IDLE_TURNS, 1),
        "cpu_ms_action_and_client": round(1000 * (time.process_time() - own) / IDLE_TURNS, 1),
    }


async def load(bench: Bench) -> dict[str, Any]:
    """20 conversations, each with a turn every 6 s."""
    sentences = held_out_sentences()
    before, seconds = cpu_seconds(bench.rasa.pid), []

    async def talker(number: int) -> None:
        await asyncio.sleep(number * TURN_EVERY / TALKERS)
        for turn in range(int(LOAD_SECONDS / TURN_EVERY)):
            took = await timed(bench, f"load-{number}", sentences[(number * 7 + turn) % len(sentences)])
            seconds.append(took)
            await asyncio.sleep(max(0.0, TURN_EVERY - took))

    await asyncio.gather(*(talker(number) for number in range(TALKERS)))
    cpu = round(1000 * (cpu_seconds(bench.rasa.pid) - before) / len(seconds), 1)
    return milliseconds(seconds) | {"conversations": TALKERS, "cpu_ms_rasa": cpu}


async def timed(bench: Bench, conversation: str, text: str) -> float:
    begun = time.monotonic()
    await bench.decider.decide(conversation_id=conversation, text=text, context=MOMENT)
    return time.monotonic() - begun


def cpu_seconds(pid: int | None) -> float:
    """CPU used so far by a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int | None) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def milliseconds(seconds: Sequence[float]) -> dict[str, Any]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"turns": len(seconds), "p50_ms": round(1000 * cuts[49], 1), "p95_ms": round(1000 * cuts[94], 1)}


def share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0


async def start(bench: Bench) -> dict[str, Any]:
    return {"seconds": round(bench.start_seconds, 1), "memory_mb": memory_mb(bench.rasa.pid)}


async def all_intents(bench: Bench) -> dict[str, Any]:
    return {name: await intents(bench, f"{name}.yml") for name in INTENTS}


async def all_questions(bench: Bench) -> dict[str, Any]:
    return {name: await faq(bench, f"{name}.yml") for name in QUESTIONS}


async def all_moves(bench: Bench) -> dict[str, Any]:
    return {name: await in_context(bench, f"{name}.yml") for name in IN_CONTEXT}


def held_out_sentences() -> list[str]:
    return [sentence.text for sentence in labelled("intents.yml")]


Part = Callable[[Bench], Awaitable[dict[str, Any]]]
PARTS: Mapping[str, Part] = {
    "start": start,
    "latency": latency,
    "load": load,
    "intents": all_intents,
    "questions": all_questions,
    "moves": all_moves,
}
TRAINING = "training"


def trained_anew() -> dict[str, Any]:
    """Today's words trained into a folder that is thrown away; seconds by the clock and of the processor."""
    before, begun = os.times(), time.monotonic()
    with TemporaryDirectory() as folder:
        training.Trainer(models=Path(folder)).train(lambda line: None)
    took, after = time.monotonic() - begun, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": round(took, 1), "cpu_seconds": round(spent, 1), "load_average": os.getloadavg()[0]}


async def measure(parts: Sequence[str]) -> dict[str, Any]:
    report: dict[str, Any] = {TRAINING: trained_anew()} if TRAINING in parts else {}
    served = [name for name in PARTS if name in parts]
    if not served:
        return report
    with TemporaryDirectory() as folder:
        async with running(training.train(), Path(folder)) as bench:
            for name in served:
                begun = time.monotonic()
                measured = await PARTS[name](bench)
                report[name] = measured | {"took_seconds": round(time.monotonic() - begun, 1)}
    return report


def run(args: list[str]) -> dict[str, Any]:
    names = (TRAINING, *PARTS)
    parser = argparse.ArgumentParser(prog="suifang bench dialogue", description=__doc__)
    parser.add_argument("--only", default=",".join(names), metavar="PART,PART", help=f"of {', '.join(names)}")
    parts = parser.parse_args(args).only.split(",")
    unknown = sorted(set(parts) - set(names))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(names)}")
    return asyncio.run(measure(parts))
