"""A patient's words cut into plain and marked pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.model.escalation import Escalation, EscalationKind, Evidence
from agent.model.finding import Alarm, Finding, Level

_Mark = tuple[tuple[int, int], str, str, str]  # span, mark, label, reason


@dataclass(frozen=True, slots=True)
class Piece:
    """`mark` is "" for plain words, "alarm" and its level, or a finding's status; on hover one reads `label`, a
    finding's name, with its status, and `reason`."""

    text: str
    mark: str = ""
    label: str = ""
    reason: str = ""


def marked(words: str, span: tuple[int, int], level: Level = Level.RED) -> tuple[Piece, ...]:
    """The words with one phrase marked; a span that does not fit them marks nothing."""
    start, end = span
    if not 0 <= start < end <= len(words):
        return (Piece(words),) if words else ()
    pieces = (Piece(words[:start]), Piece(words[start:end], f"alarm {level}"), Piece(words[end:]))
    return tuple(piece for piece in pieces if piece.text)


# The words of these kinds are quoted as a whole; no phrase of them is the reason.
_UNMARKED = frozenset({EscalationKind.TECHNICAL, EscalationKind.REQUEST, EscalationKind.UNANSWERED_QUESTION})


def evident(escalation: Escalation, evidence: Evidence) -> tuple[Piece, ...]:
    """The words of an escalation with the phrase that alarmed marked, where a phrase did."""
    span = (0, 0) if escalation.kind in _UNMARKED else evidence.span
    return marked(evidence.words, span, escalation.level)


def excerpt(escalation: Escalation) -> tuple[Piece, ...]:
    """Like `evident`, cut to begin shortly before the phrase."""
    evidence = escalation.evidence
    if escalation.kind in _UNMARKED:
        return evident(escalation, evidence)
    return _cut(evidence.words, evidence.span, escalation.level)


@lru_cache(2000)  # what waits is shown again and again
def _cut(words: str, span: tuple[int, int], level: Level, *, before: int = 8) -> tuple[Piece, ...]:
    cut = max(0, span[0] - before)
    if cut <= 2:
        return marked(words, span, level)
    return marked("…" + words[cut:], (span[0] - cut + 1, span[1] - cut + 1), level)


def by_findings(words: str, findings: Sequence[Finding], alarms: Sequence[Alarm]) -> tuple[Piece, ...]:
    """The words with every finding marked by its status; an alarm's phrase wins where they overlap."""
    marks = [(alarm.span, f"alarm {alarm.level}", "", alarm.reason) for alarm in alarms if not alarm.suppressed]
    marks += [(f.span, f.status.value, f.label, f.reason) for f in findings]
    pieces: list[Piece] = []
    at = 0
    for (start, end), *of in sorted(_apart(marks, len(words))):
        if start > at:
            pieces.append(Piece(words[at:start]))
        pieces.append(Piece(words[start:end], *of))
        at = end
    if at < len(words):
        pieces.append(Piece(words[at:]))
    return tuple(pieces)


def _apart(marks: Sequence[_Mark], length: int) -> list[_Mark]:
    """The marks that fit the words and do not overlap an earlier one of the list."""
    kept: list[_Mark] = []
    for mark in marks:
        (start, end), *_ = mark
        if 0 <= start < end <= length and all(end <= other[0][0] or start >= other[0][1] for other in kept):
            kept.append(mark)
    return kept
