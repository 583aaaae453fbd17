"""Figures over many patients, of the store in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from agent.model.clock import HOSPITAL_ZONE, hospital_day
from agent.model.contact import Attempt, Channel, Contact, ContactStatus
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
from agent.model.pathway_use import PathwayUse
from agent.model.stay import StayStatus


class MemoryInsight:
    _t: Any  # the tables of MemoryRecords

    def _in(self, wanted: Slice) -> dict[str, Contact]:
        def fits(contact: Contact) -> bool:
            person = self._t.patients[contact.patient_id]
            return (
                wanted.since <= contact.planned_for <= wanted.until
                and wanted.department in (None, person.department)
                and wanted.pathway in (None, contact.pathway)
                and wanted.tier in (None, person.tier)
            )

        return {contact.id: contact for contact in self._t.contacts.values() if fits(contact)}

    async def contact_tally(self, wanted: Slice) -> Mapping[ContactStatus, int]:
        return dict(Counter(contact.status for contact in self._in(wanted).values()))

    async def contacts_within(
        self, wanted: Slice, *, status: ContactStatus | None = None, owed: bool = False, limit: int = 500
    ) -> Sequence[Contact]:
        not_owed = {ContactStatus.WAIVED} if owed else set()
        within = (contact for contact in self._in(wanted).values() if contact.status not in not_owed)
        found = (contact for contact in within if status in (None, contact.status))
        return sorted(found, key=lambda contact: (contact.due_at, contact.id))[:limit]

    async def attempt_facts(self, wanted: Slice) -> Sequence[AttemptFact]:
        within = self._in(wanted)
        made: list[Attempt] = [
            each for each in self._t.attempts.values() if each.contact_id in within and each.channel is Channel.PHONE
        ]

        def fact(each: Attempt) -> AttemptFact:
            both = each.answered_at and each.ended_at
            talked = (each.ended_at - each.answered_at).total_seconds() if both else 0.0  # type: ignore[operator]
            born = self._t.patients[each.patient_id].birth_year
            of = (born, each.contact_id, each.patient_id)
            return AttemptFact(each.created_at, each.answered_at is not None, talked, *of)

        return [fact(each) for each in sorted(made, key=lambda each: (each.created_at, each.id))]

    async def call_counts(self, wanted: Slice) -> Sequence[CallCount]:
        facts = await self.attempt_facts(wanted)
        groups = [(each.created_at.astimezone(HOSPITAL_ZONE).hour, each.birth_year) for each in facts]
        answered = Counter(group for group, each in zip(groups, facts, strict=True) if each.answered)
        return [CallCount(*group, made, answered[group]) for group, made in Counter(groups).items()]

    async def alarm_counts(self, wanted: Slice) -> Sequence[AlarmCount]:
        def waited(each: AlarmFact) -> int | None:
            return int(each.taken_at.timestamp()) - int(each.created_at.timestamp()) if each.taken_at else None

        facts = await self.alarm_facts(wanted)
        found = Counter((each.kind, each.status, each.disposition, each.level, waited(each)) for each in facts)
        return [AlarmCount(*key, count) for key, count in found.items()]

    async def alarm_facts(
        self, wanted: Slice, *, kind: EscalationKind | None = None, limit: int | None = None
    ) -> Sequence[AlarmFact]:
        within = self._in(wanted)
        of_kind = (card for card in self._t.escalations.values() if kind in (None, card.kind))
        told = (card for card in of_kind if card.disposition is not Disposition.JOINED)
        found = [card for card in told if card.contact_id in within]
        names = [field.name for field in fields(AlarmFact) if field.name != "words"]
        cards = sorted(sorted(found, key=lambda card: card.id), key=lambda card: card.created_at, reverse=True)
        facts = [AlarmFact(words=card.evidence.words, **{n: getattr(card, n) for n in names}) for card in cards]
        return facts[:limit]

    async def question_counts(self, wanted: Slice) -> Sequence[QuestionCount]:
        within = self._in(wanted)
        where: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for contact_id, answer, _ in self._t.answers.values():
            if contact_id in within:
                contact = within[contact_id]
                where[contact.pathway, contact.pathway_version, answer.question].add(contact_id)
        counts = [QuestionCount(*key, len(contacts)) for key, contacts in where.items()]
        return sorted(counts, key=lambda each: (-each.answered, each.pathway, each.version, each.question))

    async def answer_facts(self, wanted: Slice, questions: Collection[str]) -> Sequence[AnswerFact]:
        within, found = self._in(wanted), []
        for contact_id, answer, superseded in self._t.answers.values():
            contact = within.get(contact_id)
            if contact is not None and answer.question in questions and not superseded:
                of = (contact.pathway, contact.pathway_version, answer.question, answer.value, answer.raw)
                found.append(AnswerFact(contact_id, contact.patient_id, *of, contact.planned_for, answer.unconfirmed))
        return sorted(found, key=lambda each: each.planned_for)

    async def stay_facts(self, wanted: Slice) -> Sequence[StayFact]:
        discharged = {
            stay.patient_id
            for stay in self._t.stays.values()
            if stay.status is StayStatus.DISCHARGED
            and stay.discharge_date
            and wanted.since <= stay.discharge_date <= wanted.until
        }
        found = [
            StayFact(stay.patient_id, stay.status, stay.source, stay.discharge_date or hospital_day(stay.updated_at))
            for stay in self._t.stays.values()
            if stay.patient_id in discharged and stay.status is not StayStatus.CANCELLED
            and wanted.department in (None, self._t.patients[stay.patient_id].department)
            and wanted.tier in (None, self._t.patients[stay.patient_id].tier)
        ]  # fmt: skip
        return sorted(found, key=lambda each: (each.patient_id, each.on))

    async def pathway_use(self) -> Sequence[PathwayUse]:
        unfinished = (ContactStatus.DUE, ContactStatus.IN_PROGRESS)
        found = Counter(
            (each.pathway, each.pathway_version, each.status)
            for each in self._t.contacts.values()
            if each.status in unfinished
        )
        return [PathwayUse(*key, count) for key, count in sorted(found.items())]

    async def departments(self) -> Sequence[str]:
        return sorted({person.department for person in self._t.patients.values() if person.department})
