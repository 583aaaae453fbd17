"""What one turn reads from the store and what it writes back, each in one transaction."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent import observed
from agent.attempts import transitions
from agent.attempts.retries import RetryPolicy
from agent.attempts.unreached import Unreached
from agent.cards import save_cards
from agent.escalation import policy, under_way
from agent.model.clock import NewId, Now
from agent.model.contact import AttemptOutcome, Contact, Recording
from agent.model.escalation import Escalation, EscalationStatus
from agent.model.finding import Reading
from agent.model.move import Move, MoveKind
from agent.model.pathway import Education, Pathway
from agent.model.people import Patient, Plan
from agent.model.record import OutboxKind, OutboxMessage, StoredTurn, TurnOutcome
from agent.model.session import Session
from agent.model.step import Step
from agent.model.turn import Reply, Turn, TurnKind
from agent.store.ports import Records, Store, StoreError
from agent.turn import education
from agent.turn.ports import Pathways

log = logging.getLogger("suifang.conversation")

Escalate = Callable[[Sequence[Escalation]], Sequence[Escalation]]


@dataclass(frozen=True, slots=True)
class Before:
    """What is on record when a turn comes in."""

    contact: Contact
    patient: Patient
    plan: Plan
    pathway: Pathway
    session: Session | None
    seq: int


@dataclass(frozen=True, slots=True)
class After:
    """What one turn came to. `escalate` makes it into cards, given the patient's unresolved ones: it is called inside
    the writing transaction, since a nurse may take a card while the turn is being decided."""

    reading: Reading
    move: Move
    step: Step
    escalate: Escalate
    lessons: tuple[Education, ...] = ()  # owed to the patient from now on


class TurnRecords:
    def __init__(self, store: Store, pathways: Pathways, retries: RetryPolicy, now: Now, new_id: NewId) -> None:
        self._store, self._pathways, self._retries, self._now, self._new_id = store, pathways, retries, now, new_id
        self.card_raised: Callable[[], None] = lambda: None  # called once it is committed

    async def known_reply(self, turn_id: str) -> Reply | None:
        async with self._store.transaction(write=False) as records:
            return await records.reply_to(turn_id)

    async def load(self, contact_id: str) -> Before:
        """Raises NotFound."""
        async with self._store.transaction(write=False) as records:
            contact = await records.contact(contact_id)
            session = await records.session(contact.id)
            if session:
                pathway = self._pathways.get(contact.pathway, contact.pathway_version)
            else:
                pathway = self._pathways.starting(contact.pathway, contact.pathway_version)
            return Before(
                contact=contact,
                patient=await records.patient(contact.patient_id),
                plan=await records.plan(contact.plan_id),
                pathway=pathway,
                session=Session.from_json(session) if session else None,
                seq=await records.turn_count(contact.id) + 1,
            )

    async def commit(self, turn: Turn, before: Before, after: After) -> Reply:
        """ONE transaction: turn, answers, findings, alarms, escalations, session, attempt, contact and outbox."""
        now, step = self._now(), after.step
        async with self._store.transaction() as records:
            cards = await records.escalations(patient_id=before.patient.id)  # held until the commit
            open_now = [card for card in cards if card.status is not EscalationStatus.RESOLVED]
            escalations = after.escalate(open_now)
            reading = under_way.ledger(after.reading, turn, open_now)
            events, messages = policy.announce(escalations, open_now, now, self._new_id)
            messages.append(OutboxMessage(self._new_id(), OutboxKind.TURN_STORED, turn.contact_id, now))
            await records.save_turn(
                TurnOutcome(
                    stored=StoredTurn(before.seq, turn, after.move.kind, reading, step.reply),
                    session=step.session.to_json(),
                    answers=step.answers,
                    escalations=tuple(escalations),
                    events=tuple(events),
                    outbox=tuple(messages),
                )
            )
            await self._keep_readings(records, turn, before, step)
            attempt = await records.attempt(turn.attempt_id)
            if step.transfer is not None:
                ringing = [card.id for card in (*open_now, *escalations) if card.evidence.attempt_id == attempt.id]
                await transitions.note_transfer(records, attempt, step.transfer, now)
                for card_id in dict.fromkeys(ringing):
                    told = OutboxMessage(self._new_id(), OutboxKind.ESCALATION_CHANGED, card_id, now)
                    await records.add_outbox(told)
            if before.session is None:
                await self._begin_with(records, before)
            if turn.kind is TurnKind.START:
                attempt = await transitions.progress(records, attempt, AttemptOutcome.ANSWERED, now, "patient")
            if step.end is not None:
                stamp = transitions.Stamp(now, "robot", self._new_id())
                if await transitions.end_attempt(records, attempt, step.end, stamp):
                    await education.queue(records, after.lessons, before.contact, now, self._new_id)
                if step.end.reason in transitions.STOPS_EVERYTHING:
                    await transitions.stop_everything(records, before.patient.id, step.end.reason, turn.channel, stamp)
        if escalations:
            self.card_raised()
        return step.reply

    async def commit_early(self, turn: Turn, patient_id: str, escalate: Escalate) -> None:
        """Cards for words whose turn is not over, each with its event and its message; nothing of the turn itself. The
        same words again, and words of a turn that was stored meanwhile, change nothing."""
        async with self._store.transaction() as records:
            if await records.reply_to(turn.id) is not None:
                return
            cards = await records.escalations(patient_id=patient_id)  # held until the commit
            open_now = [card for card in cards if card.status is not EscalationStatus.RESOLVED]
            raised = escalate(open_now)
            await save_cards(records, raised, open_now, self._now(), self._new_id)
        if raised:
            self.card_raised()

    @staticmethod
    async def _keep_readings(records: Records, turn: Turn, before: Before, step: Step) -> None:
        """Answers that are readings stand in the patient's line of them too; one that was corrected is taken out."""
        earlier = before.session.answers if before.session else ()
        gone = observed.corrected(step.answers, earlier, before.pathway)
        if gone:
            await records.remove_observations(gone)
        readings = observed.answered(step.answers, before.pathway, turn, before.patient.id)
        await observed.keep(records, readings, turn.at)

    @staticmethod
    async def _begin_with(records: Records, before: Before) -> None:
        """The contact keeps the version it begins with, whatever becomes of the file."""
        contact = await records.contact(before.contact.id)
        if contact.pathway_version != before.pathway.version:
            await records.save_contact(replace(contact, pathway_version=before.pathway.version))

    async def commit_machine(self, turn: Turn, before: Before, step: Step, outcome: AttemptOutcome | None) -> Reply:
        """A machine answered: its words are kept unread, the attempt ends by the retry rules if it has an outcome."""
        now = self._now()
        async with self._store.transaction() as records:
            stored = StoredTurn(before.seq, turn, MoveKind.MACHINE, Reading(turn.text), step.reply)
            told = OutboxMessage(self._new_id(), OutboxKind.TURN_STORED, turn.contact_id, now)
            await records.save_turn(TurnOutcome(stored=stored, session=step.session.to_json(), outbox=(told,)))
            cards = await records.escalations(patient_id=before.patient.id)
            settled = under_way.heard_whole(stored.reading, turn, cards)  # it was taken for a person at first
            await save_cards(records, settled, cards, now, self._new_id)
            if outcome is None:
                return step.reply
            attempt = await records.attempt(turn.attempt_id)
            stamp = transitions.Stamp(now, "robot", self._new_id())
            await Unreached(self._retries, self._new_id).end(records, attempt, outcome, outcome.value, stamp)
        return step.reply

    async def contact_of(self, attempt_id: str) -> str:
        """The contact an attempt is for. Raises NotFound."""
        async with self._store.transaction(write=False) as records:
            return (await records.attempt(attempt_id)).contact_id

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        """Where in the recording the reply to a turn began. A failing store costs the page a button, not the call."""
        try:
            async with self._store.transaction() as records:
                await records.note_reply_audio(turn_id, seconds)
        except StoreError as error:
            log.warning("reply's place in the recording not stored: turn=%s code=%s", turn_id, error.code)

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        """The attempt's recording, noted when it begins (0 s) and again when it ends."""
        async with self._store.transaction() as records:
            contact_id = (await records.attempt(attempt_id)).contact_id
            for known in await records.recordings(contact_id=contact_id):
                if known.attempt_id == attempt_id:
                    await records.save_recording(replace(known, seconds=seconds))
                    return
            await records.add_recording(Recording(self._new_id(), attempt_id, contact_id, path, self._now(), seconds))
