"""Vosk as the first-choice recogniser: streaming with partial texts, one model a process, one stream an utterance."""

import json
import math
import re
from pathlib import Path
from typing import Any

from vosk import KaldiRecognizer, Model, SetLogLevel

from agent.model.turn import Hypothesis
from agent.speech.ports import PCM_RATE_HZ, RecogniserFailed
from agent.speech.streaming import StreamingRecogniser
from agent.speech.transcript import tidy

_ALTERNATIVES = 5
_NOT_WORDS = re.compile(r"\[[^\]]*\]|<[^>]*>")  # how models write noise and unknown words


def words_confidence(partial: dict[str, Any]) -> float:
    """Mean of the words' posterior probabilities; 0.5 where the decoder gave none."""
    words = [float(word["conf"]) for word in partial.get("partial_result", [])]
    return sum(words) / len(words) if words else 0.5


def parse_result(answer: str, best_confidence: float) -> list[Hypothesis]:
    """Vosk's JSON of a finished piece of speech, tidied, empty texts left out. The best alternative has
    `best_confidence`; the others fall off from it as their scores (natural logarithms) do."""
    data: dict[str, Any] = json.loads(answer)
    rows = data.get("alternatives") or [{"text": data.get("text", ""), "confidence": 0.0}]
    found: dict[str, float] = {}
    for row in rows:
        text = tidy(_NOT_WORDS.sub(" ", row["text"]))
        if text:
            behind = float(rows[0]["confidence"]) - float(row["confidence"])
            found.setdefault(text, round(best_confidence * math.exp(-max(0.0, behind)), 3))
    return [Hypothesis(text, confidence) for text, confidence in found.items()]


def _joined(pieces: list[Hypothesis]) -> str:
    return tidy(" ".join(piece.text for piece in pieces))


def join_pieces(pieces: list[list[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """One utterance from the pieces that the decoder's own endpoints cut it into: alternatives differ in one piece."""
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return ()
    best = [piece[0] for piece in pieces]
    joined = {_joined(best): min(h.confidence for h in best)}
    for place, piece in enumerate(pieces):
        for other in piece[1:]:
            varied = [*best[:place], other, *best[place + 1 :]]
            joined.setdefault(_joined(varied), min(h.confidence for h in varied))
    ranked = sorted(joined.items(), key=lambda item: -item[1])[:_ALTERNATIVES]
    return tuple(Hypothesis(text, confidence) for text, confidence in ranked)


class VoskRecogniser(StreamingRecogniser):
    """One model a process; Vosk releases the interpreter's lock while it decodes."""

    def __init__(self, folder: Path, threads: int = 2, deadline_seconds: float = 10.0) -> None:
        """Loads the model of `folder`; raises RecogniserFailed("model_unreadable")."""
        SetLogLevel(-1)
        if not (folder / "am").is_dir():  # Vosk ends the process on some broken folders
            raise RecogniserFailed("model_unreadable")
        try:
            model = Model(str(folder))
        except Exception as problem:  # Vosk raises bare Exception
            raise RecogniserFailed("model_unreadable") from problem
        super().__init__(f"vosk:{folder.name}", lambda: VoskDecoding(model), threads, deadline_seconds)


class VoskDecoding:
    """One utterance; the decoder's own endpoints cut it into pieces."""

    def __init__(self, model: Any) -> None:
        self._decoder: Any = KaldiRecognizer(model, PCM_RATE_HZ)  # takes 80 ms
        self._decoder.SetMaxAlternatives(_ALTERNATIVES)
        self._decoder.SetPartialWords(True)
        self._pieces: list[list[Hypothesis]] = []
        self._confidence = 0.5  # of the words of the piece under way

    def accept(self, pcm: bytes) -> str:
        if self._decoder.AcceptWaveform(pcm):  # the model's own endpoint: its text must be taken now
            self._pieces.append(parse_result(self._decoder.Result(), self._confidence))
        partial = json.loads(self._decoder.PartialResult())
        self._confidence = words_confidence(partial)
        so_far = tidy(_NOT_WORDS.sub(" ", partial.get("partial", "")))
        return "".join(piece[0].text for piece in self._pieces if piece) + so_far

    def finish(self) -> tuple[Hypothesis, ...]:
        self._pieces.append(parse_result(self._decoder.FinalResult(), self._confidence))
        return join_pieces(self._pieces)
