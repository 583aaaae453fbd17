"""A contact's conversation: who said what, what was read in it, where to hear it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import Attempt, Contact, Recording
from agent.model.finding import Alarm, Finding
from agent.model.labelled_case import CaseLabel
from agent.model.record import StoredTurn
from agent.model.turn import TRANSFER_TAKEN, TurnKind
from agent.store.screens import ScreenRecords
from dashboard.views.marks import Piece, by_findings
from dashboard.words import CHANNELS, OUTCOMES

# What is shown where the patient said no words.
_WORDLESS = {
    TurnKind.SILENCE: "（没有说话）",
    TurnKind.UNHEARD: "（说了话，没有听清）",
    TurnKind.HANGUP: "（挂断）",
    TurnKind.TAKE_OVER: "（护士接管）",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One side of one turn. `start` and `end` are seconds of the attempt's recording, where known."""

    id: str
    by: str  # "robot" | "patient" | "note"
    pieces: tuple[Piece, ...]
    at: datetime
    start: float | None = None
    end: float | None = None
    findings: tuple[Finding, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    suppressed: tuple[Alarm, ...] = ()
    another: tuple[Piece, ...] = ()  # the hypothesis that the findings were read from, when it is not the first
    doubtful: bool = False  # the recogniser was unsure
    keyed: bool = False  # by the telephone's keys
    caregiver: bool = False  # somebody bound to the patient wrote it for them


@dataclass(frozen=True, slots=True)
class Talk:
    """One attempt's part of a conversation."""

    attempt: Attempt | None
    title: str
    recording: Recording | None
    lines: tuple[Line, ...]


async def load(records: ScreenRecords, contact: Contact) -> tuple[Talk, ...]:
    """The contact's attempts in order, each with its turns and recording."""
    attempts = await records.attempts(contact_id=contact.id)
    return (await load_many(records, {contact.id: attempts}))[contact.id]


async def load_many(
    records: ScreenRecords, attempts: Mapping[str, Sequence[Attempt]]
) -> Mapping[str, tuple[Talk, ...]]:
    """The same of many contacts, whose attempts are known; by contact id."""
    turns, recordings = await records.turns_of(attempts), await records.recordings_of(attempts)
    return {each: _talks(tried, turns.get(each, ()), recordings.get(each, ())) for each, tried in attempts.items()}


def _talks(attempts: Sequence[Attempt], turns: Sequence[StoredTurn], kept: Sequence[Recording]) -> tuple[Talk, ...]:
    recordings = {recording.attempt_id: recording for recording in kept}
    known = {attempt.id for attempt in attempts}
    talks = [_talk(attempt, turns, recordings.get(attempt.id)) for attempt in attempts]
    stray = [stored for stored in turns if stored.turn.attempt_id not in known]
    if stray:
        talks.append(Talk(None, CHANNELS[stray[0].turn.channel], None, lines_of(stray)))
    return tuple(talks)


async def missed_turns(records: ScreenRecords, contact_id: str) -> frozenset[str]:
    """The turns in which a nurse says that a danger was passed over."""
    cases = await records.labelled_cases(contact_id=contact_id)
    return frozenset(case.turn_id for case in cases if case.label is CaseLabel.MISSED)


def _talk(attempt: Attempt, turns: Sequence[StoredTurn], recording: Recording | None) -> Talk:
    own = [stored for stored in turns if stored.turn.attempt_id == attempt.id]
    return Talk(attempt, f"{CHANNELS[attempt.channel]} · {OUTCOMES[attempt.outcome]}", recording, lines_of(own))


def lines_of(turns: Sequence[StoredTurn]) -> tuple[Line, ...]:
    """Who said what, in order."""
    lines: list[Line] = []
    for stored in turns:
        if stored.turn.kind is not TurnKind.START or stored.turn.text:
            lines.append(_patient_line(stored))
        if stored.reply.text:
            lines.append(_robot_line(stored))
    return tuple(lines)


def _robot_line(stored: StoredTurn) -> Line:
    return Line(
        id=f"{stored.turn.id}-reply",
        by="robot",
        pieces=(Piece(stored.reply.text),),
        at=stored.turn.at,
        start=stored.reply_audio_start,
    )


def _patient_line(stored: StoredTurn) -> Line:
    turn, reading = stored.turn, stored.reading
    audio = turn.audio
    start, end = (audio.start, audio.end) if audio else (None, None)
    if turn.kind in _WORDLESS:
        return Line(turn.id, "note", (Piece(_WORDLESS[turn.kind]),), turn.at, start, end)
    if turn.kind is TurnKind.MACHINE:
        return Line(turn.id, "note", (Piece(f"（机器应答： {turn.text or '没有听出词语'}）"),), turn.at, start, end)
    if turn.kind is TurnKind.TRANSFER:
        said = "护士接听了电话" if turn.text == TRANSFER_TAKEN else "护士没有接到电话"
        return Line(turn.id, "note", (Piece(f"（{said}）"),), turn.at, start, end)
    read = by_findings(reading.text, reading.findings, reading.alarms)
    same = reading.text == turn.text
    return Line(
        id=turn.id,
        by="patient",
        pieces=read if same else (Piece(turn.text),),
        at=turn.at,
        start=start,
        end=end,
        findings=reading.findings,
        alarms=tuple(alarm for alarm in reading.alarms if not alarm.suppressed),
        suppressed=tuple(alarm for alarm in reading.alarms if alarm.suppressed),
        another=read if not same and reading.findings else (),
        doubtful=turn.kind is TurnKind.SPEECH and turn.confidence < 0.5,
        keyed=turn.kind is TurnKind.DIGITS,
        caregiver=turn.by_caregiver,
    )
