"""Figures over many patients: facts and counts of a slice of contacts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, extract, func, or_, select

from agent.model.clock import HOSPITAL_ZONE, hospital_day
from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.escalation import Disposition, EscalationKind
from agent.model.insight import (
    AlarmCount,
    AlarmFact,
    AnswerFact,
    AttemptFact,
    CallCount,
    QuestionCount,
    Slice,
    StayFact,
)
from agent.model.stay import StayStatus
from agent.store.intake_tables import stays
from agent.store.sql.statements import Statements, columns
from agent.store.tables import answers, attempts, contacts, escalations, patients

MOST_FACTS = 50_000


class InsightQueries(Statements):
    async def contact_tally(self, wanted: Slice) -> Mapping[ContactStatus, int]:
        query = _sliced(select(contacts.c.status, func.count().label("all")), wanted)
        return {row["status"]: row["all"] for row in await self._rows(query.group_by(contacts.c.status))}

    async def contacts_within(
        self, wanted: Slice, *, status: ContactStatus | None = None, owed: bool = False, limit: int = 500
    ) -> Sequence[Contact]:
        query = _sliced(select(*columns(contacts, Contact)), wanted)
        if status is not None:
            query = query.where(contacts.c.status == status)
        if owed:
            query = query.where(contacts.c.status != ContactStatus.WAIVED)
        return await self._many(Contact, query.order_by(contacts.c.due_at, contacts.c.id).limit(limit))

    async def attempt_facts(self, wanted: Slice) -> Sequence[AttemptFact]:
        row = attempts.c
        query = (
            select(row.created_at, row.answered_at, row.ended_at, patients.c.birth_year, row.contact_id, row.patient_id)
            .join(contacts, contacts.c.id == row.contact_id)
            .join(patients, _owner)
            .where(row.channel == Channel.PHONE, *_within(wanted))
            .order_by(row.created_at, row.id)
            .limit(MOST_FACTS)
        )
        facts = []
        for created, answered, ended, *of in await self._tuples(query):
            talked = (ended - answered).total_seconds() if answered and ended else 0.0
            facts.append(AttemptFact(created, answered is not None, talked, *of))
        return facts

    async def call_counts(self, wanted: Slice) -> Sequence[CallCount]:
        row = attempts.c
        hour = _hospital_hour(row.created_at, self._line.dialect.name).label("hour")
        query = (
            select(hour, patients.c.birth_year, func.count(), func.count(row.answered_at))
            .join_from(attempts, contacts, contacts.c.id == row.contact_id)
            .join(patients, _owner)
            .where(row.channel == Channel.PHONE, *_within(wanted))
            .group_by(hour, patients.c.birth_year)
        )
        return [CallCount(*found) for found in await self._tuples(query)]

    async def alarm_facts(
        self, wanted: Slice, *, kind: EscalationKind | None = None, limit: int | None = None
    ) -> Sequence[AlarmFact]:
        query = _of_cards(wanted, *columns(escalations, AlarmFact))
        if kind is not None:
            query = query.where(escalations.c.kind == kind)
        newest = query.order_by(escalations.c.created_at.desc(), escalations.c.id)
        return await self._many(AlarmFact, newest.limit(limit or MOST_FACTS))

    async def alarm_counts(self, wanted: Slice) -> Sequence[AlarmCount]:
        row = escalations.c
        waited = _seconds_between(row.created_at, row.taken_at, self._line.dialect.name).label("waited")
        of = (row.kind, row.status, row.disposition, row.level, waited)
        query = _of_cards(wanted, *of, func.count()).group_by(*of)
        return [AlarmCount(*found) for found in await self._tuples(query)]

    async def question_counts(self, wanted: Slice) -> Sequence[QuestionCount]:
        """Of answers that stand a contact has one to a question: rows are counted, which no database must sort for."""
        of = (contacts.c.pathway, contacts.c.pathway_version, answers.c.question)
        counted = func.count().label("answered")
        query = select(*of, counted).join_from(answers, contacts, contacts.c.id == answers.c.contact_id)
        query = _sliced(query.where(~answers.c.superseded), wanted).group_by(*of)
        rows = await self._rows(query.order_by(counted.desc(), *of))
        return [QuestionCount(r["pathway"], r["pathway_version"], r["question"], r["answered"]) for r in rows]

    async def answer_facts(self, wanted: Slice, questions: Collection[str]) -> Sequence[AnswerFact]:
        query = (
            select(
                answers.c.contact_id,
                contacts.c.patient_id,
                contacts.c.pathway,
                contacts.c.pathway_version.label("version"),
                answers.c.question,
                answers.c.value,
                answers.c.raw,
                contacts.c.planned_for,
                answers.c.unconfirmed,
            )
            .join_from(answers, contacts, contacts.c.id == answers.c.contact_id)
            .where(answers.c.question.in_(questions), ~answers.c.superseded)
            .order_by(contacts.c.planned_for, answers.c.seq)
        )
        return await self._many(AnswerFact, _sliced(query, wanted).limit(MOST_FACTS)) if questions else []

    async def stay_facts(self, wanted: Slice) -> Sequence[StayFact]:
        left = stays.alias("left")
        within = (left.c.discharge_date >= wanted.since, left.c.discharge_date <= wanted.until)
        discharged = select(left.c.patient_id).where(left.c.status == StayStatus.DISCHARGED, *within)
        row = stays.c
        query = select(row.patient_id, row.status, row.source, row.discharge_date, row.updated_at)
        query = query.join(patients, patients.c.id == row.patient_id).where(
            row.patient_id.in_(discharged), row.status != StayStatus.CANCELLED, *_of_patients(wanted)
        )
        found = await self._rows(query.limit(MOST_FACTS))
        facts = [
            StayFact(r["patient_id"], r["status"], r["source"], r["discharge_date"] or hospital_day(r["updated_at"]))
            for r in found
        ]
        return sorted(facts, key=lambda each: (each.patient_id, each.on))

    async def departments(self) -> Sequence[str]:
        query = select(patients.c.department).where(patients.c.department.is_not(None)).distinct()
        return [row["department"] for row in await self._rows(query.order_by(patients.c.department))]


_owner = patients.c.id == contacts.c.patient_id


def _of_cards(wanted: Slice, *of: ColumnElement[Any]) -> Select[Any]:
    """Without those that another card of the same words tells."""
    query = select(*of).join_from(escalations, contacts, contacts.c.id == escalations.c.contact_id)
    told = or_(escalations.c.disposition.is_(None), escalations.c.disposition != Disposition.JOINED)
    return _sliced(query.where(told), wanted)


def _sliced(query: Select[Any], wanted: Slice) -> Select[Any]:
    """A query over contacts, of the slice. The patients are joined only where it asks about them: to read them all
    costs a database more than the figure."""
    query = query.join(patients, _owner) if _of_patients(wanted) else query
    return query.where(*_within(wanted))


def _hospital_hour(moment: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """SQLite knows no zones; the hospital's is eight hours ahead all year."""
    if dialect == "sqlite":
        return cast(func.strftime("%H", moment, "+8 hours"), Integer)
    return cast(extract("hour", func.timezone(HOSPITAL_ZONE.key, moment)), Integer)


def _seconds_between(earlier: ColumnElement[Any], later: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """Whole ones, by the clock's own seconds: 59.9 to 61.1 are two."""
    if dialect == "sqlite":
        return cast(func.strftime("%s", later), Integer) - cast(func.strftime("%s", earlier), Integer)
    return cast(func.floor(extract("epoch", later)) - func.floor(extract("epoch", earlier)), Integer)


def _within(wanted: Slice) -> list[ColumnElement[bool]]:
    found = [contacts.c.planned_for >= wanted.since, contacts.c.planned_for <= wanted.until]
    if wanted.pathway is not None:
        found.append(contacts.c.pathway == wanted.pathway)
    return found + _of_patients(wanted)


def _of_patients(wanted: Slice) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.department is not None:
        found.append(patients.c.department == wanted.department)
    if wanted.tier is not None:
        found.append(patients.c.tier == wanted.tier)
    return found
