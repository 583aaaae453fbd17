"""Numbers read back, halves completed, and answers the patient takes back."""

import re
from dataclasses import replace

from agent.dialog.answer_reading import Value, choice_in_words, in_range, read_value
from agent.dialog.asking import (
    MOST_MISSES,
    NUMERIC,
    advance,
    go_on,
    leave_question,
    miss,
    open_question,
    plausible,
    settle,
    take_answers,
    take_others,
)
from agent.dialog.clauses import STOPS, clauses_of
from agent.dialog.consequences import number_of
from agent.dialog.echo import echoed
from agent.dialog.held import LEAST_PRESSURE, MOST_PRESSURE, contradicted, hold, no_more_of_it
from agent.dialog.meant_answer import meant
from agent.dialog.numerals import numbers_in
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import resume, said
from agent.dialog.work import Work
from agent.model.answer import AnswerType
from agent.model.move import MoveKind
from agent.model.pathway import Question
from agent.model.session import Detour, DetourKind, Phase
from agent.model.step import Step

_TAKEN_BACK = re.compile(r"不对|不是不是|记错了|说错了|搞错了|弄错了|讲错了")
_EARLIER = re.compile(r"刚才|刚刚|前面|上面(?![是的]?[\d一二两三])|上一|之前")  # 上面一百二 is the upper pressure
_WAIT = re.compile(r"等等|等一下|等会")
_COUNTS = frozenset({"count", "days", "dose", "age"})  # of anything
_LEAST_ANSWER = 3  # characters, before it was taken back
MOST_READ_BACKS = 2
MOST_REOPENED = 3


def settle_read_back(work: Work, detour: Detour) -> Step:
    """Yes keeps the number, another number replaces it, no or nothing clear asks again, in the end by keypad."""
    question = work.pathway.questions[detour.question]
    take_others(work)
    fresh = read_value(question, work.heard, named=False)
    kept = _kept(question, detour)
    if fresh is not None and not fresh.half and fresh.value != kept:
        return _replaced(work, question, detour, fresh)
    work.pop(DetourKind.READ_BACK)
    answer = said(work)
    if fresh is not None and fresh.value == kept:
        answer = True
    if answer and plausible(question, kept):
        settle(work, question, Value(kept), detour.raw)
        return go_on(work)
    if answer is None and detour.tries < 1 and work.heard.kind not in (MoveKind.CORRECT, MoveKind.SILENCE):
        work.push(replace(detour, tries=detour.tries + 1))
        return resume(work)
    if answer is False or work.heard.kind is MoveKind.CORRECT:
        contradicted(work, question.id)
    return _once_more(work, question)


def _once_more(work: Work, question: Question) -> Step:
    if question.id != work.session.current:  # an earlier answer put right, or nothing open any more
        return _reopen(work, question.id)
    work.set(misses=work.session.misses + 1)
    if work.session.misses >= MOST_MISSES:
        return leave_question(work)
    work.say(Phrase.READ_BACK_WRONG)
    return work.put("elder", with_choices=work.session.misses >= MOST_MISSES - 1)


def _replaced(work: Work, question: Question, detour: Detour, fresh: Value) -> Step:
    work.pop(DetourKind.READ_BACK)
    contradicted(work, question.id)
    if detour.tries >= MOST_READ_BACKS:
        work.set(misses=work.session.misses + 1)
        return _once_more(work, question)
    if not fresh.doubtful:
        settle(work, question, fresh)
        return go_on(work)
    hold(work, question, fresh, tries=detour.tries + 1)
    return resume(work)


def _kept(question: Question, detour: Detour) -> str | float:
    return detour.value if question.type is AnswerType.BLOOD_PRESSURE else float(detour.value)


def settle_half(work: Work, detour: Detour) -> Step:
    """The other of two pressures."""
    question = work.pathway.questions[detour.question]
    work.pop(DetourKind.HALF)
    whole = read_value(question, work.heard)
    bare = _bare(work)
    if whole is not None and not whole.half:
        hold_or_settle(work, question, whole)
        return go_on(work)
    missing = _other(whole, bare)
    upper, _, lower = detour.value.partition("/")
    pair = (upper or missing, lower or missing)
    if missing and float(pair[0]) > float(pair[1]):
        hold_or_settle(work, question, Value(f"{pair[0]}/{pair[1]}"))
        return go_on(work)
    if work.heard.kind is MoveKind.CORRECT:
        contradicted(work, question.id)
    if work.question is None:
        return _reopen(work, detour.question)
    return leave_question(work, quietly=True) if no_more_of_it(work) and not missing else miss(work)


def _other(whole: Value | None, bare: float | None) -> str:
    if whole is not None:
        return str(whole.value).strip("/")
    return f"{bare:g}" if bare is not None else ""


def _bare(work: Work) -> float | None:
    """The last number said, which is the one that stays when a slip of the tongue is put right."""
    found = numbers_in(work.heard.turn.text)
    return found[-1] if found else None


def hold_or_settle(work: Work, question: Question, value: Value) -> None:
    if value.doubtful:
        hold(work, question, value)
    else:
        settle(work, question, value)


def correct(work: Work) -> Step:
    """不对，我刚才说错了: the new value for the question it fits, else the last question is asked again."""
    before = work.session.queue
    if not _named(work) and _in_the_same_breath(work):
        return _reopen(work, work.session.current or "")
    if not _named(work) and _names_the_open_one(work):
        taken = take_answers(work)
        if taken.settled or taken.pending:
            return go_on(work)
    if take_correction(work):
        held = work.session.detour is not None and work.session.detour.kind is DetourKind.READ_BACK
        work.say(Phrase.GO_ON if held else Phrase.CORRECTED)
        leads_on = not set(work.session.queue) <= set(before)
        return _follow_up(work) if leads_on and _once_again(work) else go_on(work)
    answered = _answered(work)
    if work.session.detour is not None:
        return resume(work)
    if not answered:
        taken_now = take_answers(work)
        return go_on(work) if taken_now.settled or taken_now.pending else miss(work)
    return _reopen(work, meant(work, answered))


def _named(work: Work) -> bool:
    """The words name an earlier question's value themselves."""
    questions = (work.pathway.questions[key] for key in _answered(work))
    return any(read_value(each, work.heard, named=True) is not None for each in questions)


def _names_the_open_one(work: Work) -> bool:
    """不是，是高压一百二，低压七十三, where the pressure is being asked."""
    current = work.session.current
    if current is None or work.session.phase is not Phase.QUESTIONS or work.session.answer(current) is not None:
        return False
    question = work.pathway.questions[current]
    return question.type in NUMERIC and read_value(question, work.heard, named=True) is not None


def _in_the_same_breath(work: Work) -> bool:
    """An answer to the open question and at once another: 九十八，七十二，不对不对，一百五十七，八十六. Which
    of the two stays is asked; no earlier answer is touched."""
    current, text = work.session.current, work.heard.turn.text
    taken_back = _TAKEN_BACK.search(text)
    if taken_back is None or current is None or work.session.phase is not Phase.QUESTIONS:
        return False
    first, then = text[: taken_back.start()], text[taken_back.end() :]
    if _EARLIER.search(text) or _WAIT.search(first):
        return False
    return len(STOPS.sub("", first)) >= _LEAST_ANSWER and bool(STOPS.sub("", then))


def _follow_up(work: Work) -> Step:
    """The new answer leads to questions of its own: they come before the open one."""
    waiting = work.session.current
    if waiting is not None and work.session.phase is Phase.QUESTIONS:
        fresh = work.session.queue[0]
        work.set(queue=(fresh, waiting, *work.session.queue[1:]))
    work.set(phase=Phase.QUESTIONS)
    return advance(work)


def take_correction(work: Work) -> bool:
    """Record the new value where the words hold one."""
    answered = _answered(work)
    takers = (take_answers_named, _choice_for, _bare_number_for, _yes_no_for)
    return any(take(work, answered) for take in takers)


def _answered(work: Work) -> list[str]:
    """The answered questions, the latest first."""
    return [key for key in reversed(work.session.asked) if work.session.answer(key) is not None]


def take_answers_named(work: Work, answered: list[str]) -> bool:
    """A value the words name themselves: 血压是一百六九十, 不是喘，是咳嗽."""
    for key in answered:
        question = work.pathway.questions[key]
        value = read_value(question, work.heard, named=True)
        if value is not None and not value.half:
            hold_or_settle(work, question, value)
            return True
    return False


def _choice_for(work: Work, answered: list[str]) -> bool:
    """Another option of the last closed question: 没停，天天吃."""
    closed = [key for key in answered if work.pathway.questions[key].options]
    value = choice_in_words(work.pathway.questions[closed[0]], work.heard.turn.text) if closed else None
    before = work.session.answer(closed[0]) if closed else None
    if value is None or before is None or before.value == value.value:
        return False
    settle(work, work.pathway.questions[closed[0]], value)
    return True


def _bare_number_for(work: Work, answered: list[str]) -> bool:
    """A number without a name belongs to the last number that was given."""
    numeric = [key for key in answered if work.pathway.questions[key].type in NUMERIC]
    if not numeric:
        return False
    question = work.pathway.questions[numeric[0]]
    before = work.session.answer(numeric[0])
    bare = _bare(work)
    if bare is None or before is None or work.heard.reading.findings or _of_another_kind(work, question):
        return False
    value = Value(bare, doubtful=not in_range(question, bare))
    if question.type is AnswerType.BLOOD_PRESSURE:
        upper, lower = number_of(before, "systolic") or 0.0, number_of(before, "diastolic") or 0.0
        pair = _pair(work) or ((bare, lower) if bare > (upper + lower) / 2 else (upper, bare))
        if not all(LEAST_PRESSURE <= part <= MOST_PRESSURE for part in pair) or pair[0] <= pair[1]:
            return False
        value = Value(f"{pair[0]:g}/{pair[1]:g}")
    hold_or_settle(work, question, value)
    return True


def _of_another_kind(work: Work, question: Question) -> bool:
    """The numbers said are values of something else: 上面一百二，下面七十三 is no weight."""
    named = {measured.name for measured in work.heard.reading.measurements} - _COUNTS
    own = {"systolic", "diastolic"} if question.type is AnswerType.BLOOD_PRESSURE else set(question.measurements)
    return bool(named) and not named & own


def _pair(work: Work) -> tuple[float, float] | None:
    """The last two numbers where they can be an upper and a lower pressure: 今天是一百三十二，七十八."""
    found = numbers_in(work.heard.turn.text)[-2:]
    return (found[0], found[1]) if len(found) > 1 and found[0] > found[1] > LEAST_PRESSURE else None


def _yes_no_for(work: Work, answered: list[str]) -> bool:
    """The other answer to a question whose own verb the words say: 说错了，还没打, asked 打过了吗."""
    told = clauses_of(work.heard.turn.text)
    for key in answered:
        question, before = work.pathway.questions[key], work.session.answer(key)
        if question.type is not AnswerType.YES_NO or question.asks or before is None:
            continue
        said = next((one for clause in told if (one := echoed(question.wording.voice, clause)) is not None), None)
        if said is not None and said is not before.value:
            settle(work, question, Value(said))
            return True
    return False


def _once_again(work: Work) -> bool:
    """Whether what was answered may lead back once more: who says now this, now that is not followed without end."""
    work.set(reopened=work.session.reopened + 1)
    return work.session.reopened <= MOST_REOPENED


def _reopen(work: Work, key: str) -> Step:
    """Ask that question again, a bounded number of times; the open one comes after it."""
    if not _once_again(work):
        work.say(Phrase.NOTED)
        return go_on(work)
    waiting = work.session.current
    if waiting is not None and waiting != key and work.session.phase is Phase.QUESTIONS:
        work.set(queue=(waiting, *work.session.queue))
    work.set(phase=Phase.QUESTIONS)
    open_question(work, key)
    work.say(Phrase.WHICH_WRONG)
    return work.put("short")
