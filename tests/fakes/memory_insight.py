"""Figures over many patients, of the store in memory."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from agent.model.contact import Attempt, Channel, Contact, ContactStatus
from agent.model.insight import AlarmFact, AttemptFact, QuestionCount, Slice
from agent.model.pathway_use import PathwayUse


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
        self, wanted: Slice, *, status: ContactStatus | None = None, limit: int = 500
    ) -> Sequence[Contact]:
        found = (contact for contact in self._in(wanted).values() if status in (None, contact.status))
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
            return AttemptFact(each.created_at, each.answered_at is not None, talked, born)

        return [fact(each) for each in sorted(made, key=lambda each: (each.created_at, each.id))]

    async def alarm_facts(self, wanted: Slice) -> Sequence[AlarmFact]:
        within = self._in(wanted)
        found = [card for card in self._t.escalations.values() if card.contact_id in within]
        names = [field.name for field in fields(AlarmFact) if field.name != "words"]
        cards = sorted(sorted(found, key=lambda card: card.id), key=lambda card: card.created_at, reverse=True)
        return [AlarmFact(words=card.evidence.words, **{name: getattr(card, name) for name in names}) for card in cards]

    async def question_counts(self, wanted: Slice) -> Sequence[QuestionCount]:
        within = self._in(wanted)
        where: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for contact_id, answer, _ in self._t.answers.values():
            if contact_id in within:
                contact = within[contact_id]
                where[contact.pathway, contact.pathway_version, answer.question].add(contact_id)
        counts = [QuestionCount(*key, len(contacts)) for key, contacts in where.items()]
        return sorted(counts, key=lambda each: (-each.answered, each.pathway, each.version, each.question))

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
