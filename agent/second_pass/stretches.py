"""Which stretches of the patient's channel are heard again, and which question each answers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.record import StoredTurn
from agent.model.turn import AudioSpan, Reply, TurnKind

LONGEST_SECONDS = 28.0  # of one piece: recognisers see 30 s at most
LEAST_SECONDS = 0.3
SAME_STRETCH_SECONDS = 1.0  # a shorter pause does not part two pieces of speech that no turn took
BEFORE_SECONDS, BEHIND_SECONDS = 0.35, 0.3  # heard around a span, so that no syllable is cut
COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech of the patient, in pieces a recogniser can take. `turn` None: the call took it for no turn.
    `reply` is what the robot had said last."""

    pieces: tuple[AudioSpan, ...]
    turn: StoredTurn | None
    reply: Reply | None

    @property
    def audio(self) -> AudioSpan:
        return AudioSpan(self.pieces[0].start, self.pieces[-1].end)


def stretches(turns: Sequence[StoredTurn], spoken: Sequence[AudioSpan]) -> list[Stretch]:
    """Every turn of the patient's that has sound, and speech (`spoken`, by voice activity) that no turn covers, by
    time. `turns` are one attempt's, in their order. A machine's words are nobody's, nor is what was heard before the
    robot had spoken: announcements and the songs that people set for waiting callers."""
    found, taken = [], []
    reply: Reply | None = None
    for stored in turns:
        if stored.turn.audio is not None:
            taken.append(stored.turn.audio)
            if stored.turn.kind is not TurnKind.MACHINE:
                found.append(Stretch(_pieces(stored.turn.audio, spoken), stored, reply))
        reply = stored.reply
    left = [span for span in spoken if _share(span, taken) < COVERED and _reply_before(span.start, turns)]
    for span in _joined(left):
        if span.end - span.start >= LEAST_SECONDS:
            found.append(Stretch(_pieces(span, spoken), None, _reply_before(span.start, turns)))
    return sorted(found, key=lambda stretch: stretch.audio.start)


def cut(pcm: bytes, span: AudioSpan, rate: int) -> bytes:
    """The span's 16-bit samples with a little around them."""
    start = max(0, round((span.start - BEFORE_SECONDS) * rate))
    return pcm[2 * start : 2 * max(start, round((span.end + BEHIND_SECONDS) * rate))]


def _reply_before(at: float, turns: Sequence[StoredTurn]) -> Reply | None:
    """What the robot had begun to say last before that second."""
    said = None
    for stored in turns:
        began = stored.reply_audio_start
        if began is None and stored.turn.audio is not None:
            began = stored.turn.audio.end
        if began is not None and began <= at:
            said = stored.reply
    return said


def _joined(spans: Sequence[AudioSpan]) -> list[AudioSpan]:
    joined: list[AudioSpan] = []
    for span in spans:
        if joined and span.start - joined[-1].end < SAME_STRETCH_SECONDS:
            joined[-1] = AudioSpan(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _share(span: AudioSpan, taken: Sequence[AudioSpan]) -> float:
    """How much of the span lies in spans that do not overlap each other."""
    covered = sum(max(0.0, min(span.end, other.end) - max(span.start, other.start)) for other in taken)
    return covered / max(span.end - span.start, 1e-9)


def _pieces(span: AudioSpan, spoken: Sequence[AudioSpan]) -> tuple[AudioSpan, ...]:
    """The span cut where somebody pauses; where nobody pauses, at the longest length."""
    pieces, start = [], span.start
    while span.end - start > LONGEST_SECONDS:
        latest = start + LONGEST_SECONDS
        pauses = [each.end for each in spoken if start + LEAST_SECONDS < each.end <= latest and each.end < span.end]
        end = max(pauses, default=latest)
        pieces.append(AudioSpan(start, end))
        start = min((each.start for each in spoken if each.start >= end), default=end) if pauses else end
        if start >= span.end:
            return tuple(pieces)
    return (*pieces, AudioSpan(start, span.end))
