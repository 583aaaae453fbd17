"""`./suifang rehearse PATHWAY`: simulated patients call; JSON on stdout, a report to read beside it."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.model.problem import ContentError
from agent.speech.weights import ModelMissing
from bench.rehearsal import voice_run
from bench.rehearsal.run import Wish, by_text, planned, results
from bench.rehearsal.voices import PatientVoices
from bench.rehearsal.words import WordsMissing
from commands.dialogue_service import dialogue_service
from machine import demo, plan
from machine.processes import ChildFailed
from machine.prompts import prompts_step
from machine.setup import set_up
from machine.steps import SetupFailed
from settings import Settings, SettingsError, load


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pathway", help="a folder of dialogs/pathways, e.g. heart_failure")
    parser.add_argument("--patients", type=int, default=50, help="how many call (default 50)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same conversations (default 1)")
    parser.add_argument("--node", type=int, metavar="DAY", help="only this node (default: all in turn)")
    parser.add_argument("--persona", action="append", default=[], help="only this kind of patient; may be repeated")
    parser.add_argument(
        "--errors",
        type=float,
        default=0.02,
        metavar="SHARE",
        help="share of characters misheard by sound, for everybody (default 0.02)",
    )
    parser.add_argument("--voice", action="store_true", help="real calls with sound, in real time")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="calls with sound at a time (default 2)")
    parser.add_argument("--out", type=Path, help="folder of the report (default: rehearsal/PATHWAY in the data folder)")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when the rehearsal could not run; what it found is in the JSON."""
    console = Console(stderr=True)
    try:
        settings = load()
        out = args.out or settings.data / "rehearsal" / args.pathway
        errors = 0.0 if args.voice else args.errors
        wish = Wish(args.pathway, args.patients, args.seed, args.node, errors, out, tuple(args.persona), args.at_once)
        planned(wish)
        rehearse = _by_voice if args.voice else _by_text
        set_up((plan.for_demo if args.voice else plan.for_talk)(settings), console)
        summary = asyncio.run(rehearse(wish, settings, console))
    except (SettingsError, SetupFailed, ChildFailed, ContentError, WordsMissing, ModelMissing, ValueError) as problem:
        console.print(str(problem), style="red")
        return 1
    json.dump(summary, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()
    return 0


async def _by_text(wish: Wish, settings: Settings, console: Console) -> dict[str, Any]:
    with console.status("starting the dialogue") as status:

        def progress(done: int) -> None:
            status.update(f"{done} of {wish.patients}")

        async with dialogue_service(wish.out / "dialogue") as dialogue:
            began = time.monotonic()
            calls = await by_text(wish, settings, dialogue.decider, progress)
    console.print(f"{len(calls)} calls in {time.monotonic() - began:.0f} s; report: {wish.out / 'report.html'}")
    return results(wish, calls, "文字")


async def _by_voice(wish: Wish, settings: Settings, console: Console) -> dict[str, Any]:
    places = voice_run.places_of(wish, settings)
    cast = await voice_run.admit_all(wish, places)
    sentences = await demo.sentences_due(places)
    await asyncio.to_thread(set_up, [prompts_step(settings, sentences)], console)
    with console.status("preparing voices") as status:
        voices = await asyncio.to_thread(PatientVoices, settings.data)
        await voice_run.render_ahead(wish, settings, voices, status.update)
        began = time.monotonic()
        sound = await voice_run.by_voice(wish, cast, places, voices, status.update)
    console.print(f"{len(cast.calls)} calls in {time.monotonic() - began:.0f} s; report: {wish.out / 'report.html'}")
    return results(wish, cast.calls, "语音", sound)
