"""A pathway as the engine walks it: nodes, questions, rules and approved sentences. Read from pathway.yml."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent.model.answer import AnswerType
from agent.model.finding import Level
from agent.model.reading_context import Limit


class Respondent(StrEnum):
    """Who is asked for: the patient, or a parent who answers about a child."""

    PATIENT = "patient"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who signed and on which ISO day; both empty until a clinician does."""

    by: str = ""
    on: str = ""

    @property
    def given(self) -> bool:
        return bool(self.by and self.on)


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom a pathway is for. ICD-10 codes match by prefix; `words` anywhere in the diagnosis text."""

    icd10: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # diagnosis words that rule it out
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """One question in the forms it is said. `elder` is the second try, `short` the return after an interruption."""

    voice: str
    chat: str
    elder: str
    short: str
    caregiver: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a closed question; `says` are words of a patient that choose it."""

    key: str
    label: str
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """When an answer matches: `is_` lists yes, no or option keys; the bounds are for numbers, scales and pressures
    (`part` systolic or diastolic); `unanswered` when the question was left."""

    is_: tuple[str, ...] = ()
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    part: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows an answer: questions asked next, advice said at once."""

    when: Condition
    ask: tuple[str, ...] = ()
    say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerAlarm:
    """An answer that a nurse must see. `advice` and `closing` are used when the level is red."""

    id: str
    when: Condition
    level: Level
    reason: str
    advice: str = ""
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    type: AnswerType
    label: str  # what a nurse calls it
    wording: Wording
    asks: tuple[str, ...] = ()  # lexicon concepts the words of the question name
    also: tuple[str, ...] = ()  # further concepts whose presence answers it with yes
    measurements: tuple[str, ...] = ()
    unit: str | None = None
    low: float | None = None  # plausible range: outside it the number is asked again
    high: float | None = None
    options: tuple[Choice, ...] = ()
    branches: tuple[Branch, ...] = ()
    alarms: tuple[AnswerAlarm, ...] = ()
    limits: tuple[Limit, ...] = ()
    nurse_if_unanswered: bool = False
    was: tuple[str, ...] = ()  # ids it had before, under which older contacts keep its answers


@dataclass(frozen=True, slots=True)
class Node:
    """One planned contact, `day` days after discharge. Education is sent afterwards."""

    day: int
    title: str
    questions: tuple[str, ...]
    education: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """Sentences the robot may say in one breath; each at most 40 characters."""

    id: str
    sentences: tuple[str, ...]
    approval: Approval = Approval()


@dataclass(frozen=True, slots=True)
class RedFlag:
    """What the robot says when its own rule, or any of the concepts, alarms red. `needs_all`: the rule is handed to
    triage, which fires it when every concept is present; without it only the advice is the pathway's own."""

    id: str
    concepts: tuple[str, ...]
    level: Level
    reason: str
    advice: str
    closing: tuple[str, ...] = ()
    needs_all: bool = False
    transfer: bool = False  # a nurse's telephone is rung at once where the house has one


@dataclass(frozen=True, slots=True)
class Education:
    id: str
    title: str
    text: str
    approval: Approval = Approval()
    picture: str = ""  # a file of the pathway's pictures
    picture_says: str = ""  # what it shows, for whoever cannot see it


@dataclass(frozen=True, slots=True)
class Pathway:
    """`version` is the file's own version and eight hex digits of its content and the shared content."""

    id: str
    version: str
    title: str
    applies_to: AppliesTo
    nodes: tuple[Node, ...]
    questions: Mapping[str, Question]
    advice: Mapping[str, Advice]
    red_flags: tuple[RedFlag, ...]  # the pathway's own first, then the shared families
    phrases: Mapping[str, tuple[str, ...]]  # shared sentences by id
    confirms: Mapping[str, str]  # concept -> the question that settles it
    confirms_again: Mapping[str, str]  # concept -> the same in other words; what has them, a mere sigh does not settle
    halves: Mapping[str, str]  # concept -> how it is asked when it was one half of a question and left out
    education: Mapping[str, Education]
    sources: tuple[str, ...] = ()
    approval: Approval = Approval()
    shared_approval: Approval = Approval()  # of the shared phrases
    respondent: Respondent = Respondent.PATIENT
    patient_word: str = "患者"  # how a family member is asked about the patient
    ask_consent: bool = False
    announces_next: bool = True  # False: a contact of this pathway stands alone
    last_question: str = ""  # shared question before the goodbye, e.g. "anything_else"

    @property
    def draft(self) -> bool:
        """True until the pathway, the shared phrases and every advice are signed."""
        signed = (self.approval, self.shared_approval, *(advice.approval for advice in self.advice.values()))
        return not all(approval.given for approval in signed)

    def nearest(self, day: int) -> Node:
        """The node of `day`, or the last one before it, or the first: an edited pathway may have lost a node."""
        before = [node for node in self.nodes if node.day <= day]
        return before[-1] if before else self.nodes[0]

    def node(self, day: int) -> Node:
        """The node of `day`; raises KeyError."""
        for node in self.nodes:
            if node.day == day:
                return node
        raise KeyError(day)
