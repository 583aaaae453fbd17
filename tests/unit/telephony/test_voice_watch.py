"""The line's noise is left out, and no time is: what follows it is judged and placed as if nothing had been."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from agent.speech.ulaw import decode, encode
from agent.speech.vad import CHUNK_SAMPLES, CHUNK_SECONDS, ChunkedVad, VadFrame
from telephony.audio import Upsampler
from telephony.voice_watch import BLOCK_BYTES, VoiceWatch, Watched


class LevelVad(ChunkedVad):
    """Speech is what is loud; counts what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def _probability(self, samples: np.ndarray) -> float:
        self.asked += 1
        return float(np.abs(samples.astype(float)).mean() > 500)


def sound(*parts: tuple[float, float]) -> bytes:
    """mu-law of noise: (seconds, rms) one after the other."""
    random = np.random.default_rng(7)
    noise = [random.normal(0, rms, round(seconds * 8_000)) for seconds, rms in parts]
    return encode(np.concatenate(noise).clip(-32_000, 32_000).astype(np.int16))


class Notes:
    """Writes down what it is told; `speaking` as given."""

    def __init__(self, *, speaking: bool = False) -> None:
        self.speaking = speaking
        self.told: list[Watched] = []
        self.caught_up_after: list[int] = []  # so much had been told

    def watched(self, watched: Watched) -> None:
        self.told.append(watched)

    def caught_up(self) -> None:
        self.caught_up_after.append(len(self.told))


def voiced(watch: VoiceWatch, ulaw: bytes, *, attentive: bool = False) -> tuple[list[float], list[float], int]:
    """(moments told, moments with a voice, bytes of PCM)."""
    notes = Notes(speaking=attentive)
    for at in range(0, len(ulaw), 160):
        watch.feed(ulaw[at : at + 160], notes)
    told = [moment for watched in notes.told for moment, _ in watched.voice]
    loud = [moment for watched in notes.told for moment, probability in watched.voice if probability >= 0.5]
    return told, loud, sum(len(watched.pcm) for watched in notes.told)


def test_noise_is_neither_judged_nor_upsampled_and_every_moment_is_told_once() -> None:
    vad = LevelVad()
    told, loud, pcm = voiced(VoiceWatch(vad, Upsampler()), sound((20, 60)))
    assert vad.asked < 60 and pcm < 60 * CHUNK_SAMPLES * 2 and not loud
    assert np.allclose(np.diff(told), CHUNK_SECONDS) and told[-1] > 19.9


def test_a_sound_after_long_noise_is_found_where_it_is() -> None:
    noise, loud_noise = (9.6, 60), (0.96, 3_000)
    told, loud, _ = voiced(VoiceWatch(LevelVad(), Upsampler()), sound(noise, loud_noise, noise, loud_noise, noise))
    assert np.allclose(np.diff(told), CHUNK_SECONDS)
    first, second = [moment for moment in loud if moment < 15], [moment for moment in loud if moment > 15]
    assert abs(first[0] - 9.6) < 0.07 and abs(first[-1] - 10.56) < 0.07
    assert abs(second[0] - 20.16) < 0.07 and abs(second[-1] - 21.12) < 0.07


def test_the_noise_before_a_sound_comes_with_it() -> None:
    watch = VoiceWatch(LevelVad(), Upsampler())
    voiced(watch, sound((9.6, 60)))
    notes = Notes()
    watch.feed(sound((0.032, 3_000)), notes)
    (first, *_) = [each for each in notes.told if each.pcm]
    assert first.rested and len(first.pcm) >= 6 * CHUNK_SAMPLES * 2


def test_nothing_is_left_out_while_somebody_listens() -> None:
    vad = LevelVad()
    _, _, pcm = voiced(VoiceWatch(vad, Upsampler()), sound((5, 60)), attentive=True)
    assert pcm >= (5 * 8_000 // BLOCK_BYTES - 2) * CHUNK_SAMPLES * 2
    assert vad.asked < 60  # but it is not judged either


class Lumps:
    """An upsampler that gives out the sound of three blocks at a time, as libraries' do."""

    def __init__(self) -> None:
        self._inside = bytearray()

    def feed(self, ulaw: bytes) -> bytes:
        self._inside += np.repeat(decode(ulaw), 2).tobytes()
        whole = len(self._inside) // _LUMP * _LUMP
        out = bytes(self._inside[:whole])
        del self._inside[:whole]
        return out


_LUMP = 3 * 2 * CHUNK_SAMPLES


@pytest.mark.parametrize("attentive", [True, False])
@pytest.mark.parametrize("upsampler", [Lumps, Upsampler])
def test_pauses_are_as_long_as_they_are(upsampler: type[Lumps] | type[Upsampler], attentive: bool) -> None:
    words, pause = (0.48, 3_000), (1.2, 60)
    heard = sound((2.0, 60), words, pause, words, pause, words, pause, words, (3.0, 60))
    told, loud, pcm = voiced(VoiceWatch(LevelVad(), upsampler()), heard, attentive=attentive)
    gaps = [gap for gap in np.diff(loud) if gap > 0.5]
    assert len(gaps) == 3 and all(abs(gap - 1.2) < 0.15 for gap in gaps)
    assert abs(loud[-1] - (2.0 + 4 * 0.48 + 3 * 1.2)) < 0.15
    assert np.all(np.diff(told) > 0) and told[-1] <= len(heard) / 8_000
    if attentive:
        assert len(heard) * 4 - 2 * _LUMP <= pcm <= len(heard) * 4  # no sound comes twice


class SlowVad(LevelVad):
    """A PatientVad: what it is asked it tells when it is settled."""

    def __init__(self) -> None:
        super().__init__()
        self._tell: Callable[[], None] | None = None

    def ask(self, pcm: bytes, told: Callable[[list[VadFrame]], None]) -> bool:
        assert self._tell is None
        frames = self.feed(pcm)
        if frames:
            self._tell = partial(told, frames)
        return bool(frames)

    def settle(self) -> None:
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()


@pytest.mark.parametrize("every", [1, 2, 7])
def test_judged_later_the_same_is_told_in_the_same_order(every: int) -> None:
    """Frames come while a block is judged: they wait, and nothing of them is lost or told twice."""
    heard = sound((2.0, 60), (0.48, 3_000), (1.2, 60), (0.48, 3_000), (3.0, 60))
    at_once, later = Notes(), Notes()
    watch, slow = VoiceWatch(LevelVad(), Upsampler()), VoiceWatch(SlowVad(), Upsampler())
    for number, at in enumerate(range(0, len(heard), 160)):
        watch.feed(heard[at : at + 160], at_once)
        slow.feed(heard[at : at + 160], later)
        if number % every == 0:
            slow.settle()
            while slow.judging:
                slow.settle()
            assert later.caught_up_after[-1] == len(later.told)
    while slow.judging:
        slow.settle()
    assert later.told == at_once.told
