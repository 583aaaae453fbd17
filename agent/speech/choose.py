"""Which recogniser and which voice this machine can have, and why. Imports nothing heavy until one is loaded."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, KokoroEngine, KokoroVoice, kokoro_id
from agent.speech.none import NoRecogniser
from agent.speech.pack import INDEX
from agent.speech.ports import Recogniser, RecogniserFailed, Voice, VoiceFailed
from agent.speech.prompts import SEED_PACK, PackedVoice
from agent.speech.weights import KOKORO, WHISPER_BASE, JoinedModel, ModelMissing, ensure, obtainable

if TYPE_CHECKING:
    from agent.speech.whisper import Around


@dataclass(frozen=True, slots=True)
class Choice:
    """`name` is what will be used, `why` is for the reader of `doctor`, `folder` holds the model, if it has one."""

    name: str
    why: str
    folder: Path | None = None


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def vosk_folder(named: str | None, data_folder: Path) -> Path | None:
    """The Vosk model to use: the named one, else the first of <data>/models/vosk-*; None when there is none."""
    if named:
        return Path(named).expanduser()
    found = sorted(p for p in (data_folder / "models").glob("vosk-*") if (p / "am").is_dir())
    return found[0] if found else None


def plan_recogniser(
    data_folder: Path, vosk_model: str | None = None, whisper_model: str | None = None, wanted: str = "auto"
) -> Choice:
    """What `choose_recogniser` would load, found out without loading it. `wanted`: auto, vosk, whisper or none."""
    if wanted == "none":
        return Choice("none", "the setting says so: calls go on by keypad")
    refused: list[str] = []
    for plan in (_plan_vosk(vosk_model, data_folder), _plan_whisper(whisper_model, data_folder)):
        if wanted in ("auto", plan.name) and plan.folder:
            return Choice(plan.name, "; ".join([*refused, plan.why]), plan.folder)
        if wanted in ("auto", plan.name):
            refused.append(plan.why)
    return Choice("none", "; ".join(refused) + ": calls go on by keypad")


def _plan_vosk(named: str | None, data_folder: Path) -> Choice:
    folder = vosk_folder(named, data_folder)
    if not installed("vosk"):
        return Choice("vosk", "vosk is not installed")
    if folder is None:
        return Choice("vosk", "no Vosk model")
    if not (folder / "am").is_dir():
        return Choice("vosk", f"{folder} holds no Vosk model")
    return Choice("vosk", f"a Vosk model is in {folder}", folder)


def _plan_whisper(named: str | None, data_folder: Path) -> Choice:
    if not installed("faster_whisper"):
        return Choice("whisper", "faster-whisper is not installed (group whisper)")
    if named and not (Path(named) / "model.bin").is_file():
        return Choice("whisper", f"{named} holds no whisper model")
    if named:
        return Choice("whisper", f"a whisper model is in {named}", Path(named))
    if not obtainable(WHISPER_BASE, data_folder):
        return Choice("whisper", "whisper's weights are neither installed nor in the data folder")
    return Choice("whisper", "faster-whisper is installed", _folder(WHISPER_BASE, data_folder))


def choose_recogniser(
    data_folder: Path,
    vosk_model: str | None = None,
    whisper_model: str | None = None,
    wanted: str = "auto",
    around: "Around | None" = None,
) -> tuple[Recogniser, Choice]:
    """Loads the best recogniser there is; a Vosk model that does not load gives way to whisper, and whisper to none.
    `around` is put around whisper's decoder."""
    choice = plan_recogniser(data_folder, vosk_model, whisper_model, wanted)
    if choice.folder is None:
        return NoRecogniser(), choice
    try:
        return _load_recogniser(choice, data_folder, around, joined=not whisper_model), choice
    except (RecogniserFailed, ModelMissing, ImportError) as problem:
        failed = f"{choice.name} did not load ({problem})"
    if choice.name == "vosk" and wanted == "auto":
        recogniser, second = choose_recogniser(data_folder, None, whisper_model, "whisper", around)
        return recogniser, Choice(second.name, f"{failed}; {second.why}", second.folder)
    return NoRecogniser(), Choice("none", f"{failed}: calls go on by keypad")


def _load_recogniser(choice: Choice, data_folder: Path, around: "Around | None", *, joined: bool) -> Recogniser:
    folder = choice.folder or data_folder
    if choice.name == "vosk":
        from agent.speech.vosk_adapter import VoskRecogniser

        return VoskRecogniser(folder)
    from agent.speech.whisper import WhisperRecogniser

    return WhisperRecogniser.load(ensure(WHISPER_BASE, data_folder) if joined else folder, around=around)


def plan_voice(data_folder: Path, wanted: str = "auto") -> Choice:
    """What `choose_voice` would load, found out without loading it. `wanted`: auto, kokoro or pyttsx3."""
    if wanted == "pyttsx3":
        return Choice("pyttsx3", "the setting says so")
    missing = [module for module in ("onnxruntime", "misaki") if not installed(module)]
    if not missing and obtainable(KOKORO, data_folder):
        return Choice("kokoro", "the neural voice is installed", _folder(KOKORO, data_folder))
    reason = f"{' and '.join(missing)} not installed" if missing else "Kokoro's model is not installed"
    reason += " (group neural)"
    if not (shutil.which("espeak-ng") or shutil.which("espeak")):
        reason += "; espeak-ng is missing too (apt-get install espeak-ng)"
    if (SEED_PACK / INDEX).is_file():
        return Choice("packed", f"{reason}: fixed sentences in the natural voice, the others by pyttsx3")
    return Choice("pyttsx3", reason)


def choose_voice(
    data_folder: Path,
    *,
    style: str = DEFAULT_STYLE,
    speed: float = DEFAULT_SPEED,
    threads: int = 2,
    wanted: str = "auto",
) -> tuple[Voice, Choice]:
    """Loads the best voice there is."""
    choice = plan_voice(data_folder, wanted)
    if choice.name == "kokoro":
        try:
            return KokoroVoice(KokoroEngine(ensure(KOKORO, data_folder), threads), style, speed), choice
        except (VoiceFailed, ModelMissing, ImportError) as problem:
            choice = Choice("pyttsx3", f"kokoro did not load: {problem}")
    if choice.name == "packed":
        return PackedVoice(kokoro_id(style, speed)), choice
    return fallback_voice(speed), choice


def fallback_voice(speed: float = DEFAULT_SPEED) -> Voice:
    """The voice that needs no model."""
    from agent.speech.pyttsx3_voice import Pyttsx3Voice

    return Pyttsx3Voice(speed)


def _folder(model: JoinedModel, data_folder: Path) -> Path:
    return data_folder / "models" / model.folder
