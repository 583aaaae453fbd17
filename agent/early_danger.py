"""Which red flags half a sentence is enough for: what is read from words whose turn is not over. Pure."""

from dataclasses import replace

from agent.conversation_ports import Reads
from agent.model.finding import Reading
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis, Origin, Turn

_WRITTEN_OUT = 1.0  # an alarm's confidence where the words themselves name a danger that is there
_NOTHING_KNOWN = ReadingContext()


def worth_a_look(reads: Reads, turn: Turn) -> bool:
    """Whether any of the words may be a danger: asked before anything is looked up for them."""
    texts = (turn.text, *(each.text for each in _borne_out(turn)))
    return any(reads.read(text, _NOTHING_KNOWN).red_words for text in texts if text)


def read_early(reads: Reads, turn: Turn, context: ReadingContext) -> Reading:
    """The words with only those alarms that need not wait for the rest: a danger written out as something that is
    there, or named by the one text that the sound bears out best. No bare 有, no likeness of sound alone, no
    second-best text, and no value, which may go on."""
    plain = reads.read(turn.text, context)
    written = [alarm for alarm in plain.red_words if not alarm.by_sound and alarm.confidence >= _WRITTEN_OUT]
    verified = _borne_out(turn)
    if not verified:
        return replace(plain, alarms=tuple(written))
    heard = reads.read(turn.text, context, (*turn.alternatives[:1], *verified))
    known = {alarm.rule for alarm in plain.alarms if not alarm.suppressed}
    return replace(heard, alarms=(*written, *(alarm for alarm in heard.red_words if alarm.rule not in known)))


def _borne_out(turn: Turn) -> tuple[Hypothesis, ...]:
    """The likeliest of the texts that were held against the sound, if there is any."""
    verified = [each for each in turn.alternatives if each.origin is Origin.VERIFIED]
    return (max(verified, key=lambda each: each.confidence),) if verified else ()
