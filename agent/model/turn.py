"""What a channel hands in and what it gets back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent.model.contact import Channel


class TurnKind(StrEnum):
    START = "start"  # the line is open; the robot speaks first
    SPEECH = "speech"
    TEXT = "text"
    DIGITS = "digits"
    SILENCE = "silence"  # nobody spoke within the reply's patience
    UNHEARD = "unheard"  # somebody spoke, nothing was recognised
    HANGUP = "hangup"
    TRANSFER = "transfer"  # what came of a transfer: TRANSFER_TAKEN or TRANSFER_NOT_TAKEN
    TAKE_OVER = "take_over"  # a nurse wants the call on her own telephone
    MACHINE = "machine"  # a machine answered: its words are kept, and nobody reads them as the patient's


@dataclass(frozen=True, slots=True)
class AudioSpan:
    """Seconds from the start of the recording."""

    start: float
    end: float


class Origin(StrEnum):
    RECOGNISED = "recognised"  # the recogniser wrote it
    VERIFIED = "verified"  # a phrase that sounds like the words, put in their place and held against the sound


@dataclass(frozen=True, slots=True)
class Hypothesis:
    text: str
    confidence: float  # 0..1; of a verified one from 0.5 the sound speaks for it, below it stays in doubt
    origin: Origin = Origin.RECOGNISED


@dataclass(frozen=True, slots=True)
class Turn:
    """One input of the patient, from any channel. `id` is the provider's message id where there is one:
    receiving the same id again returns the stored reply."""

    id: str
    contact_id: str
    attempt_id: str
    channel: Channel
    kind: TurnKind
    at: datetime
    text: str = ""
    confidence: float = 1.0
    alternatives: tuple[Hypothesis, ...] = ()
    audio: AudioSpan | None = None
    proven: bool = False  # the channel itself has checked that this is the patient
    by_caregiver: bool = False  # somebody bound to the patient answers for them
    question_heard: bool = True  # false: said before the robot's question was out, so no answer to it


class Expect(StrEnum):
    """What kind of answer the robot waits for; the channel chooses patience and buttons by it."""

    NOTHING = "nothing"
    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    FREE_TEXT = "free_text"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a closed question: key is what the keypad or the message "1" means."""

    key: str
    label: str


TRANSFER_TAKEN, TRANSFER_NOT_TAKEN = "taken", "not_taken"


@dataclass(frozen=True, slots=True)
class Transfer:
    """The channel connects the patient with the nurse's telephone once the reply was said. `reason` is a stored word:
    the move or the red flag that asks for it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the robot says next. `sentences` are approved sentences, already filled in, in order."""

    sentences: tuple[str, ...]
    expect: Expect = Expect.NOTHING
    question: str | None = None
    options: tuple[Option, ...] = ()
    numbers: int = 1  # values in a whole answer to a number question: two pressures
    unit: str = ""  # of a number, where the question has one
    patience_seconds: float = 8.0  # silence after the prompt before a SILENCE turn
    interruptible: bool = True
    end: bool = False  # hang up after speaking
    slower: bool = False  # an old patient, or one who asked: slower speech, longer pauses allowed
    louder: bool = False
    transfer: Transfer | None = None

    @property
    def text(self) -> str:
        return "".join(self.sentences)
