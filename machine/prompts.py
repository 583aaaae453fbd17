"""Renders ahead what the robot will say, where the pack that travels with the code does not have it."""

import asyncio
from collections.abc import Sequence

from agent.speech.choose import choose_voice, fallback_voice, plan_voice
from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, kokoro_id
from agent.speech.pack import Pack, line_key
from agent.speech.prompts import SEED_PACK, PromptCache
from machine.steps import Step
from settings import Settings

SECONDS_A_SENTENCE = 2.0  # two idle cores


def prompts_step(settings: Settings, texts: Sequence[str]) -> Step:
    """The sentences that are neither in the pack nor rendered by an earlier run."""
    missing = _missing(settings, texts) if plan_voice(settings.data, settings.voice).name == "kokoro" else []

    def render() -> None:
        voice, _ = choose_voice(settings.data, wanted=settings.voice)
        asyncio.run(PromptCache(settings.data / "prompts", voice, fallback_voice()).render_all(missing))

    title = f"{len(missing)} sentences in the natural voice"
    return Step(title, SECONDS_A_SENTENCE * len(missing), lambda: not missing, render, needed=False)


def _missing(settings: Settings, texts: Sequence[str]) -> list[str]:
    """Found out without loading the voice."""
    packed = Pack(SEED_PACK).entries
    keys = {text: line_key(kokoro_id(DEFAULT_STYLE, DEFAULT_SPEED), text) for text in texts}
    folder = settings.data / "prompts"
    return [text for text, key in keys.items() if key not in packed and not (folder / key[:2] / f"{key}.ulaw").exists()]
