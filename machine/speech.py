"""The recogniser, the voice and the prompt cache of this process, by its settings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.speech.choose import Choice, choose_recogniser, choose_voice, fallback_voice
from agent.speech.ports import Recogniser
from agent.speech.prompts import PromptCache
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
    vosk, whisper = (str(path) if path else None for path in (settings.vosk_model, settings.whisper_model))
    recogniser, hearing = choose_recogniser(settings.data, vosk, whisper, settings.recogniser, around)
    voice, speaking = choose_voice(settings.data, threads=1, wanted=settings.voice)
    prompts = PromptCache(settings.data / "prompts", voice, fallback_voice())
    about = {
        "recogniser": recogniser.name,
        "recogniser_why": hearing.why,
        "voice": voice.id,
        "voice_why": speaking.why,
    }
    return Speech(recogniser, prompts, hearing, about)
