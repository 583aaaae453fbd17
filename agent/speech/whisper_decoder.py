"""Whisper's decoding of one utterance, blocking: sound in, hypotheses out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, RecogniserFailed
from agent.speech.short_answers import ANSWERS, LONGEST_SECONDS, replaces, short_answer
from agent.speech.transcript import tidy

_FRAMES_PER_SECOND = 100
_WINDOW_SECONDS = 30.0  # the model's own
_NEVER_SAID = frozenset("《》〈〉「」『』【】♪♫♬[]()（）<>{}*#@_~|\\^")  # noise makes the decoder loop on these
_TIMESTAMPS = 1_501  # tokens of the vocabulary's end: every 20 ms of 30 s
_ANSWER_TOKENS = 10
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
    prompt: str = "以下是普通话的句子。"
    shortest_seconds: float = 0.1
    deadline_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Sound:
    """One utterance as the model hears it, and how long it lasts without the padding."""

    encoded: Any
    seconds: float


def _samples_of(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16).astype(np.float32) / np.float32(32_768)


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
        self._all_but_answers = self._tokens_outside(ANSWERS)

    def decode(self, pcm: bytes) -> tuple[Hypothesis, ...]:
        """Best first, at most `settings.hypotheses`, none twice; empty when nothing was said. Raises RecogniserFailed.
        Sound beyond 30 s is decoded piece by piece, and then only the best text of each piece is kept."""
        samples = _samples_of(pcm)
        if len(samples) < self.settings.shortest_seconds * PCM_RATE_HZ:
            return ()
        longest = int(_WINDOW_SECONDS * PCM_RATE_HZ)
        pieces = [self._decode_window(samples[at : at + longest]) for at in range(0, len(samples), longest)]
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
            inside.update(self._tokenizer.encode(text), self._tokenizer.encode(f"{text}。"))
        return [n for n in range(self._tokenizer.timestamp_begin + _TIMESTAMPS) if n not in inside]

    def _mel(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        mel: NDArray[np.float32] = self._features(samples)
        wanted = _WINDOW_SECONDS
        if self.settings.padding_seconds is not None:
            wanted = min(_WINDOW_SECONDS, len(samples) / PCM_RATE_HZ + self.settings.padding_seconds)
        frames = int(wanted * _FRAMES_PER_SECOND) // 2 * 2
        padded = np.pad(mel[:, :frames], ((0, 0), (0, max(0, frames - mel.shape[1]))))
        return np.ascontiguousarray(padded[np.newaxis], np.float32)

    def listen(self, pcm: bytes) -> tuple[tuple[Hypothesis, ...], Sound | None]:
        """Like `decode`, with the sound for `log_probabilities`; no sound beyond 30 s or when nothing was said."""
        samples = _samples_of(pcm)
        seconds = len(samples) / PCM_RATE_HZ
        if not self.settings.shortest_seconds <= seconds <= _WINDOW_SECONDS:
            return self.decode(pcm), None
        sound = self._encode(samples)
        hypotheses = self._generate(sound.encoded, seconds)
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

    def _encode(self, samples: NDArray[np.float32]) -> Sound:
        from ctranslate2 import StorageView

        try:
            encoded = self._model.encode(StorageView.from_array(self._mel(samples)), to_cpu=True)
        except (RuntimeError, ValueError, MemoryError) as problem:
            raise RecogniserFailed("decode_failed") from problem
        return Sound(encoded, len(samples) / PCM_RATE_HZ)

    def _decode_window(self, samples: NDArray[np.float32]) -> tuple[Hypothesis, ...]:
        return self._generate(self._encode(samples).encoded, len(samples) / PCM_RATE_HZ)

    def _generate(self, encoded: Any, seconds: float) -> tuple[Hypothesis, ...]:
        try:
            free = self._beam(encoded, int(seconds * _TOKENS_PER_SECOND) + 16, self._suppressed)
            hypotheses = self._hypotheses(free)
            if seconds <= LONGEST_SECONDS:
                answers = self._beam(encoded, _ANSWER_TOKENS, self._all_but_answers)
                return self._with_short_answer(hypotheses, answers, free.no_speech_prob)
        except (RuntimeError, ValueError, MemoryError) as problem:  # what the native decoder raises
            raise RecogniserFailed("decode_failed") from problem
        return hypotheses

    def _beam(self, encoded: Any, most_tokens: int, suppressed: list[int]) -> Any:
        return self._model.generate(
            encoded,
            [self._prompt],
            beam_size=self.settings.beam,
            num_hypotheses=min(self.settings.hypotheses, self.settings.beam),
            max_length=min(len(self._prompt) + most_tokens, 448),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=suppressed,
        )[0]

    def _with_short_answer(
        self, hypotheses: tuple[Hypothesis, ...], answers: Any, no_speech: float
    ) -> tuple[Hypothesis, ...]:
        """The sure short answer first and what was decoded freely behind it; the other way round if that is longer."""
        tokens, score = answers.sequences_ids[0], answers.scores[0]
        answer = short_answer(self._tokenizer.decode(tokens), score * len(tokens), no_speech)
        if answer is None:
            return hypotheses
        confidence = round(math.exp(score * len(tokens) / (len(tokens) + 1)), 3)
        others = tuple(h for h in hypotheses if h.text.strip("。，, ") != answer)
        at = 0 if not others or replaces(answer, others[0].text) else 1
        return (*others[:at], Hypothesis(answer, confidence), *others[at : self.settings.hypotheses - 1])

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
