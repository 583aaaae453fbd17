"""An answer taken apart: its clauses, and the findings it names."""

from dataclasses import dataclass, replace

from agent.model.finding import Status
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import Told

_THERE = frozenset({Status.PRESENT, Status.PAST})
_REGIONS = tuple(
    map(frozenset, ("脚腿踝膝趾踇足胯", "手胳膊臂腕指肘肩膀", "胸心肋背乳", "头脑额", "肚腹胃脐腰", "脸面腮眼嘴口牙舌"))
)


def _near(part: str, other: str) -> bool:
    """Whether two names mean the same part of the body or neighbours."""
    shared = set(part) & set(other)
    return bool(shared) or any(set(part) & region and set(other) & region for region in _REGIONS)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, taken apart. `rest_denied`: 别的没有."""

    text: str
    question: str
    clauses: tuple[Clause, ...]
    found: tuple[Told, ...]
    rest_denied: bool
    asked: tuple[str, ...]  # the words of every finding asked about
    places: tuple[str, ...] = ()  # the body parts the question names
    live: bool = False  # what is not said can be asked again, so nothing is inferred from findings nobody asked about

    @property
    def present(self) -> tuple[Told, ...]:
        return tuple(told for told in self.found if told[2] in _THERE)

    def elsewhere(self, clause: Clause) -> bool:
        """心口那儿 to 脚肿不肿: a place, but of another part of the body than the question's."""
        part = clause.rest
        return bool(part and self.places) and not any(_near(part, asked) for asked in self.places)

    @property
    def flat_no(self) -> bool:
        return any(clause.kind is Kind.NO and clause.flat for clause in self.clauses)

    @property
    def starts_with_no(self) -> bool:
        return bool(self.clauses) and self.clauses[0].kind is Kind.NO and self.clauses[0].flat

    def only(self, clause: Clause, question: str) -> "Answer":
        return replace(self, clauses=(clause,), question=question)
