"""A rehearsed call: what was said, meant and heard, turn by turn, and what the product made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.model.answer import Answer
from agent.model.contact import Attempt, AttemptOutcome, Contact
from agent.model.escalation import Escalation
from agent.model.pathway import Pathway
from agent.model.record import StoredTurn
from agent.model.turn import Reply
from agent.store.ports import Records
from bench.rehearsal.patient import Said, Who
from bench.rehearsal.persona import Persona
from bench.rehearsal.truth import Truth

MOST_TURNS = 70  # a call that goes on longer is stuck


@dataclass(slots=True)
class Exchange:
    """The robot's words, then the patient's: `said` by the patient, `heard` by the robot."""

    reply: Reply
    at_seconds: float
    said: Said
    heard: str
    stored: StoredTurn | None = None  # what was read from it
    number: int = 0  # in calls with sound, of the turn that `reply` answers; by text it follows from the order


@dataclass(slots=True)
class Call:
    """One patient's call from the first word to the record."""

    number: int  # 1.. within the run
    persona: Persona
    who: Who
    pathway: Pathway
    node_day: int
    truth: Truth
    contact_id: str
    exchanges: list[Exchange] = field(default_factory=list)
    goodbye: Reply | None = None
    seconds: float = 0.0
    stuck: bool = False
    failure: str = ""  # the product raised, or never called
    contact: Contact | None = None
    attempt: Attempt | None = None
    answers: tuple[Answer, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    recording: str = ""  # a path, in calls with sound


async def read_record(call: Call, records: Records) -> None:
    """Fills in what the store has of the call."""
    call.contact = await records.contact(call.contact_id)
    attempts = await records.attempts(contact_id=call.contact_id)
    call.attempt = attempts[-1] if attempts else None
    call.answers = tuple(await records.answers(call.contact_id))
    call.escalations = tuple(
        each
        for each in await records.escalations(patient_id=call.contact.patient_id)
        if each.contact_id == call.contact_id
    )
    stored = await records.turns(call.contact_id)
    if any(exchange.number for exchange in call.exchanges):
        _match_by_number(call, stored)
    else:
        for exchange, turn in zip(call.exchanges, stored[1:], strict=False):  # the first is the robot's greeting
            exchange.stored = turn


def _match_by_number(call: Call, stored: Sequence[StoredTurn]) -> None:
    """What was said after the reply to turn n is what became of turn n + 1."""
    by_number = {turn.seq: turn for turn in stored}
    for exchange in call.exchanges:
        exchange.stored = by_number.get(exchange.number + 1)
        exchange.heard = exchange.stored.turn.text if exchange.stored else ""
    call.goodbye = stored[-1].reply if stored else None


def open_attempt(attempt: Attempt | None) -> bool:
    return attempt is None or attempt.outcome in (
        AttemptOutcome.INTENDED,
        AttemptOutcome.DIALLED,
        AttemptOutcome.ANSWERED,
    )
