"""The red path: advice first, at most two closing questions, then a nurse. It never diagnoses."""

from dataclasses import replace

from agent.dialog import transfer
from agent.dialog.answer_reading import SURE_PRESSURE, read_value
from agent.dialog.beside import sighs_at
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import resume, said
from agent.dialog.wording import expects, options, question_text
from agent.dialog.work import Work
from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Alarm, Level, Measurement, Reading, Status
from agent.model.move import MoveKind
from agent.model.pathway import Pathway, Question, RedFlag
from agent.model.session import Detour, DetourKind, Phase
from agent.model.step import Step
from agent.model.turn import Expect, TurnKind

ANY_DANGER = RedFlag("any_danger", (), Level.RED, "患者说到危险情况", "nurse_now", ("since_when",))
MOST_CLOSING = 2
MOST_REPEATS = 4
LEAVING = frozenset(
    {MoveKind.GOODBYE, MoveKind.REFUSE, MoveKind.NOT_NOW, MoveKind.OPT_OUT, MoveKind.WANT_HUMAN, MoveKind.THANKS}
)
NO_ANSWER = LEAVING | {MoveKind.ASK, MoveKind.SILENCE, MoveKind.ABUSE, MoveKind.SUSPECT_FRAUD, MoveKind.GREET}


def red_alarms(reading: Reading) -> list[Alarm]:
    return [alarm for alarm in reading.alarms if alarm.red]


def flag_of(work: Work) -> RedFlag | None:
    """What to say to the reading's red alarms, or None when there are none or a number must be read back first."""
    alarms = red_alarms(work.heard.reading)
    if not alarms or _only_a_doubtful_number(work, alarms):
        return None
    flags = [flag_for(work.pathway, alarm.rule, alarm.concepts) for alarm in alarms]
    return min(flags, key=lambda flag: _order(work.pathway, flag))


def flag_for(pathway: Pathway, rule: str, concepts: tuple[str, ...]) -> RedFlag:
    """The pathway's flag of that rule, else the family the concepts belong to, else the general one."""
    named = next((flag for flag in pathway.red_flags if flag.id == rule and flag.advice), None)
    if named is not None:
        return named
    families = (flag for flag in pathway.red_flags if not flag.needs_all and flag.advice)
    return next((flag for flag in families if set(flag.concepts) & {rule, *concepts}), ANY_DANGER)


def _order(pathway: Pathway, flag: RedFlag) -> tuple[bool, int]:
    """Advice to call 120 goes before any other."""
    calls = any("120" in sentence for sentence in pathway.advice[flag.advice].sentences)
    place = pathway.red_flags.index(flag) if flag in pathway.red_flags else len(pathway.red_flags)
    return not calls, place


def _only_a_doubtful_number(work: Work, alarms: list[Alarm]) -> bool:
    """Every red alarm is a limit of the open question, and the number itself is in doubt."""
    question = work.question
    if work.session.phase is not Phase.QUESTIONS or question is None or work.session.detour is not None:
        return False
    limits = {limit.id for limit in question.limits}
    if not limits or any(alarm.rule not in limits for alarm in alarms):
        return False
    value = read_value(question, work.heard)
    shaky = work.heard.by_ear and work.heard.turn.confidence < SURE_PRESSURE
    return value is not None and (value.doubtful or shaky)


def enter(work: Work, flag: RedFlag) -> Step:
    """Stop the questionnaire and whatever was about to be said; say the advice, ask the first closing question."""
    work.unsay()
    work.set(
        phase=Phase.RED_FLAG,
        detours=(),
        current=None,
        queue=flag.closing[:MOST_CLOSING],
        silences=0,
        misses=0,
        visits=0,
    )
    for key in flag.closing[:MOST_CLOSING]:
        _told_with_it(work, work.pathway.questions[key])
    if flag.id not in work.session.raised:
        work.set(raised=(*work.session.raised, flag.id))
    work.advise(flag.advice)
    if flag.transfer and transfer.offered(work):
        return transfer.begin(work, flag.id)
    return go_on(work, interruptible=False)


def _told_with_it(work: Work, question: Question) -> None:
    """烧到三十八度二: how high is not asked once more."""
    if not question.measurements:
        return
    told = next((one for one in work.heard.reading.measurements if one.name in question.measurements), None)
    known = _told_before(work, question) if told is None else None if told.doubtful else _told_now(work, question, told)
    if known is not None:
        work.record(known)
        work.set(queue=tuple(key for key in work.session.queue if key != question.id))


def _told_now(work: Work, question: Question, told: Measurement) -> Answer:
    turn = work.heard.turn
    return Answer(question.id, question.type, f"{told.value:g}{told.unit}", turn.text, turn.confidence, turn.id)


def _told_before(work: Work, question: Question) -> Answer | None:
    """最高烧到多少度, answered as a question of the node: the same is not asked once more."""
    measures = question.measurements
    same = (one for one in work.session.answers if work.pathway.questions[one.question].measurements == measures)
    earlier = next(same, None)
    if earlier is None:
        return None
    kept = f"{earlier.value:g}{earlier.unit or ''}" if isinstance(earlier.value, float) else str(earlier.value)
    return Answer(question.id, question.type, kept, earlier.raw, earlier.confidence, earlier.turn_id)


def walk(work: Work) -> Step:
    """One turn after the advice: an answer to a closing question, or anything else."""
    flag = flag_of(work)
    if flag is not None and flag.id not in work.session.raised:
        work.set(raised=(*work.session.raised, flag.id))
        work.advise(flag.advice)
    question, kind = work.question, work.heard.kind
    if kind is MoveKind.SILENCE and not work.session.silences:
        work.set(silences=1)
        return _again(work)
    if kind in (MoveKind.REPEAT, MoveKind.SLOWER, MoveKind.LOUDER) and work.session.visits < MOST_REPEATS:
        work.set(visits=work.session.visits + 1)
        work.set(
            slower=work.session.slower or kind is MoveKind.SLOWER, louder=work.session.louder or kind is MoveKind.LOUDER
        )
        return _again(work)
    if kind is MoveKind.WANT_HUMAN and transfer.offered(work):
        return transfer.begin(work, kind)
    if kind in LEAVING:
        return leave(work)
    if question is not None and kind not in NO_ANSWER:
        _keep(work, question)
    return go_on(work)


def noted(work: Work) -> Step:
    """Kept for the nurse; the closing question is put once more."""
    work.say(Phrase.NOTED)
    question = work.question
    return go_on(work) if question is None else _put(work, question)


def leave(work: Work) -> Step:
    work.say(Phrase.RED_CALLBACK)
    work.say(Phrase.RED_ENDED)
    return work.end(ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, "red_flag")


def _keep(work: Work, question: Question) -> None:
    """Closing answers are kept as they were said when they can not be read."""
    heard, turn = work.heard, work.heard.turn
    value = read_value(question, heard)
    if value is None and (not turn.text or question.type is not AnswerType.FREE_TEXT):
        return
    kept = value.value if value else turn.text
    work.record(Answer(question.id, question.type, kept, turn.text, turn.confidence, turn.id))


def go_on(work: Work, *, interruptible: bool = True) -> Step:
    queue = work.session.queue
    if not queue:
        return leave(work)
    work.set(current=queue[0], queue=queue[1:], silences=0)
    return _put(work, work.pathway.questions[queue[0]], interruptible=interruptible)


def _put(work: Work, question: Question, *, interruptible: bool = True) -> Step:
    work.say_text(question_text(question, work.session, work.pathway))
    return work.reply(expects(question), choices=options(question), interruptible=interruptible)


def _again(work: Work) -> Step:
    last = work.session.reply
    work.say_text(*(last.sentences if last else ()))
    return work.reply(last.expect if last else Expect.NOTHING, choices=last.options if last else ())


def after_end(work: Work) -> Step:
    """The conversation is over, but a danger said now is still answered."""
    flag = flag_of(work)
    if flag is not None:
        work.advise(flag.advice)
        work.say(Phrase.RED_CALLBACK)
    elif work.heard.turn.kind is not TurnKind.HANGUP:
        work.say(Phrase.ENDED)
    return work.reply_ended()


def doubt(work: Work) -> Step | None:
    """Ask about a concept that may hide in the words; each concept once in a contact."""
    concept = work.heard.reading.confirm
    mark = f"confirm:{concept}"
    if concept is None or mark in work.session.raised:
        return None
    work.set(raised=(*work.session.raised, mark))
    work.push(Detour(DetourKind.CONFIRM, concept))
    return resume(work)


def other_half(work: Work) -> Step | None:
    """没有疼, asked 疼或者发闷: each danger left out is asked for by itself, once for each question."""
    question = work.question
    mark = f"half:{question.id}" if question is not None else ""
    left = [concept for concept in work.heard.reading.left_out if not _told_off(work, concept)]
    if question is None or not left or mark in work.session.raised:
        return None
    work.set(raised=(*work.session.raised, mark))
    for concept in reversed(left):
        work.push(Detour(DetourKind.CONFIRM, concept, question.id))
    return resume(work)


def _told_off(work: Work, concept: str) -> bool:
    """没有流水: nothing is left to ask of 流水、出血."""
    half = work.pathway.halves.get(concept, "")
    return any(one.status is Status.DENIED and one.surface in half for one in work.heard.reading.findings)


def settle_doubt(work: Work, detour: Detour) -> Step | None:
    """A yes takes the red path; a no or nothing clear goes on, the latter marked for a nurse. None: go on."""
    answer = _told(work, detour.value)
    if answer is None and not detour.tries and work.heard.kind is not MoveKind.HANGUP:
        work.pop()
        work.push(replace(detour, tries=1))
        return resume(work)
    work.pop()
    if answer:
        flag = flag_for(work.pathway, detour.value, (detour.value,))
        work.request(EscalationKind.RED_FLAG, flag.reason, detour.value, Level.RED)
        return enter(work, flag)
    if answer is None:
        unsettled(work, detour)
        work.say(Phrase.CONFIRM_UNSETTLED)
    else:
        work.say(Phrase.GO_ON)
    return None


def _told(work: Work, concept: str) -> bool | None:
    """Whether the concept is there, after the words; a no to something else (不喘, asked 胸闷) does not settle it."""
    if sighs_at(work.pathway, concept, work.heard.turn.text):
        return None
    status = dict(work.heard.reading.asked).get(concept)
    if status in (Status.PRESENT, Status.DENIED):
        return status is Status.PRESENT
    return None if work.heard.reading.findings else said(work)


def unsettled(work: Work, detour: Detour) -> None:
    flag = flag_for(work.pathway, detour.value, (detour.value,))
    work.request(EscalationKind.UNCLEAR, f"可能有危险情况，未能问清：{flag.reason}", detour.value)
