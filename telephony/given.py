"""What the patient gave in one go, before it is a Turn: utterances joined, keys, silence, the line's end."""

from dataclasses import dataclass, replace

from agent.model.turn import AudioSpan, Hypothesis, Origin, TurnKind
from agent.speech.backchannels import is_murmur, is_murmur_over_a_question
from telephony.ear import Utterance

COUGH_SECONDS = 0.60  # an unrecognised sound shorter than this is not an utterance


@dataclass(frozen=True, slots=True)
class Given:
    """One input of the patient; `failed` is the recogniser's error code. `unsaid`: nothing was asked, because no voice
    could say it."""

    kind: TurnKind
    text: str = ""
    hypotheses: tuple[Hypothesis, ...] = ()
    audio: AudioSpan | None = None
    failed: str | None = None
    unsaid: bool = False
    question_heard: bool = True  # false: said before the question was out


def joined(parts: list[Utterance], question_out_at: float | None = 0.0) -> Given | None:
    """One input from several utterances in a row; alternatives are kept when there is only one utterance. A murmur
    or a noise from before the question was out (line time; None: it never was) answers nothing and is left out."""
    parts = [part for part in parts if not (early(part, question_out_at) and _murmured(part))]
    given = _joined(parts)
    if given is None or not all(early(part, question_out_at) for part in parts):
        return given
    return replace(given, question_heard=False)


def early(part: Utterance, question_out_at: float | None) -> bool:
    """It was begun before the question was out."""
    return question_out_at is None or part.audio.start < question_out_at


def is_nothing(given: Given | None) -> bool:
    """Whatever stopped the robot was no speech: it may go on."""
    if given is None:
        return True
    sure = given.hypotheses[0].confidence if given.hypotheses else 1.0
    return (given.kind is TurnKind.UNHEARD and given.failed is None) or is_murmur(given.text, sure)


def _murmured(part: Utterance) -> bool:
    """A murmur, or a sound that was not understood, from before the question was out."""
    return is_murmur_over_a_question(part.text, part.confidence) if part.text else part.failed is None


def _joined(parts: list[Utterance]) -> Given | None:
    worth = [part for part in parts if part.text or part.failed or part.audio.end - part.audio.start >= COUGH_SECONDS]
    if not worth:
        return None
    span = AudioSpan(worth[0].audio.start, worth[-1].audio.end)
    failed = next((part.failed for part in worth if part.failed), None)
    text = "，".join(part.text for part in worth if part.text)
    if failed is not None:
        return Given(TurnKind.UNHEARD, text, audio=span, failed=failed)
    if not text:
        return Given(TurnKind.UNHEARD, audio=span)
    spoken = [part for part in worth if part.text]
    if len(spoken) == 1:
        return Given(TurnKind.SPEECH, text, spoken[0].hypotheses, span)
    confidence = min(part.hypotheses[0].confidence for part in spoken)
    return Given(TurnKind.SPEECH, text, (Hypothesis(text, confidence), *_verified(spoken)), span)


def _verified(spoken: list[Utterance]) -> tuple[Hypothesis, ...]:
    """The whole input with one utterance in the words that were held against its sound; for each of these."""
    found = []
    for at, part in enumerate(spoken):
        for other in (h for h in part.hypotheses if h.origin is Origin.VERIFIED):
            texts = [other.text if here == at else each.text for here, each in enumerate(spoken)]
            found.append(Hypothesis("，".join(texts), other.confidence, other.origin))
    return tuple(found)
