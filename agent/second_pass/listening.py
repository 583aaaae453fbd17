"""Hears one recording again, piece by piece, with a recogniser of its own."""

import asyncio

from agent.model.record import StoredTurn
from agent.model.turn import Hypothesis
from agent.second_pass.ports import FindSpeech, LoadRecogniser, Tapes
from agent.second_pass.stretches import Stretch, cut, stretches
from agent.speech.ports import PCM_RATE_HZ, Attentive, Recogniser

Words = tuple[Hypothesis, ...]


class Listening:
    """The recogniser is loaded when the first recording is heard."""

    def __init__(self, tapes: Tapes, load: LoadRecogniser, find_speech: FindSpeech) -> None:
        self._tapes, self._load, self._find_speech = tapes, load, find_speech
        self._recogniser: Recogniser | None = None

    @property
    def name(self) -> str:
        return self._recogniser.name if self._recogniser else ""

    async def hear(self, path: str, turns: tuple[StoredTurn, ...]) -> list[tuple[Stretch, Words]]:
        """Each stretch of the patient's speech with what was said, best first. Raises NoTape, RecogniserFailed."""
        pcm = await asyncio.to_thread(self._tapes.patient, path)
        spoken = await asyncio.to_thread(self._find_speech, pcm)
        if self._recogniser is None:
            self._recogniser = await asyncio.to_thread(self._load)
        return [(each, await self._words(self._recogniser, pcm, each)) for each in stretches(turns, spoken)]

    async def close(self) -> None:
        if self._recogniser is not None:
            await self._recogniser.close()

    async def _words(self, recogniser: Recogniser, pcm: bytes, stretch: Stretch) -> Words:
        """Of several pieces only the best text of each."""
        pieces = []
        for span in stretch.pieces:
            utterance = recogniser.utterance()
            if isinstance(utterance, Attentive) and stretch.reply and stretch.reply.sentences:
                utterance.attend(stretch.reply.sentences[-1])
            utterance.feed(cut(pcm, span, PCM_RATE_HZ))
            pieces.append((await utterance.finish()).hypotheses)
        if len(pieces) == 1:
            return pieces[0]
        best = [hypotheses[0] for hypotheses in pieces if hypotheses]
        text = "，".join(each.text for each in best)
        return (Hypothesis(text, min(each.confidence for each in best)),) if best else ()
