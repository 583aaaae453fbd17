"""Whisper's decoding of one utterance, blocking: sound in, hypotheses out."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.model.turn import Hypothesis
from agent.speech import short_answers, spoken_numbers
from agent.speech.broken_off import broken_off, likelier
from agent.speech.pcm import samples_of
from agent.speech.ports import PCM_RATE_HZ, RecogniserFailed
from agent.speech.transcript import tidy

_FRAMES_PER_SECOND = 100
_WINDOW_SECONDS = 30.0  # the model's own
_NEVER_SAID = frozenset("《》〈〉「」『』【】♪♫♬[]()（）<>{}*#@_~|\\^")  # noise makes the decoder loop on these
_TIMESTAMPS = 1_501  # tokens of the vocabulary's end: every 20 ms of 30 s
_ANSWER_TOKENS, _NUMBER_TOKENS, _PRESSURE_TOKENS = 10, 26, 26
_PRESSURE_BEAM = 8
_TOKENS_PER_SECOND = 12  # twice a fast talker: stops a decoder that loops
_ENCODED_PER_SECOND = 50
_TAIL_SECONDS = 0.5  # of the silence behind the words, kept when texts are held against the sound
_ALIGNED_FRAMES = 4  # only probabilities are wanted, not where in the sound the words lie


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """`padding_seconds`: silence appended instead of filling the 30 s window (None: fill it). `workers` decode at the
    same time with `threads` cores each (two workers of one thread do more on two cores than one of two). The prompt
    only sets the script: a symptom word in it would be "heard". On noise, hum and silence the model is sure of
    "no speech" (above 0.49) and unsure of its words (below -1.5 a token); on noisy speech never both."""

    beam: int = 5
    hypotheses: int = 5
    padding_seconds: float | None = 5.0
    workers: int = 2
    threads: int = 1
    no_speech_probability: float = 0.4
    no_speech_log_probability: float = -1.0
    glimpse_padding_seconds: float = 3.0  # for the one quick text that is written at a pause
    prompt: str = "以下是普通话的句子。"
    shortest_seconds: float = 0.1
    deadline_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Sound:
    """One utterance as the model hears it, and how long it lasts without the padding."""

    encoded: Any
    seconds: float


Wanted = Callable[[], bool]
"""Whether anybody still waits for the result."""


class NotWanted(Exception):
    """Decoding was given up half-way: nobody waits for it any more."""


def always() -> bool:
    return True


def _confidence(tokens: list[int], score: float) -> float:
    """From the mean log-probability of a text's tokens to that with its ending, as a probability."""
    return round(min(1.0, math.exp(score * len(tokens) / (len(tokens) + 1))), 3)


def _go_on_if(wanted: Wanted) -> None:
    if not wanted():
        raise NotWanted


def _most_tokens(seconds: float) -> int:
    return int(seconds * _TOKENS_PER_SECOND) + 16


class WhisperDecoder:
    """One loaded model, usable from `settings.workers` threads at once."""

    def __init__(self, folder: Path, settings: WhisperSettings) -> None:
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self.settings = settings
        model = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=settings.threads,
            num_workers=settings.workers,
            local_files_only=True,
        )
        self._features: Any = model.feature_extractor
        self._model: Any = model.model
        self._tokenizer: Any = Tokenizer(model.hf_tokenizer, multilingual=True, task="transcribe", language="zh")
        self._prompt = self._prompt_tokens()
        self._suppressed = [-1, *self._tokens_never_said()]  # -1: the model's own list
        self._all_but_answers = self._tokens_outside(short_answers.ANSWERS)
        self._all_but_numbers = self._tokens_outside(spoken_numbers.WORDS)
        self._all_but_pressures = self._tokens_outside(spoken_numbers.PRESSURE_WORDS)

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        """Best first, at most `settings.hypotheses`, none twice; empty when nothing was said. Raises RecogniserFailed,
        and NotWanted between two steps. Sound beyond 30 s is decoded piece by piece, and then only the best text of
        each piece is kept."""
        samples = samples_of(pcm)
        if len(samples) < self.settings.shortest_seconds * PCM_RATE_HZ:
            return ()
        longest = int(_WINDOW_SECONDS * PCM_RATE_HZ)
        pieces = [self._decode_window(samples[at : at + longest], wanted) for at in range(0, len(samples), longest)]
        if len(pieces) == 1:
            return pieces[0]
        best = [piece[0] for piece in pieces if piece]
        if not best:
            return ()
        return (Hypothesis("".join(h.text for h in best), min(h.confidence for h in best)),)

    def _prompt_tokens(self) -> list[int]:
        t = self._tokenizer
        before = [t.sot_prev, *t.encode(" " + self.settings.prompt)] if self.settings.prompt else []
        return [*before, *t.sot_sequence, t.no_timestamps]

    def _tokens_never_said(self) -> list[int]:
        return [n for n in range(self._tokenizer.eot) if _NEVER_SAID & set(self._tokenizer.decode([n]))]

    def _tokens_outside(self, texts: Iterable[str]) -> list[int]:
        inside = {self._tokenizer.eot}
        for text in texts:
            for written in (text, f"{text}。", f"{text}，"):
                inside.update(self._tokenizer.encode(written))
        return [n for n in range(self._tokenizer.timestamp_begin + _TIMESTAMPS) if n not in inside]

    def _mel(self, samples: NDArray[np.float32], padding_seconds: float | None) -> NDArray[np.float32]:
        mel: NDArray[np.float32] = self._features(samples)
        window = _WINDOW_SECONDS
        if padding_seconds is not None:
            window = min(_WINDOW_SECONDS, len(samples) / PCM_RATE_HZ + padding_seconds)
        frames = int(window * _FRAMES_PER_SECOND) // 2 * 2
        missing = max(0, frames - mel.shape[1])
        # the silence that the model knows; zeros are a sound of middling loudness to it (decision 0097)
        padded = np.pad(mel[:, :frames], ((0, 0), (0, missing)), constant_values=mel.min())
        return np.ascontiguousarray(padded[np.newaxis], np.float32)

    def listen(self, pcm: bytes, wanted: Wanted = always) -> tuple[tuple[Hypothesis, ...], Sound | None]:
        """Like `decode`, with the sound for `log_probabilities`; no sound beyond 30 s or when nothing was said."""
        samples = samples_of(pcm)
        seconds = len(samples) / PCM_RATE_HZ
        if not self.settings.shortest_seconds <= seconds <= _WINDOW_SECONDS:
            return self.decode(pcm, wanted), None
        sound = self._encode(samples, self.settings.padding_seconds)
        hypotheses = self._generate(sound.encoded, seconds, wanted)
        if broken_off(hypotheses, seconds):
            _go_on_if(wanted)
            otherwise = self._encode(samples, self.settings.glimpse_padding_seconds)
            hypotheses = likelier(hypotheses, self._generate(otherwise.encoded, seconds, wanted))
        return hypotheses, sound if hypotheses else None

    def glance(self, pcm: bytes, wanted: Wanted = always) -> tuple[tuple[Hypothesis, ...], Sound | None]:
        """Like `listen`, at half its work: the likeliest text only, step by step, nothing tried beside it. Nothing
        beyond 30 s. Raises RecogniserFailed and NotWanted."""
        samples = samples_of(pcm)
        seconds = len(samples) / PCM_RATE_HZ
        if not self.settings.shortest_seconds <= seconds <= _WINDOW_SECONDS:
            return (), None
        sound = self._encode(samples, self.settings.glimpse_padding_seconds)
        _go_on_if(wanted)
        try:
            written = self._search(sound.encoded, _most_tokens(seconds), self._suppressed, beam=1)
        except (RuntimeError, ValueError, MemoryError) as problem:
            raise RecogniserFailed("decode_failed") from problem
        hypotheses = self._hypotheses(written)
        return hypotheses, sound if hypotheses else None

    def log_probabilities(self, sound: Sound, texts: Sequence[str]) -> list[float]:
        """How likely each text is, given the sound: the sum over its tokens. Raises RecogniserFailed."""
        from ctranslate2 import StorageView

        if not texts:
            return []
        heard = np.asarray(sound.encoded)[:, : int((sound.seconds + _TAIL_SECONDS) * _ENCODED_PER_SECOND)]
        # the prompt without its end: aligning adds the token for "no time stamps" itself
        batch = StorageView.from_array(np.ascontiguousarray(np.repeat(heard, len(texts), axis=0)))
        tokens = [self._tokenizer.encode(text) for text in texts]
        try:
            aligned = self._model.align(batch, self._prompt[:-1], tokens, _ALIGNED_FRAMES)
        except (RuntimeError, ValueError, MemoryError) as problem:
            raise RecogniserFailed("score_failed") from problem
        return [float(np.log(np.maximum(each.text_token_probs, 1e-9)).sum()) for each in aligned]

    def pressures(self, sound: Sound, before: str) -> list[tuple[str, float]]:
        """What follows `before` where nothing but two pressures follows it: texts without it and their mean
        log-probability a token, likeliest first. Raises RecogniserFailed."""
        given = self._tokenizer.encode(before)
        try:
            found = self._search(sound.encoded, _PRESSURE_TOKENS, self._all_but_pressures, _PRESSURE_BEAM, given)
        except (RuntimeError, ValueError, MemoryError) as problem:
            raise RecogniserFailed("decode_failed") from problem
        pairs = zip(found.sequences_ids, found.scores, strict=True)
        # the tokens that were given come back, and count in the mean with nothing
        written = [(tokens[len(given) :], score * len(tokens)) for tokens, score in pairs if len(tokens) > len(given)]
        return [(self._tokenizer.decode(tokens), total / len(tokens)) for tokens, total in written]

    def _encode(self, samples: NDArray[np.float32], padding_seconds: float | None) -> Sound:
        from ctranslate2 import StorageView

        try:
            encoded = self._model.encode(StorageView.from_array(self._mel(samples, padding_seconds)), to_cpu=True)
        except (RuntimeError, ValueError, MemoryError) as problem:
            raise RecogniserFailed("decode_failed") from problem
        return Sound(encoded, len(samples) / PCM_RATE_HZ)

    def _decode_window(self, samples: NDArray[np.float32], wanted: Wanted) -> tuple[Hypothesis, ...]:
        sound = self._encode(samples, self.settings.padding_seconds)
        return self._generate(sound.encoded, sound.seconds, wanted)

    def _generate(self, encoded: Any, seconds: float, wanted: Wanted) -> tuple[Hypothesis, ...]:
        """Decodes freely, and short sound again over the characters of short answers, then of numbers."""
        beam = self.settings.beam
        try:
            _go_on_if(wanted)
            free = self._search(encoded, _most_tokens(seconds), self._suppressed, beam)
            hypotheses = self._hypotheses(free)
            found = None
            _go_on_if(wanted)
            if seconds <= short_answers.LONGEST_SECONDS:
                answer = self._search(encoded, _ANSWER_TOKENS, self._all_but_answers, beam)
                found = self._with_short_answer(hypotheses, answer, free.no_speech_prob)
            if found is None and seconds <= spoken_numbers.LONGEST_SECONDS:
                numbers = self._search(encoded, _NUMBER_TOKENS, self._all_but_numbers, beam)
                found = self._with_number(hypotheses, numbers)
        except (RuntimeError, ValueError, MemoryError) as problem:  # what the native decoder raises
            raise RecogniserFailed("decode_failed") from problem
        return hypotheses if found is None else found

    def _search(
        self, encoded: Any, most_tokens: int, suppressed: list[int], beam: int, given: Sequence[int] = ()
    ) -> Any:
        return self._model.generate(
            encoded,
            [[*self._prompt, *given]],
            beam_size=beam,
            num_hypotheses=min(self.settings.hypotheses, beam) if beam <= self.settings.beam else beam,
            max_length=min(len(self._prompt) + len(given) + most_tokens, 448),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=suppressed,
        )[0]

    def _with_short_answer(
        self, hypotheses: tuple[Hypothesis, ...], second: Any, no_speech: float
    ) -> tuple[Hypothesis, ...] | None:
        """A sure short answer before what was decoded freely, or behind its best where that is longer."""
        tokens, score = second.sequences_ids[0], second.scores[0]
        answer = short_answers.short_answer(self._tokenizer.decode(tokens), score * len(tokens), no_speech)
        if answer is None:
            return None
        first = not hypotheses or short_answers.replaces(answer, hypotheses[0].text)
        return self._joined(hypotheses, Hypothesis(answer, _confidence(tokens, score)), first)

    def _with_number(self, hypotheses: tuple[Hypothesis, ...], second: Any) -> tuple[Hypothesis, ...] | None:
        """A believable number before what was decoded freely, or behind its best where that is a sure number."""
        tokens, score = second.sequences_ids[0], second.scores[0]
        best = hypotheses[0] if hypotheses else None
        number = spoken_numbers.spoken_number(self._tokenizer.decode(tokens), score, best.text if best else "")
        if number is None:
            return None
        confidence = spoken_numbers.confidence(_confidence(tokens, score), best.confidence if best else None)
        first = best is None or not spoken_numbers.stays_first(best.text, best.confidence)
        return self._joined(hypotheses, Hypothesis(number, confidence), first)

    def _joined(self, hypotheses: tuple[Hypothesis, ...], other: Hypothesis, first: bool) -> tuple[Hypothesis, ...]:
        others = tuple(h for h in hypotheses if h.text.strip("。，, ") != other.text)
        at = 0 if first else 1
        return (*others[:at], other, *others[at : self.settings.hypotheses - 1])

    def _hypotheses(self, result: Any) -> tuple[Hypothesis, ...]:
        found: dict[str, float] = {}
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            log_probability = score * len(tokens) / (len(tokens) + 1)  # mean over the tokens, the ending included
            silent = result.no_speech_prob > self.settings.no_speech_probability
            if silent and log_probability < self.settings.no_speech_log_probability:
                continue
            text = tidy(self._tokenizer.decode(tokens), self.settings.prompt)
            if text:
                found.setdefault(text, min(1.0, math.exp(log_probability)))
        return tuple(Hypothesis(text, round(confidence, 3)) for text, confidence in found.items())
