"""The store in memory: the same promises as the real one, held by the same contract tests."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from agent.model.answer import Answer
from agent.model.contact import OPEN_OUTCOMES, Attempt, Contact, ContactStatus, Recording, Script
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Alarm, Finding, Level
from agent.model.people import Patient, Plan
from agent.model.record import Event, OutboxMessage, StoredTurn, TurnOutcome
from agent.model.turn import Reply
from agent.model.urgency import Urgency
from agent.store.ports import Duplicate, StaleVersion
from agent.store.screens import ScreenRecords
from tests.fakes.memory_campaigns import MemoryCampaigns
from tests.fakes.memory_desk import MemoryDesk
from tests.fakes.memory_displays import MemoryDisplays
from tests.fakes.memory_education import MemoryEducation
from tests.fakes.memory_faq import MemoryFaq
from tests.fakes.memory_insight import MemoryInsight
from tests.fakes.memory_intake import MemoryIntake
from tests.fakes.memory_live import MemoryLive
from tests.fakes.memory_message_account import MemoryMessageAccount
from tests.fakes.memory_messages import MemoryMessages
from tests.fakes.memory_moves import MemoryMoves
from tests.fakes.memory_pieces import MemoryPieces
from tests.fakes.memory_points import MemoryPoints
from tests.fakes.memory_screens import MemoryScreenQueries
from tests.fakes.memory_second_passes import MemorySecondPasses
from tests.fakes.memory_tables import Tables, one, refer
from tests.fakes.memory_take_overs import MemoryTakeOvers
from tests.fakes.memory_trunks import MemoryTrunks
from tests.fakes.memory_users import MemoryUsers
from tests.fakes.memory_wechat import MemoryWechat

_URGENCY = {Level.RED: 0, Level.YELLOW: 1, Level.NONE: 2}


class MemoryStore:
    """One writer at a time; a reader sees the moment it began at."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, *, write: bool = True, sees: str | None = None) -> AsyncIterator[ScreenRecords]:
        if not write:
            yield MemoryRecords(self._tables.seen_by(sees), writes=False)
            return
        async with self._writing:
            changed = self._tables.seen_by(sees)
            yield MemoryRecords(changed, writes=True)
            self._tables = changed if sees is None else self._tables.joined(changed)

    async def close(self) -> None:
        return None


class MemoryRecords(
    MemoryIntake,
    MemoryDesk,
    MemorySecondPasses,
    MemoryEducation,
    MemoryUsers,
    MemoryFaq,
    MemoryMessages,
    MemoryMessageAccount,
    MemoryMoves,
    MemoryPieces,
    MemoryPoints,
    MemoryTrunks,
    MemoryCampaigns,
    MemoryWechat,
    MemoryInsight,
    MemoryLive,
    MemoryDisplays,
    MemoryTakeOvers,
    MemoryScreenQueries,
):
    # people
    async def add_patient(self, patient: Patient) -> None:
        await self.add_patients([patient])

    async def patient(self, patient_id: str) -> Patient:
        return one(self._t.patients, patient_id)

    async def save_patient(self, patient: Patient) -> None:
        self._refuse_namesake(patient)
        self._overwrite(self._t.patients, patient.id, patient)

    async def find_patient(self, *, name: str, phone: str) -> Patient | None:
        return next((p for p in self._t.patients.values() if (p.name, p.phone) == (name, phone)), None)

    async def patients(self, *, limit: int = 500) -> Sequence[Patient]:
        return sorted(self._t.patients.values(), key=lambda p: p.id)[:limit]

    async def add_plan(self, plan: Plan, contacts: Sequence[Contact]) -> None:
        await self.add_plans([plan], contacts)

    async def add_contact(self, contact: Contact) -> None:
        refer(self._t.plans, contact.plan_id)
        refer(self._t.patients, contact.patient_id)
        self._add(self._t.contacts, contact.id, contact)

    async def plan(self, plan_id: str) -> Plan:
        return one(self._t.plans, plan_id)

    async def save_plan(self, plan: Plan) -> None:
        self._overwrite(self._t.plans, plan.id, plan)

    async def plans(self, patient_id: str) -> Sequence[Plan]:
        mine = (plan for plan in self._t.plans.values() if plan.patient_id == patient_id)
        return sorted(mine, key=lambda plan: (plan.created_at, plan.id))

    # contacts and attempts
    async def contact(self, contact_id: str) -> Contact:
        return one(self._t.contacts, contact_id)

    async def contacts(
        self, *, patient_id: str | None = None, status: ContactStatus | None = None, limit: int = 500
    ) -> Sequence[Contact]:
        fit = (c for c in self._t.contacts.values() if patient_id in (None, c.patient_id))
        return sorted((c for c in fit if status in (None, c.status)), key=lambda c: (c.due_at, c.id))[:limit]

    async def claim_due(
        self, *, now: datetime, lease_until: datetime, worker: str, limit: int, passing_over: Collection[Script] = ()
    ) -> Sequence[Contact]:
        self._check(now, lease_until)
        leased = {known for known, until in self._t.leases.items() if until > now}
        waiting = await self.contacts(status=ContactStatus.DUE, limit=10**9)
        due = [c for c in waiting if c.due_at <= now and c.script not in passing_over]
        due.sort(key=lambda c: len(Urgency) if c.urgency is None else c.urgency)  # stable: then by due time
        taken = {a.patient_id for a in self._t.attempts.values() if a.outcome in OPEN_OUTCOMES}
        taken |= {c.patient_id for c in self._t.contacts.values() if c.id in leased and c.status is ContactStatus.DUE}
        claimed: list[Contact] = []
        for contact in due:
            if contact.patient_id not in taken and len(claimed) < limit:
                taken.add(contact.patient_id)
                claimed.append(contact)
                self._t.leases[contact.id] = lease_until
        return claimed

    async def save_contact(self, contact: Contact) -> Contact:
        known = self._t.contacts.get(contact.id)
        row = replace(contact, urgency=known.urgency) if known else contact
        saved: Contact = self._fenced(self._t.contacts, row)
        self._t.leases.pop(contact.id, None)
        return saved

    async def add_attempt(self, attempt: Attempt) -> None:
        refer(self._t.contacts, attempt.contact_id)
        refer(self._t.patients, attempt.patient_id)
        self._refuse_twin(attempt)
        self._add(self._t.attempts, attempt.id, attempt)

    async def attempt(self, attempt_id: str) -> Attempt:
        return one(self._t.attempts, attempt_id)

    async def attempt_by_carrier_ref(self, carrier_ref: str) -> Attempt | None:
        return next((a for a in self._t.attempts.values() if a.carrier_ref == carrier_ref), None)

    async def attempts(self, *, contact_id: str | None = None, live_only: bool = False) -> Sequence[Attempt]:
        fit = (a for a in self._t.attempts.values() if contact_id in (None, a.contact_id))
        live = (a for a in fit if not live_only or a.outcome in OPEN_OUTCOMES)
        return sorted(live, key=lambda a: (a.created_at, a.id))

    async def attempts_since(self, since: datetime, patient_ids: Collection[str]) -> Sequence[Attempt]:
        return [a for a in await self.attempts() if a.patient_id in patient_ids and a.created_at >= since]

    async def save_attempt(self, attempt: Attempt) -> None:
        self._refuse_twin(attempt)
        self._overwrite(self._t.attempts, attempt.id, attempt)

    def _refuse_twin(self, attempt: Attempt) -> None:
        for other in self._t.attempts.values():
            same_patient = other.patient_id == attempt.patient_id and other.id != attempt.id
            if same_patient and {other.outcome, attempt.outcome} <= OPEN_OUTCOMES:
                raise Duplicate("unique")
            if other.id != attempt.id and attempt.carrier_ref and other.carrier_ref == attempt.carrier_ref:
                raise Duplicate("unique")

    async def add_recording(self, recording: Recording) -> None:
        refer(self._t.attempts, recording.attempt_id)
        refer(self._t.contacts, recording.contact_id)
        self._add(self._t.recordings, recording.id, recording)

    async def save_recording(self, recording: Recording) -> None:
        one(self._t.recordings, recording.id)
        self._t.recordings[recording.id] = recording

    async def recording(self, recording_id: str) -> Recording:
        return one(self._t.recordings, recording_id)

    async def recordings(self, *, contact_id: str) -> Sequence[Recording]:
        mine = (r for r in self._t.recordings.values() if r.contact_id == contact_id)
        return sorted(mine, key=lambda r: (r.started_at, r.id))

    # the conversation
    async def session(self, contact_id: str) -> str | None:
        return self._t.sessions.get(contact_id)

    async def reply_to(self, turn_id: str) -> Reply | None:
        known = self._t.turns.get(turn_id)
        return known.reply if known else None

    async def turn_count(self, contact_id: str) -> int:
        return len(await self.turns(contact_id))

    async def save_turn(self, outcome: TurnOutcome) -> None:
        stored, turn = outcome.stored, outcome.stored.turn
        if turn.id in self._t.turns:
            raise Duplicate("turn")
        if any(known.seq == stored.seq for known in await self.turns(turn.contact_id)):
            raise StaleVersion("turn number taken")
        refer(self._t.contacts, turn.contact_id)
        refer(self._t.attempts, turn.attempt_id)
        self._add(self._t.turns, turn.id, stored)
        for answer in outcome.answers:
            self._add_answer(turn.contact_id, answer)
        for escalation in outcome.escalations:
            if escalation.id in self._t.escalations:
                await self.save_escalation(escalation)
            else:
                await self.add_escalation(escalation)
        self._t.sessions[turn.contact_id] = outcome.session
        for event in outcome.events:
            await self.add_event(event)
        for message in outcome.outbox:
            await self.add_outbox(message)

    def _add_answer(self, contact_id: str, answer: Answer) -> None:
        refer(self._t.turns, answer.turn_id)
        for seq, (contact, earlier, _) in list(self._t.answers.items()):
            if (contact, earlier.question) == (contact_id, answer.question):
                self._t.answers[seq] = (contact, earlier, True)
        self._t.answers[len(self._t.answers)] = (contact_id, answer, False)

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        self._overwrite(self._t.turns, turn_id, replace(one(self._t.turns, turn_id), reply_audio_start=seconds))

    async def turns(self, contact_id: str) -> Sequence[StoredTurn]:
        mine = (stored for stored in self._t.turns.values() if stored.turn.contact_id == contact_id)
        return sorted(mine, key=lambda stored: stored.seq)

    async def answers(self, contact_id: str, *, with_superseded: bool = False) -> Sequence[Answer]:
        rows = self._t.answers.values()
        return [answer for contact, answer, old in rows if contact == contact_id and (with_superseded or not old)]

    async def findings(self, contact_id: str) -> Sequence[tuple[str, Finding]]:
        return [(s.turn.id, finding) for s in await self.turns(contact_id) for finding in s.reading.findings]

    async def alarms(self, contact_id: str) -> Sequence[tuple[str, Alarm]]:
        return [(s.turn.id, alarm) for s in await self.turns(contact_id) for alarm in s.reading.alarms]

    # escalations
    async def add_escalation(self, escalation: Escalation) -> None:
        refer(self._t.patients, escalation.patient_id)
        refer(self._t.contacts, escalation.contact_id)
        self._add(self._t.escalations, escalation.id, escalation)

    async def escalation(self, escalation_id: str) -> Escalation:
        return one(self._t.escalations, escalation_id)

    async def escalations(
        self, *, status: EscalationStatus | None = None, patient_id: str | None = None, limit: int = 500
    ) -> Sequence[Escalation]:
        fit = (e for e in self._t.escalations.values() if status in (None, e.status))
        mine = (e for e in fit if patient_id in (None, e.patient_id))
        return sorted(mine, key=lambda e: (_URGENCY[e.level], e.created_at, e.id))[:limit]

    async def save_escalation(self, escalation: Escalation) -> Escalation:
        saved: Escalation = self._fenced(self._t.escalations, escalation)
        return saved

    # after commit
    async def add_event(self, event: Event) -> None:
        self._add(self._t.events, len(self._t.events), event)

    async def events(self, entity: str, entity_id: str) -> Sequence[Event]:
        return [event for event in self._t.events.values() if (event.entity, event.entity_id) == (entity, entity_id)]

    async def events_since(self, entity: str, since: datetime) -> Sequence[Event]:
        return [event for event in self._t.events.values() if event.entity == entity and event.at >= since]

    async def last_events(self, entity: str, to_status: str) -> Mapping[str, datetime]:
        mine = [each for each in self._t.events.values() if (each.entity, each.to_status) == (entity, to_status)]
        return {each.entity_id: each.at for each in sorted(mine, key=lambda each: each.at)}

    async def add_outbox(self, message: OutboxMessage) -> None:
        self._add(self._t.outbox, message.id, message)

    async def claim_outbox(self, *, limit: int, now: datetime) -> Sequence[OutboxMessage]:
        self._check(now)
        free = [m for m in self._t.outbox.values() if m.id not in self._t.held or self._t.held[m.id] <= now][:limit]
        self._t.held |= {message.id: now + timedelta(seconds=30) for message in free}
        return free

    async def outbox_done(self, *message_ids: str) -> None:
        self._check()
        for message_id in message_ids:
            self._t.outbox.pop(message_id, None)
