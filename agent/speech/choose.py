"""Which recogniser and which voice this machine can have, and why. Imports nothing heavy until one is loaded."""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, KokoroEngine, KokoroVoice, kokoro_id
from agent.speech.none import NoRecogniser
from agent.speech.pack import INDEX
from agent.speech.ports import Recogniser, RecogniserFailed, Voice, VoiceFailed
from agent.speech.prompts import SEED_PACK, PackedVoice
from agent.speech.weights import KOKORO, WHISPER_BASE, JoinedModel, ModelMissing, ensure, obtainable


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


def plan_recogniser(data_folder: Path, vosk_model: str | None = None, whisper_model: str | None = None) -> Choice:
    """What `choose_recogniser` would load, found out without loading it."""
    vosk = vosk_folder(vosk_model, data_folder)
    reasons = []
    if vosk and not (vosk / "am").is_dir():
        reasons.append(f"{vosk} holds no Vosk model")
    elif vosk and installed("vosk"):
        return Choice("vosk", f"a Vosk model is in {vosk}", vosk)
    else:
        reasons.append("no Vosk model" if installed("vosk") else "vosk is not installed")
    if not installed("faster_whisper"):
        reasons.append("faster-whisper is not installed (group whisper)")
    elif whisper_model and (Path(whisper_model) / "model.bin").is_file():
        return Choice("whisper", f"{reasons[0]}; whisper model in {whisper_model}", Path(whisper_model))
    elif obtainable(WHISPER_BASE, data_folder):
        return Choice("whisper", f"{reasons[0]}; faster-whisper is installed", _folder(WHISPER_BASE, data_folder))
    else:
        reasons.append("whisper's weights are neither installed nor in the data folder")
    return Choice("none", "; ".join(reasons) + ": calls go on by keypad")


def choose_recogniser(
    data_folder: Path, vosk_model: str | None = None, whisper_model: str | None = None
) -> tuple[Recogniser, Choice]:
    """Loads the best recogniser there is; a model that does not load gives way to the next."""
    choice = plan_recogniser(data_folder, vosk_model, whisper_model)
    try:
        if choice.name == "vosk" and choice.folder:
            from agent.speech.vosk_adapter import VoskRecogniser

            return VoskRecogniser(choice.folder), choice
        if choice.name == "whisper" and choice.folder:
            from agent.speech.whisper import WhisperRecogniser

            folder = choice.folder if whisper_model else ensure(WHISPER_BASE, data_folder)
            return WhisperRecogniser.load(folder), choice
    except (RecogniserFailed, ModelMissing, ImportError) as problem:
        return NoRecogniser(), Choice("none", f"{choice.name} did not load: {problem}")
    return NoRecogniser(), choice


def plan_voice(data_folder: Path) -> Choice:
    """What `choose_voice` would load, found out without loading it."""
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
    data_folder: Path, *, style: str = DEFAULT_STYLE, speed: float = DEFAULT_SPEED, threads: int = 2
) -> tuple[Voice, Choice]:
    """Loads the best voice there is."""
    choice = plan_voice(data_folder)
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
