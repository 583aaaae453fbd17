"""`./suifang models`: what can hear and speak on this machine, and how to get more."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import folders
import settings
from agent.speech.choose import choose_voice, fallback_voice, plan_voice
from agent.speech.downloads import DOWNLOADS, DownloadFailed, fetch, remembered_hash
from agent.speech.pack import write_pack
from agent.speech.ports import VoiceFailed
from agent.speech.prompts import SEED_PACK, PromptCache
from agent.speech.second_choice import plan_second_pass
from agent.speech.weights import KOKORO, WHISPER_BASE, ModelMissing, complete, ensure, obtainable, verify
from commands.speech_lines import patient_lines, prompt_texts
from machine.speech import plan_hearing

PATIENTS_PACK = folders.ROOT / "telephony" / "simulator" / "voices"
PATIENTS = folders.ROOT / "telephony" / "simulator" / "patients"


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="models known, which are here, which are in use")
    get = actions.add_parser("get", help="fetch a model from its maker")
    get.add_argument("model", choices=[download.key for download in DOWNLOADS])
    actions.add_parser("check", help="hold every model file to its pinned SHA-256")
    for name, text in (
        ("render", "render the prompts that are not ready yet into the data folder"),
        ("pack", "bring the pack of prompts that travels with the code up to date"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("--from", dest="texts", type=Path, help="a file with one sentence a line instead")
    actions.add_parser("pack-patients", help="render the simulator's patients into their pack")


def run(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace, Path], int]] = {
        "list": _list,
        "get": _get,
        "check": _check,
        "render": _render,
        "pack": _pack,
        "pack-patients": _pack_patients,
    }
    try:
        return actions[args.action](args, settings.load().data)
    except (settings.SettingsError, DownloadFailed, ModelMissing, VoiceFailed) as problem:
        print(f"suifang models {args.action}: {problem}", file=sys.stderr)
        return 1


def progress_bar(done: int, total: int) -> None:
    if sys.stderr.isatty():
        share = f"{100 * done // total:3d} %" if total else f"{done:,}"
        print(f"\r  {share}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _list(args: argparse.Namespace, data: Path) -> int:
    for download in DOWNLOADS:
        here = "here" if (data / "models" / download.folder).is_dir() else f"./suifang models get {download.key}"
        print(f"{download.key:<15} {download.megabytes:>5} MB  {here:<34} {download.note} ({download.licence})")
    for model in (WHISPER_BASE, KOKORO):
        folder = data / "models" / model.folder
        state = "here" if complete(model, folder) else "installed" if obtainable(model, data) else "not installed"
        megabytes = sum(file.size for file in model.files) // 1_000_000
        print(f"{model.folder:<15} {megabytes:>5} MB  {state:<34} {model.licence}")
    chosen = settings.load()
    hearing = plan_hearing(chosen)
    again = plan_second_pass(chosen.second_pass, hearing, chosen.sherpa_model, data)
    for kind, choice in (("recogniser", hearing), ("second pass", again), ("voice", plan_voice(data, chosen.voice))):
        print(f"{kind} in use: {choice.name} ({choice.why})")
    return 0


def _get(args: argparse.Namespace, data: Path) -> int:
    download = next(d for d in DOWNLOADS if d.key == args.model)
    print(f"fetching {download.url} (about {download.megabytes} MB)")
    first = download.sha256 is None and remembered_hash(download.key, data) is None
    folder = fetch(download, data, progress_bar)
    print(f"{download.key} is in {folder}")
    if first:
        found = remembered_hash(args.model, data)
        print(f"No hash of this archive is published: what came now is trusted.\nSHA-256 {found}")
        print("Compare it with another machine's; a later download here must match it.")
    return 0


def _check(args: argparse.Namespace, data: Path) -> int:
    bad = 0
    for model in (WHISPER_BASE, KOKORO):
        folder = data / "models" / model.folder
        if not folder.is_dir() and not obtainable(model, data):
            print(f"{model.folder}: not installed")
            continue
        wrong = verify(model, ensure(model, data))
        bad += len(wrong)
        print(f"{model.folder}: {'wrong: ' + ', '.join(wrong) if wrong else 'every file has its pinned SHA-256'}")
    for download in DOWNLOADS:
        if (data / "models" / download.folder).is_dir():
            print(
                f"{download.key}: unpacked; archive's SHA-256 was {remembered_hash(download.key, data) or 'not seen'}"
            )
    return 1 if bad else 0


def _texts(args: argparse.Namespace) -> list[str]:
    if args.texts:
        return [line.strip() for line in args.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    return prompt_texts()


def _render(args: argparse.Namespace, data: Path) -> int:
    voice, choice = choose_voice(data, wanted=settings.load().voice)
    texts = _texts(args)
    print(f"{len(texts)} sentences, voice {voice.id} ({choice.why})")
    prompts = PromptCache(data / "prompts", voice, fallback_voice())
    failed = asyncio.run(prompts.render_all(texts, progress_bar))
    print(f"{len(texts) - len(failed)} ready, {len(failed)} could not be rendered")
    return 1 if failed else 0


def _pack(args: argparse.Namespace, data: Path) -> int:
    voice, choice = choose_voice(data)
    if choice.name != "kokoro":
        raise VoiceFailed(f"the pack is made with the natural voice: {choice.why}")
    texts = _texts(args)
    prompts = PromptCache(data / "prompts", voice)  # what an interrupted run has rendered is not rendered again
    if failed := asyncio.run(prompts.render_all(texts, progress_bar)):
        raise VoiceFailed(f"{len(failed)} sentences could not be rendered")
    rendered = write_pack([(voice.id, text) for text in texts], SEED_PACK, lambda _, text: prompts.stored(text) or b"")
    size = sum(path.stat().st_size for path in SEED_PACK.iterdir())
    print(f"{len(texts)} sentences in {SEED_PACK.relative_to(folders.ROOT)}, {rendered} of them new, {size:,} bytes")
    return 0


def _pack_patients(args: argparse.Namespace, data: Path) -> int:
    from agent.speech.kokoro_voice import DEFAULT_SPEED, KokoroEngine, KokoroVoice

    engine = KokoroEngine(ensure(KOKORO, data))
    lines = patient_lines(PATIENTS)
    voices = {style: KokoroVoice(engine, style, DEFAULT_SPEED) for style, _ in lines}
    rendered = write_pack(lines, PATIENTS_PACK, lambda style, text: voices[style].render(text), progress_bar)
    print(f"{len(lines)} lines of {len(voices)} voices, {rendered} rendered now")
    return 0
