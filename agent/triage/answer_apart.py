"""An answer taken apart: its clauses, and the findings it names."""

from dataclasses import dataclass, replace

from agent.model.finding import Status
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import Told

_THERE = frozenset({Status.PRESENT, Status.PAST})


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, taken apart. `rest_denied`: 别的没有."""

    text: str
    question: str
    clauses: tuple[Clause, ...]
    found: tuple[Told, ...]
    rest_denied: bool
    asked: tuple[str, ...]  # the words of every finding asked about
    live: bool = False  # what is not said can be asked again, so nothing is inferred from findings nobody asked about

    @property
    def present(self) -> tuple[Told, ...]:
        return tuple(told for told in self.found if told[2] in _THERE)

    @property
    def flat_no(self) -> bool:
        return any(clause.kind is Kind.NO and clause.flat for clause in self.clauses)

    @property
    def starts_with_no(self) -> bool:
        return bool(self.clauses) and self.clauses[0].kind is Kind.NO and self.clauses[0].flat

    def only(self, clause: Clause, question: str) -> "Answer":
        return replace(self, clauses=(clause,), question=question)
