from collections.abc import Sequence

from agent.hearing.hearing_reader import HearingReader
from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.turn import Hypothesis, Origin
from agent.speech.whisper import WhisperRecogniser
from agent.speech.whisper_decoder import Sound, Wanted, WhisperSettings


class OneSentence:
    """Recognises one sentence in any sound, finds every text likely that has a given word, and the given pressures."""

    def __init__(self, text: str, likely: str, sound: bool = True, pressures: Sequence[tuple[str, float]] = ()) -> None:
        self.settings = WhisperSettings()
        self.judged = 0
        self._text, self._likely, self._sound, self._pressures = text, likely, sound, pressures

    def listen(self, pcm: bytes, wanted: Wanted) -> tuple[tuple[Hypothesis, ...], Sound | None]:
        return (Hypothesis(self._text, 0.6),), Sound(None, 1.0) if self._sound else None

    glance = listen

    def log_probabilities(self, sound: Sound, texts: Sequence[str]) -> list[float]:
        self.judged += 1
        return [0.0 if text == self._text or self._likely in text else -50.0 for text in texts]

    def pressures(self, sound: Sound, before: str) -> list[tuple[str, float]]:
        return list(self._pressures)


def test_verified_texts_come_behind_the_recognisers_own(verifier: Verifier) -> None:
    decoder = OneSentence("老头子风过去了", "昏过去")
    own, verified, *_ = VerifyingDecoder(decoder, verifier).decode(b"")
    assert (own.text, own.origin) == ("老头子风过去了", Origin.RECOGNISED)
    assert (verified.text, verified.origin) == ("老头子昏过去了", Origin.VERIFIED)
    assert decoder.judged == 1, "all candidates in one batch"


def test_without_sound_nothing_is_verified(verifier: Verifier) -> None:
    decoder = OneSentence("老头子风过去了", "昏过去", sound=False)
    assert len(VerifyingDecoder(decoder, verifier).decode(b"")) == 1
    assert decoder.judged == 0


async def test_the_question_reaches_the_verifier_through_the_recogniser(
    verifier: Verifier, reader: HearingReader
) -> None:
    recogniser = WhisperRecogniser(VerifyingDecoder(OneSentence("一走路就腾", "就疼"), verifier))
    for question, heard in (("您这两天有没有胸痛？", True), ("", False)):
        utterance = recogniser.utterance()
        utterance.attend(question)
        utterance.feed(bytes(3200))
        texts = [hypothesis.text for hypothesis in (await utterance.finish()).hypotheses]
        assert ("一走路就疼" in texts) is heard
    await recogniser.close()


def test_a_glimpse_that_spells_a_danger_is_not_held_against_the_sound(verifier: Verifier) -> None:
    spelled, unspelled = OneSentence("我心口疼", "疼"), OneSentence("老头子风过去了", "昏过去")
    assert [each.text for each in VerifyingDecoder(spelled, verifier).glimpse(b"")] == ["我心口疼"]
    assert "老头子昏过去了" in [each.text for each in VerifyingDecoder(unspelled, verifier).glimpse(b"")]
    assert (spelled.judged, unspelled.judged) == (0, 1)
