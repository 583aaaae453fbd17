"""Whether this machine can hear with sherpa-onnx, and why not. Imports nothing heavy until a model is loaded."""

from pathlib import Path

from agent.speech.choose import Choice, installed
from agent.speech.ports import Recogniser, RecogniserFailed
from agent.speech.sherpa_adapter import Kind, SherpaModel, inspect, load


def sherpa_models(named: Path | None, data_folder: Path) -> list[SherpaModel]:
    """The named folder's model, or those of <data>/models/sherpa-onnx-*."""
    folders = [named.expanduser()] if named else sorted((data_folder / "models").glob("sherpa-onnx-*"))
    return [model for model in map(inspect, folders) if model is not None]


def plan_sherpa(named: Path | None, data_folder: Path, *, whole: bool = False) -> Choice:
    """What would be loaded: for calls a streaming model where there is one; `whole`: SenseVoice where there is one."""
    models = sherpa_models(named, data_folder)
    if not installed("sherpa_onnx"):
        return Choice("none", "sherpa-onnx is not installed (group sherpa)")
    if not models:
        return Choice("none", f"{named} holds no sherpa-onnx model" if named else "no sherpa-onnx model")
    chosen = next((model for model in models if (model.kind is Kind.SENSE_VOICE) is whole), models[0])
    return Choice("sherpa", f"a {chosen.kind} model is in {chosen.folder}", chosen.folder)


def choose_sherpa(choice: Choice, deadline_seconds: float = 10.0) -> tuple[Recogniser | None, Choice]:
    """Loads what was planned; None with the reason where it does not load."""
    if choice.folder is None:
        return None, choice
    try:
        return load(choice.folder, deadline_seconds=deadline_seconds), choice
    except RecogniserFailed as failed:
        return None, Choice("none", f"sherpa-onnx did not load {choice.folder} ({failed.code})")
