"""When a nurse must see something, and when she has already been told. Pure.

One danger of one patient is one escalation: the same rule firing again joins the open one. Words not heard before
are added to it (`also`); a higher level brings the new words to the front, makes it red, and puts it back into
everybody's queue even if somebody had taken it as a yellow one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.escalation.states import RESOLVED, SNOOZED, TRANSITIONS, Action, event, freed
from agent.model.clock import NewId, require_aware
from agent.model.contact import ContactStatus
from agent.model.escalation import (
    TECHNICAL_REASONS,
    Disposition,
    Escalation,
    EscalationKind,
    EscalationStatus,
    Evidence,
    TechnicalCause,
)
from agent.model.finding import Alarm, Level, Reading
from agent.model.record import Event, OutboxKind, OutboxMessage
from agent.model.step import Request, Step
from agent.model.turn import AudioSpan, Turn

_HEIGHT = {Level.RED: 2, Level.YELLOW: 1, Level.NONE: 0}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where and when something came up; a failure before the first word has no turn."""

    patient_id: str
    contact_id: str
    at: datetime
    attempt_id: str = ""
    turn_id: str = ""
    words: str = ""
    audio: AudioSpan | None = None
    confidence: float = 1.0

    @staticmethod
    def of(turn: Turn, patient_id: str) -> "Occasion":
        return Occasion(
            patient_id=patient_id,
            contact_id=turn.contact_id,
            at=turn.at,
            attempt_id=turn.attempt_id,
            turn_id=turn.id,
            words=turn.text,
            audio=turn.audio,
            confidence=turn.confidence,
        )


def raise_for(
    reading: Reading, turn: Turn, patient_id: str, open_now: Sequence[Escalation], new_id: NewId
) -> list[Escalation]:
    """New escalations and changed ones (to be saved under the version they carry), red first; empty where the
    nurse already knows. `open_now` are the patient's escalations; resolved ones among them do not count."""
    known = list(open_now)
    raised: dict[str, Escalation] = {}
    fired = [alarm for alarm in reading.alarms if not alarm.suppressed and alarm.level is not Level.NONE]
    for alarm in sorted(fired, key=lambda alarm: -_HEIGHT[alarm.level]):
        changed = settle(_from_alarm(alarm, reading, turn, patient_id, new_id), known)
        if changed is not None:
            raised[changed.id] = changed
            known = [changed, *(other for other in known if other.id != changed.id)]
    return sorted(raised.values(), key=lambda escalation: -_HEIGHT[escalation.level])


def asked_for(step: Step, contact_id: str, known: Iterable[Escalation]) -> tuple[Request, ...]:
    """What the engine asks a nurse for. A contact left half done for good, on no card yet, becomes one: nobody would
    take it up otherwise."""
    left = step.end is not None and step.end.contact_status is ContactStatus.PARTIAL
    if step.requests or not left or any(card.contact_id == contact_id for card in known):
        return step.requests
    return (Request(EscalationKind.REQUEST, "随访没有做完，机器人不再拨打，请人工补完", rule="unfinished"),)


def for_request(
    request: Request, occasion: Occasion, open_now: Iterable[Escalation], new_id: NewId
) -> Escalation | None:
    """What the conversation asks a nurse to see; its rule is the kind's word where the request names none.
    None where an open escalation says it already."""
    return settle(_from_request(request, occasion, new_id), open_now)


def technical(
    occasion: Occasion, cause: TechnicalCause, open_now: Iterable[Escalation], new_id: NewId
) -> Escalation | None:
    """A person must finish the contact."""
    asked = Request(EscalationKind.TECHNICAL, TECHNICAL_REASONS[cause], rule=cause.value)
    return for_request(asked, occasion, open_now, new_id)


def request(occasion: Occasion, open_now: Iterable[Escalation], new_id: NewId) -> Escalation | None:
    """The patient asked for a person."""
    return for_request(Request(EscalationKind.REQUEST, "患者要求人工联系"), occasion, open_now, new_id)


def unanswered_question(occasion: Occasion, open_now: Iterable[Escalation], new_id: NewId) -> Escalation | None:
    """The patient asked what no approved answer covers; several questions are one card."""
    asked = Request(EscalationKind.UNANSWERED_QUESTION, "患者的问题没有现成答案，请回复")
    return for_request(asked, occasion, open_now, new_id)


def unclear(
    occasion: Occasion, concept: str, reason: str, open_now: Iterable[Escalation], new_id: NewId
) -> Escalation | None:
    """A danger (`concept`) may hide in words that asking again did not settle; `reason` is for the nurse."""
    return for_request(Request(EscalationKind.UNCLEAR, reason, rule=concept), occasion, open_now, new_id)


def settle(made: Escalation, open_now: Iterable[Escalation]) -> Escalation | None:
    """`made` itself, the open one it joins, or None where that one says it all."""
    standing = next((known for known in open_now if _same_danger(known, made)), None)
    if standing is None:
        return made
    if _HEIGHT[made.level] > _HEIGHT[standing.level]:
        return _climb(standing, made)
    if any(_same_words(evidence, made.evidence) for evidence in (standing.evidence, *standing.also)):
        return None
    joined = replace(standing, also=(*standing.also, made.evidence))
    if joined.status is SNOOZED:  # who put it off did not know that the patient would say it again
        return freed(joined, TRANSITIONS[Action.WAKE][SNOOZED], made.created_at)
    return joined


def announce(
    raised: Iterable[Escalation], open_now: Sequence[Escalation], at: datetime, new_id: NewId
) -> tuple[list[Event], list[OutboxMessage]]:
    """The event row and the outbox message of each raised or changed escalation."""
    before = {known.id: known for known in open_now}
    events, messages = [], []
    for escalation in raised:
        was = before.get(escalation.id)
        events.append(_event(escalation, was, at))
        kind = OutboxKind.ESCALATION_CHANGED if was else OutboxKind.ESCALATION_RAISED
        messages.append(OutboxMessage(new_id(), kind, escalation.id, at))
    return events, messages


def _event(escalation: Escalation, was: Escalation | None, at: datetime) -> Event:
    if was is None:
        return Event("escalation", escalation.id, None, escalation.status.value, at, "robot", escalation.rule)
    return event(was, escalation.status, at, "robot", _change(was, escalation))


def _change(was: Escalation, now: Escalation) -> str:
    """The word that the event of a changed card carries."""
    if now.disposition is Disposition.JOINED:
        return "joined"
    if now.level is not was.level:
        return "climbed" if _HEIGHT[now.level] > _HEIGHT[was.level] else "taken_back"
    return "said_again" if len(now.also) > len(was.also) else "heard_whole"


def _same_danger(known: Escalation, made: Escalation) -> bool:
    """A failure of ours belongs to its contact: each contact left unfinished needs its own person."""
    same = (known.patient_id, known.kind, known.rule) == (made.patient_id, made.kind, made.rule)
    elsewhere = made.kind is EscalationKind.TECHNICAL and known.contact_id != made.contact_id
    return same and not elsewhere and known.status is not RESOLVED


def _same_words(known: Evidence, new: Evidence) -> bool:
    same_turn = bool(new.turn_id) and known.turn_id == new.turn_id
    return same_turn or (known.attempt_id, known.words) == (new.attempt_id, new.words)


def _climb(standing: Escalation, made: Escalation) -> Escalation:
    risen = replace(
        standing,
        level=made.level,
        reason=made.reason,
        evidence=made.evidence,
        also=(standing.evidence, *standing.also),
        told=0,
    )
    return freed(risen, TRANSITIONS[Action.CLIMB][standing.status], made.created_at)


def evidence_of(alarm: Alarm, reading: Reading, turn: Turn) -> Evidence:
    """No surer than the hearing was."""
    return Evidence(
        words=reading.text,
        span=alarm.span,
        turn_id=turn.id,
        attempt_id=turn.attempt_id,
        audio=turn.audio,
        confidence=min(alarm.confidence, turn.confidence),
        by_sound=alarm.by_sound,
    )


def _from_alarm(alarm: Alarm, reading: Reading, turn: Turn, patient_id: str, new_id: NewId) -> Escalation:
    """An alarm of measured values alone is a value over its limit, one that names a symptom a danger."""
    measured = {value.name for value in reading.measurements}
    return Escalation(
        id=new_id(),
        patient_id=patient_id,
        contact_id=turn.contact_id,
        kind=EscalationKind.THRESHOLD if measured.issuperset(alarm.concepts) else EscalationKind.RED_FLAG,
        level=alarm.level,
        rule=alarm.rule,
        reason=alarm.reason,
        evidence=evidence_of(alarm, reading, turn),
        status=EscalationStatus.OPEN,
        created_at=require_aware(turn.at),
    )


def _from_request(asked: Request, occasion: Occasion, new_id: NewId) -> Escalation:
    """Its words are marked as a whole."""
    evidence = Evidence(
        words=occasion.words,
        span=(0, len(occasion.words)),
        turn_id=occasion.turn_id,
        attempt_id=occasion.attempt_id,
        audio=occasion.audio,
        confidence=occasion.confidence,
        by_sound=False,
    )
    return Escalation(
        id=new_id(),
        patient_id=occasion.patient_id,
        contact_id=occasion.contact_id,
        kind=asked.kind,
        level=asked.level,
        rule=asked.rule or asked.kind.value,
        reason=asked.reason,
        evidence=evidence,
        status=EscalationStatus.OPEN,
        created_at=require_aware(occasion.at),
    )
