"""When no word gets through: the keypad is offered, and in the end a person must listen to the recording."""

from agent.dialog import go_ahead
from agent.dialog.asking import PLAIN, finish
from agent.dialog.phrases import Phrase
from agent.dialog.work import Heard, Work
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import TECHNICAL_REASONS, EscalationKind, TechnicalCause
from agent.model.move import MoveKind
from agent.model.session import Phase
from agent.model.step import Step
from agent.model.turn import TurnKind

MOST_BEFORE_KNOWN = 3  # utterances in a row without a recognised word
MOST_IN_QUESTIONS = 6  # two questions given up
MOST_LAST_WORDS = 2
BARE_MOVES = PLAIN - {MoveKind.CORRECT, MoveKind.GOODBYE}


def count(work: Work) -> None:
    """Whoever answers by keys because speech was not understood is told the keys from then on."""
    session, kind = work.session, work.heard.turn.kind
    if kind is TurnKind.UNHEARD:
        work.set(unheard=session.unheard + 1)
    elif kind is TurnKind.DIGITS:
        work.set(unheard=0, by_keys=session.by_keys or session.unheard > 0)
    elif kind in (TurnKind.SPEECH, TurnKind.TEXT):
        work.set(unheard=0, by_keys=False)


def lost(work: Work) -> bool:
    known = work.session.phase not in (Phase.IDENTITY, Phase.NOTICE)
    most = MOST_IN_QUESTIONS if known else MOST_BEFORE_KNOWN
    return work.heard.turn.kind is TurnKind.UNHEARD and work.session.unheard >= most


def end(work: Work) -> Step:
    work.say(Phrase.LEFT_MANY)
    cause = TechnicalCause.NOT_HEARD
    work.request(EscalationKind.TECHNICAL, TECHNICAL_REASONS[cause], cause)
    return work.end(ContactStatus.PARTIAL, AttemptOutcome.TECHNICAL, cause)


def answers_nothing(heard: Heard) -> bool:
    """Words from before the question was out that name nothing themselves: 没有 then was no answer to it."""
    bare = not heard.reading.findings and not heard.reading.measurements
    return not heard.turn.question_heard and bare and heard.kind in BARE_MOVES


def lets_go_on(work: Work) -> bool:
    """A mere 好的 or 你问吧, which the question does not ask for."""
    by_words = work.heard.turn.kind in (TurnKind.SPEECH, TurnKind.TEXT)
    return by_words and go_ahead.nothing_but(work.heard.turn.text, work.session, work.pathway)


def last_words(work: Work) -> Step:
    """Something was said to "anything else?": asked once more, then a nurse listens; it may have been a danger."""
    if work.session.unheard < MOST_LAST_WORDS and not work.session.by_keys:
        work.say(Phrase.UNHEARD)
        return work.put("elder")
    work.request(EscalationKind.UNCLEAR, "患者最后说的话没有听清，请听录音", "last_words_unheard")
    return finish(work)
