"""Reads what was heard again, each stretch in the moment it was said in, and compares it with the call. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.dialog.second_reading import context_after, lets_go_on, other_answer, red_reasons
from agent.model.finding import Alarm
from agent.model.pathway import Question
from agent.model.reading_context import ReadingContext
from agent.model.second_pass import Difference, Rehearing
from agent.model.turn import Turn, TurnKind
from agent.second_pass.call import Call, present_in
from agent.second_pass.compare import Doubt, SecondReading, difference, missed_alarms
from agent.second_pass.listening import Words
from agent.second_pass.stretches import Stretch
from agent.turn.ports import Reads


@dataclass(frozen=True, slots=True)
class Found:
    """What the second hearing came to; the last word on a question counts."""

    hearings: tuple[Rehearing, ...] = ()
    missed: tuple[tuple[SecondReading, tuple[Alarm, ...]], ...] = ()
    differences: tuple[Difference, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_again(call: Call, heard: Sequence[tuple[Stretch, Words]], reads: Reads, now: datetime) -> Found:
    found = Found()
    for stretch, words in heard:
        turn = _turn(call, stretch, words, now)
        hearing = Rehearing(turn.id, stretch.audio, turn.text, turn.confidence)
        found = replace(found, hearings=(*found.hearings, hearing))
        if turn.text:
            found = _compared(found, call, stretch, turn, reads)
    return found


def _compared(found: Found, call: Call, stretch: Stretch, turn: Turn, reads: Reads) -> Found:
    question = call.pathway.questions.get((stretch.reply.question if stretch.reply else None) or "")
    if lets_go_on(stretch.reply, call.pathway, call.contact.node_day, turn.text):
        question = None
    reading = reads.read(turn.text, _context(call, stretch, turn.text), turn.alternatives)
    asked = frozenset((*question.asks, *question.also)) if question else frozenset()
    second = SecondReading(turn, reading, asked)
    missed = missed_alarms(call.turns, second)
    if missed:
        found = replace(found, missed=(*found.missed, (second, missed)))
    for differs in _differences(call, stretch, question, second):
        kept = tuple(each for each in found.differences if each.question != differs.question)
        reasons = red_reasons(call.pathway.questions[differs.question], differs.second) if not missed else []
        doubts = tuple(Doubt(rule, reason, turn) for rule, reason in reasons)
        found = replace(found, differences=(*kept, differs), doubts=(*found.doubts, *doubts))
    return found


def _context(call: Call, stretch: Stretch, text: str) -> ReadingContext:
    before = [stored for stored in call.turns if stretch.turn is None or stored.seq < stretch.turn.seq]
    present = call.present | present_in(before)
    return context_after(stretch.reply, call.pathway, call.contact.node_day, present, text)


def _differences(call: Call, stretch: Stretch, asked: Question | None, second: SecondReading) -> Iterator[Difference]:
    """Of the question that was asked, and of those answered in passing in the same turn."""
    if stretch.turn is None:
        return
    here = {answer.question for answer in call.answers if answer.turn_id == stretch.turn.turn.id}
    for key in dict.fromkeys([*([asked.id] if asked else []), *sorted(here & set(call.pathway.questions))]):
        question = call.pathway.questions[key]
        value = other_answer(question, second.reading, second.turn, named=question is not asked)
        if value is None:
            continue
        heard = Difference(key, second.turn.id, None, value, second.turn.text)
        differs = difference(stretch.turn, call.answers, heard)
        if differs is not None:
            yield differs


def _turn(call: Call, stretch: Stretch, words: Words, now: datetime) -> Turn:
    """The words as a turn of now: what is found is found now, and a nurse's clock starts now."""
    text, confidence = (words[0].text, words[0].confidence) if words else ("", 0.0)
    return Turn(
        id=stretch.turn.turn.id if stretch.turn else "",
        contact_id=call.contact.id,
        attempt_id=call.attempt.id,
        channel=call.attempt.channel,
        kind=TurnKind.SPEECH,
        at=now,
        text=text,
        confidence=confidence,
        alternatives=words,
        audio=stretch.audio,
    )
