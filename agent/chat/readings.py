"""Readings that patients send at any time: kept, and answered with those of the last days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.finding import Reading
from agent.model.observation import Observation
from agent.model.pathway import Pathway
from agent.model.piece import Piece
from agent.model.reading_context import Limit
from agent.model.record import OutboxKind, OutboxMessage
from agent.store.ports import Records

TREND = timedelta(days=7)
LABELS = {
    "systolic": ("血压", ""), "diastolic": ("血压", ""), "heart_rate": ("心率", "次"), "weight_kg": ("体重", "公斤"),
    "temp_c": ("体温", "℃"), "glucose": ("血糖", ""), "spo2": ("血氧", "%"),
}  # fmt: skip


def measured(reading: Reading, piece: Piece, contact_id: str, source: str) -> list[Observation]:
    """Every value in the words that is a reading by itself and not in doubt, the last of each name."""
    found = {one.name: one.value for one in reading.measurements if one.name in LABELS and not one.doubtful}
    return [
        Observation(f"{source}-{name}", piece.patient_id, contact_id, name, value, piece.at, piece.channel, source)
        for name, value in found.items()
    ]


async def keep(records: Records, readings: Iterable[Observation]) -> None:
    """Once, however often the turn is answered anew; the plan rules are told of it after the commit."""
    told: set[str] = set()
    for each in readings:
        if any(known.id == each.id for known in await records.observations(each.patient_id, since=each.at)):
            continue
        await records.add_observation(each)
        if each.contact_id not in told:
            told.add(each.contact_id)
            message = OutboxMessage(f"{each.id}-kept", OutboxKind.CONTACT_CHANGED, each.contact_id, each.at)
            await records.add_outbox(message)


def limits_of(pathway: Pathway) -> tuple[Limit, ...]:
    return tuple(limit for question in pathway.questions.values() for limit in question.limits)


def series(readings: Sequence[Observation], now: datetime) -> Mapping[str, list[tuple[datetime, str]]]:
    """Label → (moment, value as it is written) of the last days, oldest first; the two pressures as one."""
    found: dict[str, dict[datetime, str]] = {}
    for each in sorted(readings, key=lambda each: (each.at, each.name != "systolic")):
        if each.at < now - TREND:
            continue
        mine = found.setdefault(LABELS[each.name][0], {})
        mine[each.at] = f"{mine[each.at]}/{each.value:g}" if each.name == "diastolic" and each.at in mine else (
            f"{each.value:g}"
        )
    return {label: sorted(values.items()) for label, values in found.items()}


def trend_text(readings: Sequence[Observation], labels: Iterable[str], now: datetime) -> str:
    """ "体重：21日61，22日61.5。" of the last seven days; "" without any."""
    known = series(readings, now)
    said = []
    for label in dict.fromkeys(labels):
        days = [f"{at.astimezone(HOSPITAL_ZONE).day}日{value}" for at, value in known.get(label, [])]
        said += [f"{label}：{'，'.join(days)}。"] if days else []
    return "".join(said)
