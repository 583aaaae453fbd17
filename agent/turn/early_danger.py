"""Which red flags half a sentence is enough for: what is read from words whose turn is not over. Pure."""

from dataclasses import replace

from agent.model.finding import Reading
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis, Origin, Turn
from agent.turn.ports import Reads

_LIKELY = 0.6  # confidence of a text held against the sound; 0.5 is enough where the words are whole
_WRITTEN_OUT = 1.0  # an alarm's confidence where the words themselves name a danger that is there
_NOTHING_KNOWN = ReadingContext()


def worth_a_look(reads: Reads, turn: Turn) -> bool:
    """Whether any of the words may be a danger: asked before anything is looked up for them."""
    texts = (turn.text, *(each.text for each in _borne_out(turn)))
    return any(reads.read(text, _NOTHING_KNOWN).red_words for text in texts if text)


def read_early(reads: Reads, turn: Turn, context: ReadingContext) -> Reading:
    """The words with only those alarms that need not wait for the rest: a danger written out as something that is
    there, in the words or in a text that the sound bears out well. No bare 有, no likeness of sound alone, no doubtful
    text, and no value, which may go on."""
    borne_out = _borne_out(turn)
    read = reads.read(turn.text, context, (*turn.alternatives[:1], *borne_out) if borne_out else ())
    held = {rule for each in borne_out for rule in _written_out(reads.read(each.text, context))}
    known = held | _written_out(read)
    return replace(read, alarms=tuple(alarm for alarm in read.red_words if alarm.rule in known))


def _borne_out(turn: Turn) -> tuple[Hypothesis, ...]:
    """The texts that were held against the sound and found likely."""
    return tuple(h for h in turn.alternatives if h.origin is Origin.VERIFIED and h.confidence >= _LIKELY)


def _written_out(reading: Reading) -> set[str]:
    """Rules of the dangers that the words themselves name as there."""
    return {alarm.rule for alarm in reading.red_words if not alarm.by_sound and alarm.confidence >= _WRITTEN_OUT}
