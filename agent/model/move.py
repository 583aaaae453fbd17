"""What the patient is doing with an utterance; Rasa decides it, the engine obeys it."""

from dataclasses import dataclass
from enum import StrEnum


class MoveKind(StrEnum):
    """The stored word is the Rasa intent's name."""

    ANSWER = "answer"
    AFFIRM = "affirm"
    DENY = "deny"
    CORRECT = "correct"
    ASK = "faq"
    REPEAT = "repeat"
    SLOWER = "slower"
    LOUDER = "louder"
    WAIT = "wait"
    NOT_NOW = "not_now"
    WRONG_PERSON = "wrong_person"
    NUMBER_CHANGED = "number_changed"
    CAREGIVER = "caregiver"
    DECEASED = "deceased"
    REFUSE = "refuse"
    OPT_OUT = "opt_out"
    WANT_HUMAN = "want_human"
    ABUSE = "abuse"
    SUSPECT_FRAUD = "suspect_fraud"
    GREET = "greet"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    FOREIGN = "foreign"
    NONSENSE = "nonsense"
    SILENCE = "silence"  # decided without Rasa
    HANGUP = "hangup"
    START = "start"
    TRANSFER = "transfer"
    TAKE_OVER = "take_over"
    MACHINE = "machine"


# 别再打了，天天打: words about the call, which answer no closed question
ABOUT_THE_CALL = frozenset(
    {
        MoveKind.ASK,
        MoveKind.CAREGIVER,
        MoveKind.DECEASED,
        MoveKind.LOUDER,
        MoveKind.NOT_NOW,
        MoveKind.NUMBER_CHANGED,
        MoveKind.OPT_OUT,
        MoveKind.REPEAT,
        MoveKind.SLOWER,
        MoveKind.SUSPECT_FRAUD,
        MoveKind.WRONG_PERSON,
    }
)


@dataclass(frozen=True, slots=True)
class Move:
    """`faq` is the FAQ entry's id when kind is ASK and an entry fits; `faq_answer` its approved text, and `tell_nurse`
    whether that text promises a nurse."""

    kind: MoveKind
    confidence: float = 1.0
    faq: str | None = None
    faq_answer: str | None = None
    tell_nurse: bool = False


@dataclass(frozen=True, slots=True)
class MoveContext:
    """What the decider may know beside the words: kept free of patient data."""

    question: str | None = None  # the open question's id
    expect: str = "nothing"
    phase: str = ""
    polarity: str = "unknown"
    has_measurement: bool = False
    has_finding: bool = False
    pathway: str = ""
    sentence: str = ""  # the robot's question that is being answered; empty before the patient is known


class MoveUnavailable(Exception):
    """The dialogue service gave no usable answer: unreachable, empty, malformed or too late."""
