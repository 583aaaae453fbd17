"""An answer that somebody proposes for a question the robot could not answer; spoken only once a clinician signed it
among the FAQ's files and the dialogue was trained."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FaqProposal:
    """`questions`: at least three wordings; `answer` as the robot would say it."""

    id: str
    questions: tuple[str, ...] = field(repr=False)
    answer: str = field(repr=False)
    by: str
    at: datetime
