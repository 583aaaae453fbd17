"""What hearing the recording again found that the call did not: dangers, and answers that read differently. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agent.escalation import policy
from agent.model.answer import Answer
from agent.model.clock import NewId
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus
from agent.model.finding import Alarm, Level, Reading, Status
from agent.model.record import StoredTurn
from agent.model.second_pass import Difference
from agent.model.step import Request
from agent.model.turn import Turn

_DENIED = "（通话中听到患者说没有，请听录音核对）"
_VALUE_HEARD = "（复听听到的数值，请听录音核对）"


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A stretch as it was read the second time. `turn` carries the words heard now, their place and the present
    moment; its id is that of the stored turn, "" where there is none. `asked`: concepts the question asked about."""

    turn: Turn
    reading: Reading
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A red alarm that an answer would raise if the second hearing is right."""

    rule: str
    reason: str
    turn: Turn


def missed_alarms(turns: Sequence[StoredTurn], second: SecondReading) -> tuple[Alarm, ...]:
    """Red alarms of words that nothing in the call had raised. What was written only by likeness of sound does not
    count: that is the call's way, where it can ask back. A value turns yellow, since nobody could read it back; so
    does what the call heard denied in the same turn or later: one hearing against the other."""
    raised = [alarm for stored in turns for alarm in stored.reading.alarms if alarm.red]
    concepts = {concept for alarm in raised for concept in alarm.concepts}
    rules = {alarm.rule for alarm in raised}
    measured = {value.name for value in second.reading.measurements}
    denied = _denied_from(turns, second.turn.id)
    missed = []
    for alarm in second.reading.alarms:
        if not alarm.red or alarm.rule in rules or (alarm.concepts and concepts.issuperset(alarm.concepts)):
            continue
        if measured.issuperset(alarm.concepts):
            missed.append(replace(alarm, level=Level.YELLOW, reason=alarm.reason + _VALUE_HEARD))
        elif denied & set(alarm.concepts):
            missed.append(replace(alarm, level=Level.YELLOW, reason=alarm.reason + _DENIED))
        elif not alarm.by_sound:
            missed.append(alarm)
    return tuple(missed)


def _denied_from(turns: Sequence[StoredTurn], turn_id: str) -> set[str]:
    """What the call heard the patient deny in this turn or later."""
    ids = [stored.turn.id for stored in turns]
    heard = turns[ids.index(turn_id) :] if turn_id in ids else ()
    stated = {(finding.concept, finding.status) for stored in heard for finding in stored.reading.findings} | {
        pair for stored in heard for pair in stored.reading.asked
    }
    return {concept for concept, status in stated if status is Status.DENIED}


def difference(turn: StoredTurn, answers: Iterable[Answer], second: Difference) -> Difference | None:
    """`second` with what the call understood, where the two differ. An answer that the patient gave elsewhere, or
    confirmed when it was read back, is not doubted."""
    stored = next((answer for answer in answers if answer.question == second.question), None)
    if stored is None:
        return second
    if stored.turn_id != turn.turn.id or stored.raw != turn.turn.text or stored.value == second.second:
        return None
    return replace(second, live=stored.value)


def escalations_for(
    missed: Sequence[tuple[SecondReading, tuple[Alarm, ...]]],
    doubts: Sequence[Doubt],
    patient_id: str,
    cards: Sequence[Escalation],
    new_id: NewId,
) -> list[Escalation]:
    """New cards, and open ones that climb; nothing where a nurse has the danger in front of her already: as an open
    card, or as the red card that the answer to this very question made."""
    standing = [card for card in cards if card.status is not EscalationStatus.RESOLVED]
    made: dict[str, Escalation] = {}
    for second, alarms in missed:
        told = any(_of_turn(card, second.turn) and card.level is Level.RED for card in cards)
        new = tuple(alarm for alarm in alarms if not (told and second.asked & set(alarm.concepts)))
        reading = replace(second.reading, alarms=new)
        for raised in policy.raise_for(reading, second.turn, patient_id, [*made.values(), *standing], new_id):
            _keep(made, raised, standing)
    for doubt in doubts:
        occasion = policy.Occasion.of(doubt.turn, patient_id)
        reason = f"复听与通话中听到的不一致，可能是：{doubt.reason}。请听录音核对"
        asked = Request(EscalationKind.UNCLEAR, reason, Level.YELLOW, doubt.rule)
        known = [*made.values(), *standing]
        if any(card.rule == doubt.rule and card.contact_id == occasion.contact_id for card in (*known, *cards)):
            continue
        unclear = policy.for_request(asked, occasion, known, new_id)
        if unclear is not None:
            _keep(made, unclear, standing)
    return [replace(card, by_second_pass=True) for card in made.values()]


def _of_turn(card: Escalation, turn: Turn) -> bool:
    return bool(turn.id) and turn.id in {evidence.turn_id for evidence in (card.evidence, *card.also)}


def _keep(made: dict[str, Escalation], raised: Escalation, standing: Sequence[Escalation]) -> None:
    """Leaves out what only adds the same words again to a card that stood before."""
    before = next((card for card in standing if card.id == raised.id), None)
    if before is None or before.level is not raised.level:
        made[raised.id] = raised
