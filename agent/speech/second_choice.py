"""Which recogniser hears recordings again after the call, and why. Imports nothing heavy until one is loaded."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent.speech.choose import Choice, installed
from agent.speech.low_priority import at_low_priority
from agent.speech.ports import Recogniser, RecogniserFailed
from agent.speech.sherpa_adapter import load
from agent.speech.sherpa_choice import plan_sherpa
from agent.speech.weights import WHISPER_BASE, ModelMissing, ensure

if TYPE_CHECKING:
    from agent.speech.whisper_decoder import WhisperSettings

DEADLINE_SECONDS = 180.0  # nobody waits on the line


def plan_second_pass(setting: str, live: Choice, sherpa: Path | None, data_folder: Path) -> Choice:
    """What `load_second_pass` would load; "none" when recordings are not heard again. `setting`: off, same, sherpa or
    whisper:<folder>; `live` is the calls' own recogniser, `sherpa` a named sherpa-onnx model."""
    if setting == "off":
        return Choice("none", "the setting says so")
    if setting == "sherpa":
        return plan_sherpa(sherpa, data_folder, whole=True)
    if setting.startswith("whisper:"):
        folder = Path(setting.removeprefix("whisper:")).expanduser()
        if not installed("faster_whisper"):
            return Choice("none", "faster-whisper is not installed (group whisper)")
        if not (folder / "model.bin").is_file():
            return Choice("none", f"{folder} holds no faster-whisper model")
        return Choice("whisper", f"a model of its own is in {folder}", folder)
    if live.name == "none":
        return Choice("none", "there is no recogniser")
    if live.name == "whisper":
        return Choice("whisper", "the calls' model with its whole window, which hears better and slower", live.folder)
    return Choice(live.name, "the calls' own recogniser", live.folder)


def load_second_pass(choice: Choice, data_folder: Path, live: Recogniser) -> Recogniser:
    """A recogniser of its own at low priority, or the calls' one where a second copy would not hear better. Blocks.
    Raises RecogniserFailed."""
    if choice.name == "sherpa" and choice.folder is not None:
        folder = choice.folder
        return at_low_priority(lambda: load(folder, deadline_seconds=DEADLINE_SECONDS))
    if choice.name != "whisper":
        return live
    from agent.speech.whisper import WhisperRecogniser

    try:
        own = choice.folder if choice.folder and (choice.folder / "model.bin").is_file() else None
        folder = own or ensure(WHISPER_BASE, data_folder)
    except ModelMissing as missing:
        raise RecogniserFailed("model_missing") from missing
    return at_low_priority(lambda: WhisperRecogniser.load(folder, _patient_settings()))


def _patient_settings() -> "WhisperSettings":
    """The whole 30 s window: .29 instead of .35 of the characters wrong, at twice the work."""
    from agent.speech.whisper_decoder import WhisperSettings

    return WhisperSettings(padding_seconds=None, workers=1, threads=1, deadline_seconds=DEADLINE_SECONDS)
