"""Calls that run now: one line for each, and the words of the one that is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import OPEN_OUTCOMES, Attempt, AttemptOutcome, Channel, Contact, Recording
from agent.model.escalation import Escalation
from agent.model.finding import Level
from agent.model.people import Patient
from agent.model.record import StoredTurn, User
from agent.model.step import TransferState
from agent.model.turn import Expect
from agent.store.ports import NotFound
from agent.store.screens import ScreenRecords
from dashboard import times
from dashboard.deps import DashboardDeps
from dashboard.views import conversation
from dashboard.views.conversation import Line, Talk
from dashboard.views.queue import UNKNOWN_NAME, what_of, who_of
from dashboard.words import OUTCOMES, TRANSFERS

_WORST = (Level.RED, Level.YELLOW)
LISTENED, TOOK_OVER = "listened", "take_over_asked"  # words of the attempt's events
_WATCHING = {LISTENED: "旁听", TOOK_OVER: "接管"}


@dataclass(frozen=True, slots=True)
class CallLine:
    """One running call. `asked` is what the robot asked last, `last` what was said last and by whom."""

    id: str  # the attempt's
    contact_id: str
    name: str
    who: str
    what: str
    since: datetime
    talking: bool  # False while it rings
    asked: str
    last: str
    by: str  # "robot" | "patient"
    level: Level
    transfer: str


@dataclass(frozen=True, slots=True)
class CallView:
    """The call that is looked at, while it runs and after it."""

    line: CallLine
    attempt: Attempt
    contact: Contact
    patient: Patient
    talk: Talk
    recording: Recording | None
    cards: tuple[Escalation, ...]  # of this call
    watched: tuple[str, ...]  # who listened in or took over, and when
    state: TransferState | None
    asked: bool  # a nurse wants it, and the call has not heard of it yet
    missed: bool  # a nurse wanted it, and the call did not hear of it in time
    my_number: str  # the viewer's telephone: of their account, else the one they took a call over to last

    @property
    def over(self) -> bool:
        return self.attempt.outcome not in OPEN_OUTCOMES

    @property
    def takeable(self) -> bool:
        """Somebody is on the line, and no nurse has been promised it."""
        promised = self.asked or self.state is TransferState.RINGING
        return self.attempt.outcome is AttemptOutcome.ANSWERED and not promised


async def load(records: ScreenRecords, deps: DashboardDeps) -> tuple[CallLine, ...]:
    """The worst alarm first, then the longest-running."""
    calls = await records.calls_now()
    contacts = await records.contacts_by_id({call.contact_id for call in calls})
    patients = await records.patients_by_id({call.patient_id for call in calls})
    turns = await records.turns_now({call.contact_id for call in calls})
    transfers = await records.transfers({call.id for call in calls})
    known = _Known(contacts, patients, turns, transfers, deps)
    lines = [known.line(call) for call in calls]
    return tuple(sorted(lines, key=lambda line: (_rank(line.level), not line.talking, line.since)))


async def one(records: ScreenRecords, deps: DashboardDeps, viewer: User, attempt_id: str) -> CallView:
    """Raises NotFound for what is no telephone call."""
    attempt = await records.attempt(attempt_id)
    if attempt.channel is not Channel.PHONE:
        raise NotFound("attempts")
    contact, patient = await records.contact(attempt.contact_id), await records.patient(attempt.patient_id)
    turns = await records.turns_now([contact.id])
    transfers = await records.transfers([attempt.id])
    known = _Known({contact.id: contact}, {patient.id: patient}, turns, transfers, deps)
    talks = await conversation.load(records, contact)
    talk = next(each for each in talks if each.attempt and each.attempt.id == attempt.id)
    cards = await records.escalations(patient_id=patient.id)
    wish, state = await records.take_over(attempt.id), transfers.get(attempt.id)
    return CallView(
        line=known.line(attempt),
        attempt=attempt,
        contact=contact,
        patient=patient,
        talk=talk,
        recording=talk.recording,
        cards=tuple(card for card in cards if card.evidence.attempt_id == attempt.id),
        watched=await watched(records, [attempt]),
        state=state,
        asked=wish is not None and wish.settled_at is None,
        missed=wish is not None and wish.late and state is None,
        my_number=viewer.phone or await records.number_of_nurse(viewer.name) or "",
    )


async def watched(records: ScreenRecords, attempts: Sequence[Attempt]) -> tuple[str, ...]:
    """Who listened to these calls while they ran, and who took them over, in order."""
    names = {user.name: user.display_name for user in await records.users()}
    seen = [event for attempt in attempts for event in await records.events("attempt", attempt.id)]
    return tuple(
        f"{names.get(each.actor, each.actor)} {times.clock(each.at)} {_WATCHING[each.to_status]}"
        for each in seen
        if each.to_status in _WATCHING
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of one page are made from."""

    contacts: Mapping[str, Contact]
    patients: Mapping[str, Patient]
    turns: Mapping[str, Sequence[StoredTurn]]
    transfers: Mapping[str, TransferState]
    deps: DashboardDeps

    def line(self, call: Attempt) -> CallLine:
        own = [stored for stored in self.turns.get(call.contact_id, ()) if stored.turn.attempt_id == call.id]
        contact, patient = self.contacts.get(call.contact_id), self.patients.get(call.patient_id)
        said, state = _last(conversation.lines_of(own)), self.transfers.get(call.id)
        return CallLine(
            id=call.id,
            contact_id=call.contact_id,
            name=patient.name if patient else UNKNOWN_NAME,
            who=who_of(patient, self.deps.now()),
            what=what_of(contact, self.deps),
            since=call.answered_at or call.created_at,
            talking=call.outcome is not AttemptOutcome.DIALLED,
            asked=_asked(own, contact, self.deps),
            last="".join(piece.text for piece in said.pieces) if said else OUTCOMES[call.outcome],
            by=said.by if said else "",
            level=_worst(own),
            transfer=TRANSFERS[state] if state else "",
        )


def _last(lines: Sequence[Line]) -> Line | None:
    """What the patient said last, else what the robot did."""
    spoken = [line for line in lines if line.by == "patient"] or [line for line in lines if line.by == "robot"]
    return spoken[-1] if spoken else None


def _asked(turns: Sequence[StoredTurn], contact: Contact | None, deps: DashboardDeps) -> str:
    """The open question's short name."""
    if not turns or contact is None:
        return ""
    reply = turns[-1].reply
    if reply.question is not None:
        return deps.question_labels(contact.pathway, contact.pathway_version, reply.question)
    if reply.end:
        return "道别"
    return "核对身份" if reply.expect is Expect.IDENTITY else ""


def _worst(turns: Sequence[StoredTurn]) -> Level:
    found = {alarm.level for stored in turns for alarm in stored.reading.alarms if not alarm.suppressed}
    return next((level for level in _WORST if level in found), Level.NONE)


def _rank(level: Level) -> int:
    return _WORST.index(level) if level in _WORST else len(_WORST)
