"""What the people of `bench call` say, in several voices; a pack of it travels with the code (bench/voices).

`./suifang bench call --render` makes the pack anew with the neural voice.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.speech.pack import Pack, line_key, write_pack
from agent.speech.ulaw import ULAW_RATE_HZ, decode, encode
from bench.hesitant import Hesitant, hesitant
from telephony.audio import line_noise

Sound = NDArray[np.float64]

PACK = Path(__file__).with_name("voices")
STYLES = ("zf_xiaoxiao", "zf_xiaobei", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunyang")
SPEED = 0.9
MURMURS = ("嗯。", "哦。", "好。", "对。", "啊。", "好的。", "嗯嗯。")
INTERRUPTIONS = (
    "等一下，我想问一个问题。",
    "我没听清楚，您再说一遍。",
    "不是的，你说错了。",
    "我现在有点不方便。",
    "您说的是哪个药？",
    "我昨天晚上胸口疼了一阵。",
    "我女儿跟你说吧。",
    "医生，我想问问伤口。",
)
OTHER_MURMURS = ("是。", "行。", "对对。", "哎。", "好好。", "行行。", "嗯，好。", "知道了。")
LIKE_MURMURS = (
    "对了，我想问一下。",
    "好像有点不对。",
    "嗯，我想问一下。",
    "啊，对不起，我没听见。",
    "好了好了，别说了。",
    "是这样的，我吃了药。",
)
TELEVISION = ("今天白天多云转晴，最高气温二十三度，北风三到四级。", "这场比赛双方打得非常激烈，观众的热情也很高。")
SPOKEN_HESITANT = (0, 2, 4, 6, 14, 15, 19, 22, 26, 28, 29, 33, 46, 47, 50, 56)
SPEECH_RMS = 3_000.0  # about -20 dB of full scale
QUIETER = 10 ** (-20 / 20)  # the line's noise under a voice


class VoicesMissing(Exception):
    """Neither the pack nor the neural voice is there."""


def spoken_hesitant() -> list[tuple[str, Hesitant]]:
    """(style, answer) of those that are rendered too."""
    answers = hesitant()
    return [(STYLES[1 + number % 5], answers[index]) for number, index in enumerate(SPOKEN_HESITANT)]


def other_murmurs() -> list[tuple[str, str]]:
    """(style, text), each in three voices."""
    return [(STYLES[(at + 2 * turn) % 6], text) for turn in range(3) for at, text in enumerate(OTHER_MURMURS)]


def lines() -> list[tuple[str, str]]:
    """Every (style, text) of the pack."""
    said = [*product(STYLES, MURMURS), *product(STYLES[1:], INTERRUPTIONS), *product(STYLES, TELEVISION)]
    said += [*product(STYLES[1:], LIKE_MURMURS), *other_murmurs()]
    return [*said, *((style, piece) for style, answer in spoken_hesitant() for piece in answer.pieces)]


def render(folder: Path, progress: Callable[[int, int], None]) -> int:
    """Makes the pack with the voice of the data folder; returns how many lines were rendered. Raises VoicesMissing."""
    from agent.speech.choose import plan_voice
    from agent.speech.kokoro_voice import KokoroEngine, KokoroVoice

    choice = plan_voice(folder)
    if choice.name != "kokoro" or choice.folder is None:
        raise VoicesMissing(f"the pack is made with the neural voice: {choice.why}")
    engine = KokoroEngine(choice.folder, threads=1)
    voices = {style: KokoroVoice(engine, style, SPEED) for style in STYLES}
    return write_pack(lines(), PACK, lambda style, text: voices[style].render(text), progress)


def voices() -> Callable[[str, str], Sound]:
    """(style, text) -> 8 kHz samples at one loudness. Raises VoicesMissing."""
    pack = Pack(PACK)
    if not pack.entries:
        raise VoicesMissing("bench/voices is empty: make it with `./suifang bench call --render` (needs group neural)")

    def say(style: str, text: str) -> Sound:
        ulaw = pack.ulaw(line_key(style, text))
        if ulaw is None:
            raise VoicesMissing(f"bench/voices lacks a line of {style}: `./suifang bench call --render`")
        return levelled(decode(ulaw).astype(np.float64))

    return say


def levelled(sound: Sound, rms: float = SPEECH_RMS) -> Sound:
    voiced = sound[np.abs(sound) > 0.05 * np.abs(sound).max(initial=1.0)]
    return sound * (rms / max(1.0, float(np.sqrt(np.mean(voiced**2))))) if len(voiced) else sound


def onset_seconds(sound: Sound) -> float:
    """Where the sound rises above a fiftieth of its peak."""
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max(initial=1.0))
    return float(loud[0]) / ULAW_RATE_HZ if len(loud) else 0.0


def cough(seed: int) -> Sound:
    """One to three bursts of shaped noise: a sharp start, some tenths of a second of decay, most of it below 2 kHz."""
    random = np.random.default_rng(seed)
    parts = []
    for _ in range(int(random.integers(1, 4))):
        seconds = float(random.uniform(0.12, 0.3))
        at = np.arange(int(seconds * ULAW_RATE_HZ)) / ULAW_RATE_HZ
        burst = np.convolve(random.standard_normal(len(at)), np.ones(3) / 3, "same")
        shape = np.minimum(at / 0.008, 1.0) * np.exp(-at / float(random.uniform(0.05, 0.1)))
        parts += [burst * shape, np.zeros(int(float(random.uniform(0.08, 0.3)) * ULAW_RATE_HZ))]
    return levelled(np.concatenate(parts), SPEECH_RMS * float(random.uniform(0.8, 1.6)))


def television(say: Callable[[str, str], Sound], seed: int, seconds: float) -> Sound:
    """Several voices at once, 18 to 26 dB below somebody at the telephone, with the room's dull sound."""
    random = np.random.default_rng(seed)
    length = int(seconds * ULAW_RATE_HZ)
    mixed = np.zeros(length)
    for style in random.choice(len(STYLES), int(random.integers(1, 4)), replace=False):
        spoken = np.concatenate([say(STYLES[style], text) for text in TELEVISION])
        mixed += np.resize(np.roll(spoken, -int(random.integers(0, len(spoken)))), length)
    dull = np.convolve(mixed, np.ones(3) / 3, "same")
    return levelled(dull, SPEECH_RMS * 10 ** (-float(random.uniform(18, 26)) / 20))


def on_the_line(seconds: float, seed: int, *placed: tuple[float, Sound]) -> bytes:
    """mu-law of a telephone line with noise and these sounds from these seconds on."""
    total = line_noise(int(seconds * ULAW_RATE_HZ), SPEECH_RMS * QUIETER, seed)
    for start, sound in placed:
        first = int(start * ULAW_RATE_HZ)
        piece = sound[: max(0, len(total) - first)]
        total[first : first + len(piece)] += piece
    return encode(np.clip(total, -32_768, 32_767).astype(np.int16))
