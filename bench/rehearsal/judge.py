"""What was understood, held against what was meant. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from agent.model.answer import Answer, AnswerType, Scalar
from agent.model.contact import ContactStatus
from agent.model.escalation import Escalation
from agent.model.finding import Level
from agent.model.move import MoveKind
from bench.rehearsal.call import Call, Exchange, open_attempt

ALIKE = 50  # of 100: free words, misheard here and there, are still the words that were said
MOST_PUT = 4  # the same words of the robot more often than this are a loop


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"  # the patient answered, nothing was stored
    INVENTED = "invented"  # something was stored that the patient never said


@dataclass(frozen=True, slots=True)
class Compared:
    """One question: what was meant (None: "I do not know", or nothing was said) and what was stored."""

    question: str
    label: str
    meant: Scalar | None
    understood: Scalar | None
    verdict: Verdict
    turn: int  # of the patient's last words on it, 1..; 0: none


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that was said, and how it reached a nurse: "red", "yellow" or "" for not at all."""

    turn: int
    words: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    answers: tuple[Compared, ...]
    dangers: tuple[Danger, ...]
    false_red: tuple[str, ...]  # reasons of red alarms behind which nothing alarming was said
    sterner: int  # red alarms of words that the pathway itself calls yellow
    loops: tuple[str, ...]  # sentences the robot said too often
    completed: bool
    faults: tuple[str, ...]  # technical ones

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict is verdict for one in self.answers)

    @property
    def missed(self) -> tuple[Danger, ...]:
        return tuple(danger for danger in self.dangers if danger.level != Level.RED)


def judge(call: Call) -> Judgement:
    said = (_danger(call, number) for number, one in enumerate(call.exchanges, 1) if one.said.danger)
    dangers = tuple(one for one in said if one is not None)
    said_nothing = not any(one.said.danger for one in call.exchanges)
    groundless = [each for each in _reds(call) if said_nothing and not _of_a_yellow_answer(call, each)]
    sterner = [each for each in _reds(call) if said_nothing and each not in groundless]
    completed = call.contact is not None and call.contact.status is ContactStatus.COMPLETED
    false = tuple(each.reason for each in groundless)
    return Judgement(tuple(_answers(call)), dangers, false, len(sterner), _loops(call), completed, _faults(call))


def _of_a_yellow_answer(call: Call, made: Escalation) -> bool:
    """The words meant something a nurse is to see today by the pathway; triage took it for more."""
    turn = next((one for one in call.exchanges if _of_turn(made, one)), None)
    if turn is None:
        return False
    meant = [call.pathway.questions[key] for key, value in turn.said.means.items() if value is not None]
    return any(call.truth.level(question) is Level.YELLOW for question in meant)


def _answers(call: Call) -> list[Compared]:
    meant: dict[str, tuple[Scalar | None, int]] = {}
    for number, exchange in enumerate(call.exchanges, 1):
        for question, value in exchange.said.means.items():
            meant[question] = (value, number)
    stored = {answer.question: answer for answer in call.answers}
    compared = []
    for key in [*meant, *(key for key in stored if key not in meant)]:
        if key == call.pathway.last_question:
            continue  # whatever they like to add
        value, turn = meant.get(key, (None, 0))
        understood = stored[key].value if key in stored else None
        verdict = _verdict(call, key, value, stored.get(key), asked=key in meant)
        if verdict is not None:
            label = call.pathway.questions[key].label
            compared.append(Compared(key, label, value, understood, verdict, turn))
    return compared


def _verdict(call: Call, key: str, meant: Scalar | None, stored: Answer | None, *, asked: bool) -> Verdict | None:
    if not asked:
        volunteered = key in call.truth.values and stored is not None and _same(call, key, stored)
        return None if volunteered else Verdict.INVENTED
    if meant is None:
        return Verdict.RIGHT if stored is None else Verdict.INVENTED
    if stored is None:
        return Verdict.MISSING
    return Verdict.RIGHT if _same(call, key, stored) else Verdict.WRONG


def _same(call: Call, key: str, stored: Answer) -> bool:
    true = call.truth.values[key]
    if stored.type is AnswerType.FREE_TEXT:
        said = [one.said.text for one in call.exchanges if key in one.said.means]
        return not said or max(fuzz.ratio(text, str(stored.value)) for text in said) >= ALIKE
    if stored.type is AnswerType.DATE:
        return str(stored.value) == call.truth.days.get(key)
    if isinstance(true, bool) or isinstance(stored.value, bool):
        return true is stored.value
    if isinstance(true, float) and isinstance(stored.value, int | float):
        return abs(float(stored.value) - true) < 0.05
    return str(stored.value) == str(true)


def _danger(call: Call, number: int) -> Danger | None:
    """The turn in which a danger was first said; a confirmation of one that alarmed already adds nothing."""
    exchange = call.exchanges[number - 1]
    earlier = {id_ for one in call.exchanges[: number - 1] for id_ in [one.said.danger] if id_}
    if exchange.said.danger in earlier or (exchange.said.danger.startswith("confirms") and earlier):
        return None
    red = next((each for each in _reds(call) if _since(each, exchange)), None)
    found = red or next((each for each in call.escalations if _of_turn(each, exchange)), None)
    return Danger(number, exchange.said.text, found.level if found else "", found.reason if found else "")


def _since(made: Escalation, exchange: Exchange) -> bool:
    """Made in that turn or later in the call: a doubt settled by asking counts."""
    after = exchange.stored is not None and made.created_at >= exchange.stored.turn.at
    return after or _of_turn(made, exchange)


def _of_turn(made: Escalation, exchange: Exchange) -> bool:
    turn_id = exchange.stored.turn.id if exchange.stored else None
    return any(evidence.turn_id == turn_id for evidence in (made.evidence, *made.also))


def _reds(call: Call) -> list[Escalation]:
    return [each for each in call.escalations if each.level is Level.RED]


def _loops(call: Call) -> tuple[str, ...]:
    """Waiting for somebody who asks for it, however often, is none."""
    said: dict[str, int] = {}
    for before, exchange in zip([None, *call.exchanges], call.exchanges, strict=False):
        if before is not None and before.stored is not None and before.stored.move is MoveKind.WAIT:
            continue
        for sentence in exchange.reply.sentences[-1:]:
            said[sentence] = said.get(sentence, 0) + 1
    return tuple(sentence for sentence, times in said.items() if times > MOST_PUT)


def _faults(call: Call) -> tuple[str, ...]:
    faults = [call.failure] if call.failure else []
    if call.stuck:
        faults.append("the call did not end")
    if not call.failure and open_attempt(call.attempt):
        faults.append("the attempt has no outcome")
    return tuple(faults)
