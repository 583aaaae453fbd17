"""What the robot has just asked, told from its reply as a listener would: by its last sentence."""

import re
from dataclasses import dataclass
from enum import StrEnum

from agent.model.pathway import Pathway
from agent.model.turn import Reply


class Cue(StrEnum):
    PERSON = "person"
    PARENT = "parent"
    PROOF = "proof"
    PROOF_KEYPAD = "proof_keypad"
    PATIENT_THERE = "patient_there"
    CONSENT = "consent"
    PERMISSION = "permission"
    READ_BACK = "read_back"
    LOWER = "lower"
    WHEN = "when"
    SURE = "sure"
    CONFIRM = "confirm"  # a doubt about one concept
    WAITING = "waiting"
    SPEAK = "speak"
    QUESTION = "question"
    NOTHING = "nothing"


PHRASES = {
    Cue.PERSON: ("ask_person", "ask_person_again"),
    Cue.PARENT: ("ask_parent",),
    Cue.PROOF: ("ask_birth_year", "ask_id", "ask_phone"),
    Cue.PROOF_KEYPAD: ("proof_keypad",),
    Cue.PATIENT_THERE: ("ask_patient_there",),
    Cue.CONSENT: ("consent",),
    Cue.PERMISSION: ("permission",),
    Cue.READ_BACK: ("read_back_right",),
    Cue.LOWER: ("other_pressure",),
    Cue.WHEN: ("ask_when", "ask_when_there"),
    Cue.SURE: ("sure_deceased", "sure_opt_out"),
    Cue.WAITING: ("wait", "wait_back"),
    Cue.SPEAK: ("speak",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`concept` of a doubt ("" where it is put in general words); `read_back` the value as it was said."""

    cue: Cue
    question: str | None = None
    concept: str = ""
    read_back: str = ""


class Listener:
    """Understands the robot perfectly: what is rehearsed is whether the robot understands."""

    def __init__(self, pathway: Pathway) -> None:
        self._phrases = [
            (cue, _pattern(pathway.phrases[phrase][-1])) for cue, names in PHRASES.items() for phrase in names
        ]
        asked = [*pathway.confirms.items(), *pathway.confirms_again.items()]
        self._confirms = {text: concept for concept, text in asked}
        self._confirms[pathway.phrases["confirm_other"][0]] = ""
        self._read_back = pathway.phrases["read_back"][0]

    def asked(self, reply: Reply) -> Asked:
        """What is being asked; an instruction about keys behind a question does not hide it."""
        if not reply.sentences:
            return Asked(Cue.NOTHING, reply.question)
        last = reply.sentences[-1]
        if last in self._confirms:
            return Asked(Cue.CONFIRM, reply.question, concept=self._confirms[last])
        cue = next((cue for cue, pattern in self._phrases if pattern.fullmatch(last)), None)
        if cue is Cue.READ_BACK:
            return Asked(cue, reply.question, read_back=self._value(reply.sentences))
        if cue is not None:
            return Asked(cue, reply.question)
        return Asked(Cue.QUESTION if reply.question else Cue.NOTHING, reply.question)

    def _value(self, sentences: tuple[str, ...]) -> str:
        at = max(index for index, sentence in enumerate(sentences) if sentence == self._read_back)
        return "".join(sentences[at + 1 : -1])


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z_]+\\\}", ".*", re.escape(template)))
