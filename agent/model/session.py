"""Where one contact's conversation stands; goes through JSON between turns."""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from agent.model.answer import Answer, AnswerType
from agent.model.contact import Channel
from agent.model.turn import Expect, Option, Reply, Transfer


class Phase(StrEnum):
    IDENTITY = "identity"
    NOTICE = "notice"  # consent was asked
    QUESTIONS = "questions"
    RED_FLAG = "red_flag"
    CLOSING = "closing"
    ENDED = "ended"


class DetourKind(StrEnum):
    """What stands between the patient and the open question."""

    READ_BACK = "read_back"  # `value` awaits a yes
    HALF = "half"  # one of two pressures is in `value`, the other is awaited
    CONFIRM = "confirm"  # concept in `value` awaits a yes; with `question` it is the half of it that was left out
    PERMISSION = "permission"  # may we go on?
    WAITING = "waiting"  # the patient asked for a moment
    POSTPONE = "postpone"  # when may we call?
    SURE = "sure"  # a grave move in `value` awaits a yes
    NEW_NUMBER = "new_number"  # another telephone number is being told; its digits so far are in `value`
    NEW_NUMBER_RIGHT = "new_number_right"  # that number awaits a yes


@dataclass(frozen=True, slots=True)
class Detour:
    kind: DetourKind
    value: str = ""
    question: str = ""
    raw: str = ""
    tries: int = 0
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the robot may use of the patient and the house; `title` is the spoken address (王先生)."""

    name: str
    title: str = ""
    birth_year: int | None = None
    id_last4: str | None = None
    phone_last4: str | None = None
    sex: str | None = None
    caregiver: str | None = None  # name of the family member who may answer
    hospital: str = "医院"
    department: str = ""
    callback: str = ""  # the number the hospital publishes
    next_contact: str = ""  # ISO day
    one_off: bool = False  # of a one-off list: nothing follows it
    education_follows: bool = False  # the node's education is really sent after the talk
    nurse_from: int = 0  # hours at the hospital between which a nurse takes transferred calls; equal: never
    nurse_until: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    contact_id: str
    pathway: str
    version: str
    node_day: int
    channel: Channel
    facts: Facts
    phase: Phase = Phase.IDENTITY
    current: str | None = None  # the open question's id
    queue: tuple[str, ...] = ()  # questions still to ask
    asked: tuple[str, ...] = ()  # in the order they were asked
    detours: tuple[Detour, ...] = ()  # innermost last
    answers: tuple[Answer, ...] = ()  # one for each question, in the order given
    held: tuple[Answer, ...] = ()  # not confirmed yet; what is left when the talk ends is recorded as such
    unanswered: tuple[str, ...] = ()
    present: tuple[str, ...] = ()  # concepts present so far
    raised: tuple[str, ...] = ()  # rules that have alarmed
    misses: int = 0  # misunderstandings of the open question
    silences: int = 0
    visits: int = 0  # how often the open question was put
    left_in_row: int = 0  # questions left one after the other
    identity_step: str = "name"  # "name" | "handover" (someone else fetches the patient) | "proof"
    identity_tries: int = 0
    handovers: int = 0  # how often somebody else was asked for the patient
    verified: bool = False
    caregiver: bool = False
    caregiver_bound: bool = False  # a caregiver because the channel says so, not because they did
    reopened: int = 0  # how often an answered question was put again
    abuses: int = 0
    foreign: int = 0
    unheard: int = 0  # utterances in a row in which no word was recognised
    by_keys: bool = False  # speech does not get through: every question says its keys
    asked_permission: bool = False
    slower: bool = False
    louder: bool = False
    transferring: str = ""  # why the nurse's telephone rings now
    end_reason: str = ""
    reply: Reply | None = None  # the last one, for "say it again"

    def answer(self, question: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.question == question), None)

    @property
    def detour(self) -> Detour | None:
        return self.detours[-1] if self.detours else None

    def written_by(self, *, caregiver: bool) -> "Session":
        """The session for whoever writes now: the patient and a bound caregiver may answer in turns, and what the
        patient says of 我 must not be taken for the caregiver's."""
        if caregiver:
            return replace(self, caregiver=True, caregiver_bound=True)
        return replace(self, caregiver=False, caregiver_bound=False) if self.caregiver_bound else self

    def with_answer(self, answer: Answer) -> "Session":
        """The session with this answer in place of an earlier one to the same question."""
        kept = tuple(old for old in self.answers if old.question != answer.question)
        left = tuple(question for question in self.unanswered if question != answer.question)
        waiting = tuple(each for each in self.held if each.question != answer.question)
        return replace(self, answers=(*kept, answer), held=waiting, unanswered=left)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Session":
        """Exact inverse of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
        data: dict[str, Any] = json.loads(text)
        for name in ("queue", "asked", "unanswered", "present", "raised"):
            data[name] = tuple(data[name])
        data["channel"] = Channel(data["channel"])
        data["phase"] = Phase(data["phase"])
        data["facts"] = Facts(**data["facts"])
        data["detours"] = tuple(Detour(**{**raw, "kind": DetourKind(raw["kind"])}) for raw in data["detours"])
        for name in ("answers", "held"):
            data[name] = tuple(Answer(**{**raw, "type": AnswerType(raw["type"])}) for raw in data.get(name, ()))
        data["reply"] = _reply(data["reply"]) if data["reply"] else None
        return cls(**data)


def _reply(raw: dict[str, Any]) -> Reply:
    options = tuple(Option(**option) for option in raw["options"])
    transfer = Transfer(**raw["transfer"]) if raw.get("transfer") else None
    sentences, expect = tuple(raw["sentences"]), Expect(raw["expect"])
    return Reply(**{**raw, "sentences": sentences, "expect": expect, "options": options, "transfer": transfer})
