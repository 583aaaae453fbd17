"""What the conversation asks of reading, deciding and content; the stages implement it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.model.finding import Reading
from agent.model.move import Move, MoveContext
from agent.model.pathway import Pathway
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis


class Reads(Protocol):
    def read(self, text: str, context: ReadingContext, alternatives: Sequence[Hypothesis] = ()) -> Reading:
        """Findings, numbers and alarms of one utterance. Pure, a few milliseconds at most, never raises."""
        ...


class Decides(Protocol):
    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        """What the patient is doing. Raises MoveUnavailable."""
        ...


class Pathways(Protocol):
    def get(self, name: str, version: str | None = None) -> Pathway:
        """The pathway in this version (None: today's). Raises KeyError."""
        ...

    def starting(self, name: str, planned: str) -> Pathway:
        """What a contact that begins now runs: today's pathway, or the planned version where today's is unusable."""
        ...


def always_open(moment: datetime) -> datetime:
    return moment


@dataclass(frozen=True, slots=True)
class Hospital:
    """How the house introduces itself; `callback` is the number it publishes. `drafts`: unsigned content may run."""

    name: str
    callback: str
    drafts: bool = False
    message: tuple[str, ...] = ()  # what a machine that takes messages hears; empty: nothing
    next_open: Callable[[datetime], datetime] = always_open  # the first moment from then on at which it may call
    nurse_hours: tuple[int, int] = (0, 0)  # between which a nurse takes transferred calls; equal: never
    sends_education: bool = False  # by SMS; on the page it is always sent
