"""`./suifang bench call`: how well a call listens. Each part alone with --only."""

import argparse
import asyncio
import sys
from typing import Any

from bench import call_voices
from settings import load


def _response(args: argparse.Namespace) -> dict[str, Any]:
    from bench.call_response import measure

    return asyncio.run(measure(rasa=args.rasa))


def _cutoffs(args: argparse.Namespace) -> dict[str, Any]:
    from bench import call_cutoffs, call_cutoffs_heard

    return {**call_cutoffs.measure(), "real_audio": call_cutoffs_heard.measure(load().data)}


def _bargein(args: argparse.Namespace) -> dict[str, Any]:
    from agent.speech.none import NoRecogniser
    from bench.call_bargein import measure
    from bench.call_recogniser import TimedRecogniser, whisper

    decoder = None if args.deaf else whisper(load().data)
    recogniser = TimedRecogniser(decoder) if decoder else NoRecogniser()
    return {"recogniser": recogniser.name, **measure(recogniser, args.share, wide=args.wide)}


def _load(args: argparse.Namespace) -> dict[str, Any]:
    from bench import call_load

    return call_load.run(args.calls)


def _faults(args: argparse.Namespace) -> dict[str, Any]:
    from bench import call_dialling, call_faults

    calls = call_faults.run(round(1_000 * args.share))
    return {**calls, "carrier_500s": call_dialling.run(round(200 * args.share))}


def _memory(args: argparse.Namespace) -> dict[str, Any]:
    from bench import call_memory

    return call_memory.measure(max(1, round(30 * args.share)))


def _pipecat(args: argparse.Namespace) -> dict[str, Any]:
    from bench.call_pipecat import measure

    return measure(load().data)


PARTS = {
    "response": _response,
    "cutoffs": _cutoffs,
    "bargein": _bargein,
    "load": _load,
    "faults": _faults,
    "memory": _memory,
    "pipecat": _pipecat,
}
ON_REQUEST = ("pipecat",)  # installs 410 MB that nothing else needs


def _parts(text: str) -> list[str]:
    parts = text.split(",")
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: known are {', '.join(PARTS)}")
    return parts


def run(rest: list[str]) -> dict[str, Any]:
    """The figures of the chosen parts; a part whose material is missing says what is missing."""
    parser = argparse.ArgumentParser(prog="suifang bench call")
    usual = [part for part in PARTS if part not in ON_REQUEST]
    parser.add_argument("--only", type=_parts, default=usual, help=f"parts, by comma: {','.join(PARTS)}")
    parser.add_argument("--rasa", action="store_true", help="response: with the real dialogue service")
    parser.add_argument("--share", type=float, default=1.0, help="bargein, faults, memory: this share of the trials")
    parser.add_argument("--wide", action="store_true", help="bargein: 266 sounds of more kinds")
    parser.add_argument("--deaf", action="store_true", help="bargein: without a recogniser, by the sound alone")
    parser.add_argument("--calls", type=int, default=150, help="load: so many calls at once")
    parser.add_argument("--render", action="store_true", help="make the pack of voices anew (needs the neural voice)")
    args = parser.parse_args(rest)
    if args.render:
        rendered = call_voices.render(load().data, lambda done, of: print(f"{done}/{of}", file=sys.stderr))
        return {"rendered": rendered}
    found: dict[str, Any] = {}
    for part in args.only:
        try:
            found[part] = PARTS[part](args)
        except call_voices.VoicesMissing as missing:
            found[part] = {"missing": str(missing)}
    return found
