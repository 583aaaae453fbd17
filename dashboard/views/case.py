"""One escalation with its evidence and its patient: the work page's middle and right panes."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.escalation import under_way
from agent.model.answer import Answer
from agent.model.contact import Contact, Recording
from agent.model.escalation import Disposition, Escalation, EscalationStatus, Evidence
from agent.model.record import User
from agent.store.ports import NotFound
from agent.store.screens import ScreenRecords
from dashboard.accounts import may_have
from dashboard.deps import DashboardDeps
from dashboard.views import conversation, patient, queue
from dashboard.views.conversation import Talk
from dashboard.views.marks import Piece, evident
from dashboard.views.patient import PatientView
from dashboard.views.queue import Clock

KEY_SECONDS = 5.0  # how much one key plays around the words that alarmed
LEAD_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    escalation: Escalation
    clock: Clock
    pieces: tuple[Piece, ...]
    also: tuple[tuple[str, tuple[Piece, ...]], ...]  # (turn id, words) of the same danger said at other times
    halves: tuple[tuple[str, tuple[Piece, ...]], ...]  # the same, of its sentences while they were still being said
    joined_to: str  # the card that tells this one from now on
    owner: str | None  # display name
    mine: bool
    contact: Contact | None
    what: str
    talks: tuple[Talk, ...]
    recording: Recording | None
    clip: tuple[float, float] | None  # seconds of the recording that matter
    person: PatientView | None
    transfer: str  # how the transfer to a nurse stands
    answers: tuple[tuple[str, str, str], ...]  # this contact's: label, value, raw words
    told: str  # who was told that nobody takes it
    colleagues: tuple[User, ...]  # who else may take it
    pauses: tuple[tuple[int, str], ...]  # minutes it may be put off, and how they are called
    missed: frozenset[str]  # turns that a nurse marked as passed over
    sure: str  # how sure the words are
    heard_live: str = ""  # what the call made of the words that only the second pass understood

    @property
    def open(self) -> bool:
        return self.escalation.status is EscalationStatus.OPEN

    @property
    def snoozed(self) -> bool:
        return self.escalation.status is EscalationStatus.SNOOZED

    @property
    def taken(self) -> bool:
        return self.escalation.status is EscalationStatus.TAKEN

    @property
    def resolved(self) -> bool:
        return self.escalation.status is EscalationStatus.RESOLVED


def clip_of(escalation: Escalation) -> tuple[float, float] | None:
    """From just before the words to just after them, at least five seconds."""
    audio = escalation.evidence.audio
    if audio is None:
        return None
    start = max(0.0, audio.start - LEAD_SECONDS)
    return (round(start, 2), round(max(start + KEY_SECONDS, audio.end + LEAD_SECONDS), 2))


async def load(records: ScreenRecords, deps: DashboardDeps, viewer: User, escalation_id: str) -> Case:
    """Raises NotFound for an unknown escalation; a missing contact or patient is shown as missing."""
    escalation = await records.escalation(escalation_id)
    try:
        person = await patient.load(records, deps, escalation.patient_id)
    except NotFound:
        person = None
    node = person.node(escalation.contact_id) if person else None
    contact = node.contact if node else None
    talks = (await conversation.load_many(records, {node.contact.id: node.attempts}))[node.contact.id] if node else ()
    recording = next(
        (talk.recording for talk in talks if talk.attempt and talk.attempt.id == escalation.evidence.attempt_id), None
    )
    answers = person.answers.get(escalation.contact_id, ()) if person else ()
    users, halves = await records.users(), under_way.halves(escalation)
    owner = next((user.display_name for user in users if user.name == escalation.owner), escalation.owner)
    return Case(
        escalation=escalation,
        clock=queue.clock_of(escalation, deps.now(), deps.clocks),
        pieces=evident(escalation, escalation.evidence),
        also=_quoted(escalation, [each for each in escalation.also if each not in halves]),
        halves=_quoted(escalation, halves),
        joined_to=_joined_to(escalation, person),
        owner=owner,
        mine=escalation.owner == viewer.name,
        contact=contact,
        what=queue.what_of(contact, deps),
        talks=talks,
        recording=recording,
        clip=clip_of(escalation) if recording else None,
        person=person,
        transfer=queue.transfer_of(escalation, await records.transfers({escalation.evidence.attempt_id})),
        answers=_answers(answers, contact, deps),
        told=queue.told_of(escalation, deps.clocks),
        colleagues=_colleagues(users, {escalation.owner, viewer.name}, person),
        pauses=_pauses(escalation, deps),
        missed=await conversation.missed_turns(records, escalation.contact_id),
        sure=queue.sure_of(escalation.evidence.confidence),
        heard_live=_heard_live(escalation, talks),
    )


def _quoted(card: Escalation, said: Sequence[Evidence]) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    return tuple((each.turn_id, evident(card, each)) for each in said)


def _joined_to(card: Escalation, person: PatientView | None) -> str:
    """The patient's other card of the same turn; "" for one that tells its own danger."""
    if card.disposition is not Disposition.JOINED or person is None:
        return ""
    others = (each for each in person.escalations if each.disposition is not Disposition.JOINED)
    turn_id = card.evidence.turn_id
    return next((o.id for o in others if turn_id in {each.turn_id for each in (o.evidence, *o.also)}), "")


def _colleagues(users: Sequence[User], but: set[str | None], person: PatientView | None) -> tuple[User, ...]:
    department = person.patient.department if person else None
    return tuple(each for each in users if each.name not in but and may_have(each, department))


PAUSES = ((15, "15 分钟"), (30, "30 分钟"), (60, "1 小时"), (120, "2 小时"), (240, "4 小时"), (1440, "明天此时"))


def _pauses(escalation: Escalation, deps: DashboardDeps) -> tuple[tuple[int, str], ...]:
    longest = deps.clocks.patience[escalation.level].snooze.total_seconds() / 60
    return tuple(each for each in PAUSES if each[0] <= longest)


def _heard_live(escalation: Escalation, talks: Sequence[Talk]) -> str:
    lines = [line for talk in talks for line in talk.lines if line.id == escalation.evidence.turn_id]
    spoken = [line for line in lines if line.by == "patient"]
    return "".join(piece.text for piece in spoken[0].pieces) if spoken else ""


def _answers(
    answers: Sequence[Answer], contact: Contact | None, deps: DashboardDeps
) -> tuple[tuple[str, str, str], ...]:
    if contact is None:
        return ()
    return tuple(
        (
            deps.question_labels(contact.pathway, contact.pathway_version, answer.question),
            patient.answer_text(answer, contact, deps),
            answer.raw,
        )
        for answer in answers
    )
