"""One rehearsal from settings to report: its own store, the real dialogue server, nothing of the hospital's."""

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.attempts.retries import RetryPolicy
from agent.conversation import Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.hearing.hearing_reader import HearingReader
from agent.model.clock import new_id, utc_now
from agent.store.open import migrate, open_store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Decides, Hospital
from bench.rehearsal import summary
from bench.rehearsal.call import Call
from bench.rehearsal.judge import judge
from bench.rehearsal.persona import cast, load_personas
from bench.rehearsal.report import About, write_report
from bench.rehearsal.text_run import Rehearsal, rehearse
from bench.rehearsal.words import Words
from folders import NLU_DATA, PATHWAYS
from settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    pathway: str
    patients: int
    seed: int
    node: int | None
    errors: float
    out: Path
    personas: tuple[str, ...] = ()  # only these
    at_once: int = 2  # calls with sound


def planned(wish: Wish) -> Rehearsal:
    """Raises ContentError, or ValueError for a node or persona that does not exist."""
    pathway = PathwayShelf(PATHWAYS).get(wish.pathway)
    if wish.node is not None and wish.node not in [node.day for node in pathway.nodes]:
        days = ", ".join(str(node.day) for node in pathway.nodes)
        raise ValueError(f"{wish.pathway} has no node of day {wish.node}; it has {days}")
    known = load_personas()
    if missing := set(wish.personas) - {persona.id for persona in known}:
        raise ValueError(f"no persona {', '.join(sorted(missing))}; there are {', '.join(p.id for p in known)}")
    chosen = tuple(persona for persona in known if not wish.personas or persona.id in wish.personas)
    return Rehearsal(pathway, cast(chosen, wish.patients), wish.seed, wish.errors, wish.node)


async def by_text(
    wish: Wish, settings: Settings, decider: Decides, progress: Callable[[int], None] = lambda done: None
) -> list[Call]:
    """Every call by text, through a store made for this run under `wish.out`."""
    plan = planned(wish)
    url = _fresh_store(wish.out)
    await asyncio.to_thread(migrate, url)
    store = await open_store(url)
    try:
        hospital = Hospital(settings.hospital, settings.callback_number, drafts=True)
        reader = HearingReader(Reader(content.load(NLU_DATA)))
        shelf = PathwayShelf(PATHWAYS)
        stages = Stages(store, reader, decider, shelf, hospital, RetryPolicy(), utc_now, new_id)
        return await rehearse(plan, stages, Words(), progress)
    finally:
        await store.close()


def _fresh_store(out: Path) -> str:
    folder = out / "store"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return f"sqlite:///{folder / 'rehearsal.db'}"


def results(wish: Wish, calls: Sequence[Call], how: str, sound: dict[int, str] | None = None) -> dict[str, Any]:
    """Writes report.html and conversations.json under `wish.out`; returns the summary."""
    judged = [(call, judge(call)) for call in calls]
    title = calls[0].pathway.title if calls else wish.pathway
    write_report(wish.out / "report.html", judged, About(title, wish.seed, how, wish.errors, sound or {}))
    texts = json.dumps(summary.conversations(judged), ensure_ascii=False, indent=1, default=str)
    (wish.out / "conversations.json").write_text(texts + "\n", encoding="utf-8")
    return {
        "pathway": wish.pathway,
        "seed": wish.seed,
        "how": how,
        "errors": wish.errors,
        **summary.numbers(judged),
        "by_persona": summary.by_persona(judged),
        "troubles": summary.troubles(judged),
        "report": str(wish.out / "report.html"),
    }
