"""The recogniser, the voice and the prompt cache of this process, by its settings."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agent.speech.choose import Choice, choose_recogniser, choose_voice, fallback_voice, plan_recogniser
from agent.speech.ports import Recogniser
from agent.speech.prompts import PromptCache
from agent.speech.sherpa_choice import choose_sherpa, plan_sherpa
from settings import Settings

if TYPE_CHECKING:
    from agent.speech.whisper import Around


@dataclass(frozen=True, slots=True)
class Speech:
    recogniser: Recogniser
    prompts: PromptCache
    hearing: Choice
    about: dict[str, str]  # which were chosen and why, for doctor, health and the demo


def load_speech(settings: Settings, around: "Around | None" = None) -> Speech:
    """Loads models: blocks for seconds. `around` is put around whisper's decoder."""
    recogniser, hearing = _choose_hearing(settings, around)
    voice, speaking = choose_voice(settings.data, threads=1, wanted=settings.voice)
    prompts = PromptCache(settings.data / "prompts", voice, fallback_voice())
    about = {
        "recogniser": recogniser.name,
        "recogniser_why": hearing.why,
        "voice": voice.id,
        "voice_why": speaking.why,
    }
    return Speech(recogniser, prompts, hearing, about)


def plan_hearing(settings: Settings) -> Choice:
    """What the calls would hear with, found out without loading it."""
    sherpa = plan_sherpa(settings.sherpa_model, settings.data)
    if settings.recogniser == "sherpa" and sherpa.folder:
        return sherpa
    return _instead(settings, sherpa, plan_recogniser(settings.data, *_models(settings)))


def _choose_hearing(settings: Settings, around: "Around | None") -> tuple[Recogniser, Choice]:
    """sherpa-onnx only where the setting says so; where it does not load, what the others would be."""
    sherpa = plan_sherpa(settings.sherpa_model, settings.data)
    if settings.recogniser == "sherpa":
        recogniser, sherpa = choose_sherpa(sherpa)
        if recogniser is not None:
            return recogniser, sherpa
    vosk, whisper, wanted = _models(settings)
    other, choice = choose_recogniser(settings.data, vosk, whisper, wanted, around)
    return other, _instead(settings, sherpa, choice)


def _models(settings: Settings) -> tuple[str | None, str | None, str]:
    vosk, whisper = (str(path) if path else None for path in (settings.vosk_model, settings.whisper_model))
    return vosk, whisper, "auto" if settings.recogniser == "sherpa" else settings.recogniser


def _instead(settings: Settings, sherpa: Choice, choice: Choice) -> Choice:
    """The choice, with why it is not sherpa-onnx where that was wanted or might be."""
    if settings.recogniser == "sherpa":
        return replace(choice, why=f"{sherpa.why}; {choice.why}")
    if sherpa.folder and settings.recogniser == "auto":
        return replace(choice, why=f"{choice.why}; {sherpa.why}, used with SUIFANG_RECOGNISER=sherpa")
    return choice
