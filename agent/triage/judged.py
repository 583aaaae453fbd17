"""What status reading gives back, and what its parts share."""

import re
from dataclasses import dataclass

from agent.model.finding import Manner, Status
from agent.triage.surroundings import Around


@dataclass(frozen=True, slots=True)
class Judged:
    """`recent` marks a past finding of the last days: an alarm may still be due. `kin`: a parent of the speaker has it
    now, and the speaker may be the patient's child. `doubt`: why the words are too little for red and must be asked
    again, "" when they are not."""

    status: Status
    reason: str
    recent: bool = False
    kin: bool = False
    manner: Manner | None = None
    doubt: str = ""


ASKS = re.compile(r"[?？]|吗|呢$|么$|怎么|什么|是不是|会不会|有没有|多久|哪")
QUESTION_TAIL = re.compile(r"^(?:了|的|啊|过)?(?:[？?]|吗|么|吧)")


def question_tail(here: Around, length: int) -> bool:
    """真的没有吗, 疼没有？: a question after all, `length` characters behind the finding."""
    return bool(QUESTION_TAIL.match(here.text[here.end + length : here.sentence[1] + 1]))
