"""Walking the questions: taking answers, what follows them, going on, and not being understood."""

from dataclasses import dataclass, replace

from agent.dialog.answer_reading import (
    YIELDING,
    Value,
    cannot_tell,
    choice_in_words,
    in_range,
    read_interruption,
    read_value,
)
from agent.dialog.consequences import matches, raise_alarms
from agent.dialog.contexts import names_a_symptom
from agent.dialog.held import contradicted, hold
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import resume, said
from agent.dialog.wording import choices_text, next_contact_words
from agent.dialog.work import Work, has_no_device, in_dialect, settles_a_doubt, told_beside
from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.pathway import Question
from agent.model.session import DetourKind, Phase
from agent.model.step import Step
from agent.model.turn import TurnKind

MOST_VISITS = 8  # a question is put at most so often, whatever the interruptions
MOST_MISSES = 3
MOST_NOTED = 2  # times a question was put and something else told
MOST_LEFT_IN_ROW = 3
PLAIN = YIELDING | {MoveKind.THANKS, MoveKind.GREET, MoveKind.GOODBYE}
NAMED = (AnswerType.CHOICE, AnswerType.ADHERENCE)
NUMERIC = (AnswerType.NUMBER, AnswerType.SCALE, AnswerType.BLOOD_PRESSURE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one turn gave: the open question's answer, answers to others, or a number to read back first."""

    settled: bool = False
    others: bool = False
    pending: bool = False


def take_answers(work: Work) -> Taken:
    """Record every answer the turn holds. An interruption counts only for what it names itself."""
    question, heard = work.question, work.heard
    taken = Taken()
    if question is not None:
        interrupts = heard.kind not in PLAIN and not in_dialect(heard)
        elsewhere = interrupts or not heard.turn.question_heard or settles_a_doubt(work, question)
        named = elsewhere and heard.turn.kind is not TurnKind.DIGITS
        value = read_value(question, heard, named=named)
        if value is None and named and interrupts:
            value = read_interruption(question, heard)
        if value is not None and (value.half or value.doubtful):
            hold(work, question, value)
            taken = Taken(pending=True)
        elif value is not None:
            ahead = set(work.session.queue)
            settle(work, question, value)
            _take_what_it_leads_to(work, ahead)
            taken = Taken(settled=True)
    return replace(taken, others=take_others(work))


def _take_what_it_leads_to(work: Work, ahead: set[str]) -> None:
    """吃着呢，有时候忘: the words that answer a question may name the option of the one it leads to."""
    for key in [key for key in work.session.queue if key not in ahead]:
        question = work.pathway.questions[key]
        value = choice_in_words(question, work.heard.turn.text) if question.type in NAMED else None
        if value is not None:
            settle(work, question, value)


def take_others(work: Work) -> bool:
    """Answers to questions that were not put: given ahead, or changed in passing."""
    ahead, behind = work.session.queue, tuple(answer.question for answer in work.session.answers)
    took = False
    for key in (*ahead, *behind):
        question = work.pathway.questions[key]
        value = read_value(question, work.heard, named=True)
        if key == work.session.current or value is None or value.half or value.doubtful:
            continue
        before = work.session.answer(key)
        if before is not None and not _changes(work, before, value):
            continue
        settle(work, question, value)
        took = True
    return took


def _changes(work: Work, before: Answer, value: Value) -> bool:
    """A number said again differently, or a symptom that was denied and is there after all."""
    if before.turn_id == work.heard.turn.id or before.value == value.value:
        return False
    return before.type in NUMERIC or value.value is True


def settle(work: Work, question: Question, value: Value, raw: str = "") -> None:
    """Record the answer, queue what its branches ask, say their advice, raise its alarms."""
    turn = work.heard.turn
    before = work.session.answer(question.id)
    answer = Answer(
        question=question.id,
        type=question.type,
        value=value.value,
        raw=raw or turn.text,
        confidence=turn.confidence,
        turn_id=turn.id,
        corrected=before is not None and before.value != value.value,
        unit=question.unit,
    )
    if before is not None:
        _forget_branches(work, question, before)
    work.record(answer)
    work.set(left_in_row=0, foreign=0, queue=tuple(key for key in work.session.queue if key != question.id))
    for branch in question.branches:
        if matches(branch.when, answer):
            _queue_first(work, branch.ask)
            for advice in branch.say:
                work.advise_once(advice)
    raise_alarms(work, question, answer)


def _queue_first(work: Work, wanted: tuple[str, ...]) -> None:
    session = work.session
    fresh = tuple(key for key in wanted if session.answer(key) is None and key not in session.unanswered)
    work.set(queue=(*fresh, *(key for key in session.queue if key not in fresh)))


def _forget_branches(work: Work, question: Question, before: Answer) -> None:
    """A corrected answer no longer leads where the old one led, unless the node asks that anyway."""
    led = {key for branch in question.branches if matches(branch.when, before) for key in branch.ask}
    led -= set(work.pathway.node(work.session.node_day).questions)
    work.set(queue=tuple(key for key in work.session.queue if key not in led))
    if work.session.current in led:
        work.set(current=None)


def advance(work: Work) -> Step:
    """Put the next question, then the last one, then say goodbye."""
    session = work.session
    done = {answer.question for answer in session.answers} | set(session.unanswered)
    queue = tuple(key for key in session.queue if key not in done)
    if queue:
        open_question(work, queue[0])
        work.set(queue=queue[1:])
        return work.put()
    last = work.pathway.last_question
    if last and session.phase is Phase.QUESTIONS:
        open_question(work, last)
        work.set(phase=Phase.CLOSING, queue=())
        return work.put()
    return finish(work)


def open_question(work: Work, key: str) -> None:
    asked = (*work.session.asked, key) if key not in work.session.asked else work.session.asked
    work.set(current=key, asked=asked, detours=(), misses=0, silences=0, visits=0)


def go_on(work: Work) -> Step:
    """After an interruption: the open question in short form, or the next one when it was answered meanwhile."""
    session = work.session
    if session.phase in (Phase.QUESTIONS, Phase.CLOSING) and session.detour is None:
        if session.current is None or session.answer(session.current) is not None:
            return advance(work)
        if session.visits >= MOST_VISITS:
            return leave_question(work)
    return resume(work)


def put_again(work: Work) -> Step:
    """The patient spoke before the question was out: it is put once more, in full."""
    session = work.session
    if session.phase not in (Phase.QUESTIONS, Phase.CLOSING) or session.detour is not None or work.question is None:
        return resume(work)
    return work.put() if session.visits < MOST_VISITS else leave_question(work)


def after_go_ahead(work: Work) -> Step:
    """Leave to ask is no answer: the question once more, and plainer words when that brings no answer either."""
    waited = work.session.detour is not None
    work.pop(DetourKind.WAITING)
    return put_again(work) if waited or work.session.visits <= 1 else miss(work)


def not_answered(work: Work) -> Step:
    """Words without the open question's answer. Something else that was told is on record: thanks for that, and the
    question again, a few times."""
    if cannot_tell(work.question, work.heard):
        return cannot_say(work)
    told = names_a_symptom(work.heard.reading) or bool(work.heard.reading.measurements)
    if not told or work.session.visits > MOST_NOTED:
        return miss(work)
    work.lead(Phrase.NOTED)
    return work.put("short")


def miss(work: Work) -> Step:
    """Not understood: elder wording, then choices by keypad or number, then the question is left to a nurse."""
    work.set(misses=work.session.misses + 1)
    if work.session.misses >= MOST_MISSES or work.session.visits >= MOST_VISITS or _out_of_reach(work):
        return leave_question(work)
    work.lead(_why_again(work))
    return work.put("elder", with_choices=work.session.misses >= MOST_MISSES - 1)


def _why_again(work: Work) -> Phrase:
    """有 to 红肿或者流水 was heard well: it only says not which."""
    if work.question is not None and work.question.type is AnswerType.CHOICE and said(work):
        return Phrase.GO_ON
    return Phrase.ONCE_MORE if told_beside(work.heard) else Phrase.UNHEARD


def _out_of_reach(work: Work) -> bool:
    """A question in words for somebody whose words do not get through."""
    question = work.question
    return work.session.by_keys and question is not None and not choices_text(question, work.session, work.pathway)


def cannot_say(work: Work) -> Step:
    """They do not know: asked once more in other words, then left without fuss; at once where nothing is there to
    measure with."""
    work.set(misses=work.session.misses + 1)
    work.lead(Phrase.GO_ON)
    if work.question is not None:
        contradicted(work, work.question.id)
    no_use = has_no_device(work.heard) or work.session.misses >= MOST_MISSES - 1
    return leave_question(work, quietly=True) if no_use else work.put("elder")


def leave_question(work: Work, *, quietly: bool = False) -> Step:
    """Leave the open question unanswered, mark it for the nurse where the pathway wants that, and go on."""
    question = work.question
    if question is None or work.session.phase is Phase.CLOSING:
        return finish(work)
    work.set(unanswered=(*work.session.unanswered, question.id), left_in_row=work.session.left_in_row + 1, detours=())
    if question.nurse_if_unanswered:
        work.request(EscalationKind.UNCLEAR, f"未能问清：{question.label}", f"unanswered_{question.id}")
    for branch in question.branches:
        if branch.when.unanswered:
            _queue_first(work, branch.ask)
            for advice in branch.say:
                work.advise_once(advice)
    if work.session.left_in_row >= MOST_LEFT_IN_ROW:
        work.say(Phrase.LEFT_MANY)
        work.request(EscalationKind.UNCLEAR, "连续几个问题都没能问清，请人工随访", "left_many")
        return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "not_understood")
    if not quietly:
        work.say(Phrase.LEFT_QUESTION)
    return advance(work)


def silence(work: Work) -> Step:
    """Twice in elder wording, then by keypad, then goodbye."""
    work.set(silences=work.session.silences + 1)
    count = work.session.silences
    if count > 3:
        work.say(Phrase.SILENCE_END)
        return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "silence")
    if count == 1:
        work.say(Phrase.SILENCE)
    if work.session.detour is not None:
        return resume(work)
    return work.put("elder", with_choices=count == 3)


def finish(work: Work) -> Step:
    """Thanks, the next contact's day, what is sent afterwards, the number to call."""
    session = work.session
    work.say(Phrase.CLOSING)
    after = next_contact_words(session, work.pathway)
    if after:
        work.say(Phrase.NEXT_CONTACT, after)
    if session.facts.education_follows and work.pathway.node(session.node_day).education:
        work.say(Phrase.EDUCATION)
    work.say(Phrase.CALLBACK)
    wanted = [key for key in session.unanswered if work.pathway.questions[key].nurse_if_unanswered]
    status = ContactStatus.PARTIAL if wanted else ContactStatus.COMPLETED
    return work.end(status, AttemptOutcome.COMPLETED, "completed")


def plausible(question: Question, value: float | str) -> bool:
    """False for a number outside the question's range, even when the patient stands by it."""
    return in_range(question, value) if isinstance(value, float) else True
