"""Readings a patient took, whatever they came by: sent at any time, or given as the answer to a question."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from agent.model.answer import Answer, AnswerType, numbers_of
from agent.model.finding import Reading
from agent.model.observation import Observation
from agent.model.pathway import Pathway
from agent.model.piece import Piece
from agent.model.record import OutboxKind, OutboxMessage
from agent.model.turn import Turn
from agent.store.ports import Records
from agent.when_taken import taken_at

LABELS = {
    "systolic": ("血压", ""), "diastolic": ("血压", ""), "heart_rate": ("心率", "次"), "weight_kg": ("体重", "公斤"),
    "temp_c": ("体温", "℃"), "glucose": ("血糖", ""), "spo2": ("血氧", "%"),
}  # fmt: skip
PRESSURES = ("systolic", "diastolic")


def measured(reading: Reading, piece: Piece, contact_id: str, source: str) -> list[Observation]:
    """Every value in the words that is a reading by itself and not in doubt, the last of each name; of the moment the
    words name."""
    at = taken_at(reading.text, piece.at)
    found = {one.name: one.value for one in reading.measurements if one.name in LABELS and not one.doubtful}
    return [
        Observation(_id(source, name), piece.patient_id, contact_id, name, value, at, piece.channel, source)
        for name, value in found.items()
    ]


def answered(answers: Iterable[Answer], pathway: Pathway, turn: Turn, patient_id: str) -> list[Observation]:
    """Those answers of a turn that are readings: words, keys of the telephone and of the page's number pad alike; of
    the moment the words name. An unconfirmed one is no reading: no picture shows it, no points are given for it."""
    return [
        Observation(
            _id(turn.id, name),
            patient_id,
            turn.contact_id,
            name,
            value,
            taken_at(answer.raw, turn.at),
            turn.channel,
            turn.id,
        )
        for answer in answers
        if not answer.unconfirmed
        for name, value in zip(_names(answer, pathway), numbers_of(answer), strict=False)
    ]


def corrected(answers: Iterable[Answer], earlier: Sequence[Answer], pathway: Pathway) -> list[str]:
    """Ids of the readings that these answers take back."""
    again = {answer.question for answer in answers if answer.corrected}
    gone = [answer for answer in earlier if answer.question in again]
    return [_id(answer.turn_id, name) for answer in gone for name in _names(answer, pathway)]


async def keep(records: Records, readings: Sequence[Observation], told_at: datetime) -> None:
    """Once, however often the turn is answered anew; the plan rules are told of it after the commit."""
    if not readings:
        return
    known = await records.known_observations([each.id for each in readings])
    told: set[str] = set()
    for each in readings:
        if each.id in known:
            continue
        await records.add_observation(each)
        if each.contact_id not in told:
            told.add(each.contact_id)
            message = OutboxMessage(f"{each.id}-kept", OutboxKind.CONTACT_CHANGED, each.contact_id, told_at)
            await records.add_outbox(message)


def _id(source: str, name: str) -> str:
    return f"{source}-{name}"


def _names(answer: Answer, pathway: Pathway) -> tuple[str, ...]:
    """What the answer's numbers measure; nothing where that is no reading of the body."""
    if answer.type is AnswerType.BLOOD_PRESSURE:
        return PRESSURES
    question = pathway.questions.get(answer.question)
    named = question.measurements if question and answer.type is AnswerType.NUMBER else ()
    return named if len(named) == 1 and named[0] in LABELS else ()
