"""What every call is made of, and what it asks of the conversation and of its recorder."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.model.clock import NewId, Now
from agent.model.contact import AttemptOutcome
from agent.model.escalation import TechnicalCause
from agent.model.turn import Reply, Turn
from telephony.answering import NewWho, nobody_asks
from telephony.listening import NewEar
from telephony.mouth import Prompts


class Conversing(Protocol):
    """What a call asks of the conversation."""

    async def contact_of(self, attempt_id: str) -> str: ...

    async def transferring(self, attempt_id: str) -> bool:
        """Whether the line that opens now comes back from a nurse's telephone that nobody took."""
        ...

    async def receive(self, turn: Turn) -> Reply: ...

    async def overhear(self, turn: Turn) -> None:
        """Words of a turn that is still being said; `receive` of the same id follows with all of them."""
        ...

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        """A machine said the turn's words; without an outcome it fetched a person. None: it may be a person (not
        `sure`) who is in danger."""
        ...

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        """Speech cannot be understood any more, or nothing said, or this turn could not be taken: its words and the
        contact are a nurse's now, the reply is an apology and ends the call. A turn we failed at is brought after the
        line is gone, and again until it succeeds."""
        ...

    async def note_recording(self, attempt_id: str, path: str, seconds: float) -> None:
        """Called when the recording begins (0 s) and when it ends."""
        ...

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        """The reply to this turn began to be heard there in the recording. Never raises: the call goes on."""
        ...


class Recorder(Protocol):
    @property
    def began_at(self) -> float:
        """Seconds of the recording that were there before this line opened."""
        ...

    def patient(self, ulaw: bytes, at_seconds: float) -> None: ...

    def robot(self, ulaw: bytes, at_seconds: float) -> None: ...

    def close(self) -> float: ...


@dataclass(frozen=True, slots=True)
class NurseLine:
    """The telephone that transferred calls ring at, for so long; "" where there is none and only a nurse who asks for a
    call is rung. `told`: every card is on the nurses' screens."""

    number: str
    ring_seconds: int
    told: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class CallParts:
    """What every call is made of; one value per process."""

    conversation: Conversing
    prompts: Prompts
    new_ear: NewEar
    new_recorder: Callable[[Path], Recorder]
    recordings: Path
    now: Now
    new_id: NewId
    apology: str  # approved sentence for when nothing else works
    nurse: NurseLine | None = None
    new_who: NewWho = nobody_asks  # tells persons from machines; by default everybody is a person
