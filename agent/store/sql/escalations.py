"""Escalations: the nurse's queue."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, func, or_, select

from agent.model.escalation import Escalation, EscalationStatus, Evidence, LeftAlone
from agent.model.finding import Level
from agent.model.turn import AudioSpan
from agent.store.ports import NotFound, StaleVersion
from agent.store.sql.statements import KEY, LIMIT, Statements, holding
from agent.store.sql.turn_rows import audio_span
from agent.store.tables import escalations

_URGENCY = {Level.RED: 0, Level.YELLOW: 1, Level.NONE: 2}
_ORDER = (escalations.c.urgency, escalations.c.created_at, escalations.c.id)
_BY_ID = select(escalations).where(escalations.c.id == bindparam(KEY))
_BY_ID_HELD = holding(_BY_ID, escalations)
_IN_STATUS = (
    select(escalations).where(escalations.c.status == bindparam("the_status")).order_by(*_ORDER).limit(bindparam(LIMIT))
)
_OF_PATIENT = select(escalations).where(escalations.c.patient_id == bindparam(KEY)).order_by(*_ORDER)
_OF_PATIENT_HELD = holding(_OF_PATIENT, escalations)
_FLAT = [field.name for field in fields(Escalation) if field.name not in ("evidence", "also")]


class EscalationRecords(Statements):
    async def add_escalation(self, escalation: Escalation) -> None:
        await self._add(escalations, _row(escalation))

    async def escalation(self, escalation_id: str) -> Escalation:
        rows = await self._rows(_BY_ID_HELD if self._writes else _BY_ID, {KEY: escalation_id}, brief=True)
        if not rows:
            raise NotFound("escalations")
        return escalation_of(rows[0])

    async def escalations(
        self, *, status: EscalationStatus | None = None, patient_id: str | None = None, limit: int = 500
    ) -> Sequence[Escalation]:
        if patient_id is not None and status is None:
            query = _OF_PATIENT_HELD if self._writes else _OF_PATIENT
            return [escalation_of(row) for row in (await self._rows(query, {KEY: patient_id}, brief=True))[:limit]]
        if patient_id is None and status is not None:
            given = {"the_status": status, LIMIT: limit}
            return [escalation_of(row) for row in await self._rows(_IN_STATUS, given)]
        query = select(escalations).order_by(*_ORDER).limit(limit)
        if status is not None:
            query = query.where(escalations.c.status == status)
        if patient_id is not None:
            query = self._held(query.where(escalations.c.patient_id == patient_id), escalations)
        return [escalation_of(row) for row in await self._rows(query)]

    async def escalations_left(self, left: LeftAlone, *, limit: int = 200) -> Sequence[Escalation]:
        row = escalations.c
        since = func.coalesce(row.touched_at, row.taken_at, row.created_at)
        asleep = and_(row.status == EscalationStatus.SNOOZED, row.snoozed_until <= left.now)
        forgotten = and_(row.status == EscalationStatus.TAKEN, since <= left.taken_before)
        red = and_(row.status == EscalationStatus.OPEN, row.urgency == 0, row.told < left.rungs)
        query = select(escalations).where(or_(asleep, forgotten, and_(red, since <= left.open_before)))
        found = await self._rows(query.order_by(row.urgency, row.created_at, row.id).limit(limit))
        return [escalation_of(each) for each in found]

    async def save_escalation(self, escalation: Escalation) -> Escalation:
        saved = replace(escalation, version=escalation.version + 1)
        fence = and_(escalations.c.id == escalation.id, escalations.c.version == escalation.version)
        if await self._change(escalations.update().where(fence).values(_row(saved))) == 0:
            if await self._is_stored(escalation.id):
                raise StaleVersion("escalation")
            raise NotFound("escalations")
        return saved

    async def put_escalation(self, escalation: Escalation) -> None:
        """A new one is added, a known one written over under its fence."""
        if await self._is_stored(escalation.id):
            await self.save_escalation(escalation)
        else:
            await self.add_escalation(escalation)

    async def _is_stored(self, escalation_id: str) -> bool:
        return bool(await self._rows(select(escalations.c.id).where(escalations.c.id == escalation_id)))


def _row(escalation: Escalation) -> dict[str, Any]:
    evidence = escalation.evidence
    return {name: getattr(escalation, name) for name in _FLAT} | {
        "urgency": _URGENCY[escalation.level],
        "words": evidence.words,
        "span_start": evidence.span[0],
        "span_end": evidence.span[1],
        "turn_id": evidence.turn_id,
        "attempt_id": evidence.attempt_id,
        "audio_start": evidence.audio.start if evidence.audio else None,
        "audio_end": evidence.audio.end if evidence.audio else None,
        "confidence": evidence.confidence,
        "by_sound": evidence.by_sound,
        "also": [asdict(other) for other in escalation.also],
    }


def escalation_of(row: RowMapping) -> Escalation:
    evidence = Evidence(
        words=row["words"],
        span=(row["span_start"], row["span_end"]),
        turn_id=row["turn_id"],
        attempt_id=row["attempt_id"],
        audio=audio_span(row),
        confidence=row["confidence"],
        by_sound=row["by_sound"],
    )
    also = tuple(_evidence(stored) for stored in row["also"])
    return Escalation(evidence=evidence, also=also, **{name: row[name] for name in _FLAT})


def _evidence(stored: Mapping[str, Any]) -> Evidence:
    audio = stored["audio"]
    return Evidence(
        words=stored["words"],
        span=(stored["span"][0], stored["span"][1]),
        turn_id=stored["turn_id"],
        attempt_id=stored["attempt_id"],
        audio=AudioSpan(**audio) if audio else None,
        confidence=stored["confidence"],
        by_sound=stored["by_sound"],
    )
