"""One function for each move that is not an answer. Each says its sentence, then ends or goes on with what is open."""

from collections.abc import Callable, Mapping

from agent.dialog import identity, new_number, transfer
from agent.dialog.answer_reading import Value
from agent.dialog.asking import MOST_VISITS, go_on, leave_question, miss, settle
from agent.dialog.asking_back import wants_other_words
from agent.dialog.phrases import Phrase
from agent.dialog.postponing import not_now
from agent.dialog.prompts import resume
from agent.dialog.question_form import asks_plainly
from agent.dialog.wording import in_sentences
from agent.dialog.work import WAIT_SECONDS, Work
from agent.model.answer import AnswerType
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.session import Detour, DetourKind, Phase
from agent.model.step import Step
from agent.model.turn import Expect

SURE_ENOUGH = 0.6  # a grave move decided with less is asked back first
BEFORE_IDENTITY = frozenset(
    {"robot", "who_calls", "phone_number", "privacy", "recording", "call_cost", "identity_needed"}
)
ANSWERED_IN_GENERAL = "患者的问题机器人只作了一般答复，并说护士会回复，请联系患者"
HANDED_OVER = "handed_over"  # mark of a session whose phone was given to someone else once
Handler = Callable[[Work], Step]


def _asked(work: Work) -> Step:
    """Their own question: the approved answer, or a promise that a nurse replies. Nothing medical to a stranger."""
    move = work.heard.move
    if not work.session.verified and move.faq not in BEFORE_IDENTITY:
        work.say(Phrase.NOT_BEFORE_IDENTITY)
    elif move.faq_answer:
        work.say_text(*in_sentences(move.faq_answer))
        if move.tell_nurse:
            work.request(EscalationKind.UNANSWERED_QUESTION, ANSWERED_IN_GENERAL, f"asked_{move.faq}")
        if not asks_plainly(work.heard.turn.text):
            _keep_as_told(work)
    else:
        work.say(Phrase.FAQ_UNKNOWN)
        work.request(EscalationKind.UNANSWERED_QUESTION, "患者的问题没有现成答案，请回复")
        _keep_as_told(work)
    return go_on(work)


def _keep_as_told(work: Work) -> None:
    """Words that answer an open question of the free kind are its answer, though they sounded like a question."""
    question = work.question
    if question is not None and question.type is AnswerType.FREE_TEXT and work.session.phase is Phase.QUESTIONS:
        settle(work, question, Value(work.heard.turn.text))


def _repeat(work: Work) -> Step:
    """The whole question again, not its short form; whoever has to ask for it is spoken to more slowly."""
    work.set(slower=True)
    session = work.session
    if session.phase in (Phase.QUESTIONS, Phase.CLOSING) and session.detour is None and work.question is not None:
        if session.visits >= 4:
            return miss(work)
        other_words = session.visits > 1 or wants_other_words(work.heard.turn.text)
        return work.put("elder" if other_words else "")
    return resume(work)


def _slower(work: Work) -> Step:
    work.say(Phrase.SLOWER)
    return _repeat(work)


def _louder(work: Work) -> Step:
    work.set(louder=True)
    work.say(Phrase.LOUDER)
    return _repeat(work)


def _wait(work: Work) -> Step:
    work.pop(DetourKind.WAITING)
    work.set(visits=work.session.visits + 1)
    if work.session.visits >= MOST_VISITS:
        return go_on(work)
    work.push(Detour(DetourKind.WAITING))
    work.say(Phrase.WAIT)
    return work.reply(Expect.FREE_TEXT, seconds=WAIT_SECONDS)


def _wrong_person(work: Work) -> Step:
    if work.session.verified and work.heard.move.confidence < SURE_ENOUGH:
        return miss(work) if work.question else resume(work)
    work.say(Phrase.WRONG_PERSON)
    status = ContactStatus.PARTIAL if work.session.answers else ContactStatus.UNREACHABLE
    work.request(EscalationKind.REQUEST, "接电话的人说打错了，请核对电话号码", "wrong_person")
    return work.end(status, AttemptOutcome.WRONG_PERSON, "wrong_person")


def _caregiver(work: Work) -> Step:
    """Family takes over in mid-conversation: the identity is shown anew unless they are the one already known."""
    session = work.session
    if session.caregiver:
        return go_on(work)
    if session.verified and session.facts.caregiver:
        work.set(caregiver=True)
        work.say(Phrase.INTRO_CAREGIVER)
        return go_on(work)
    if session.verified and HANDED_OVER in session.raised:
        return go_on(work)  # the phone goes to and fro: no third proof
    if session.verified:
        work.set(raised=(*session.raised, HANDED_OVER))
        work.set(phase=Phase.IDENTITY, verified=False, identity_step="name", visits=0, detours=())
        if work.session.current is not None:
            work.set(queue=(work.session.current, *work.session.queue), current=None)
    return identity.caregiver(work)


def _deceased(work: Work) -> Step:
    return _unless_unsure(work, MoveKind.DECEASED) or deceased(work)


def deceased(work: Work) -> Step:
    work.say(Phrase.DECEASED)
    work.request(EscalationKind.REQUEST, "家属告知患者已去世，请停止一切随访并由协调员跟进", "deceased")
    return work.end(ContactStatus.WAIVED, AttemptOutcome.DECLINED, "deceased")


def _opt_out(work: Work) -> Step:
    return _unless_unsure(work, MoveKind.OPT_OUT) or opt_out(work)


def opt_out(work: Work) -> Step:
    work.say(Phrase.OPT_OUT)
    return work.end(ContactStatus.DECLINED, AttemptOutcome.DECLINED, "opt_out")


def _unless_unsure(work: Work, grave: MoveKind) -> Step | None:
    """What cannot be taken back is done at once only when it was written or keyed: the ear mistakes worse words."""
    if work.heard.move.confidence >= SURE_ENOUGH and not work.heard.by_ear:
        return None
    work.push(Detour(DetourKind.SURE, grave))
    return resume(work)


def _refuse(work: Work) -> Step:
    """The first no to a question skips it and asks whether to go on; the second ends politely."""
    session = work.session
    if session.phase is Phase.QUESTIONS and not session.asked_permission:
        if session.current is not None and session.answer(session.current) is None:
            work.set(unanswered=(*session.unanswered, session.current), current=None)
        work.set(asked_permission=True)
        work.say(Phrase.GO_ON)
        work.push(Detour(DetourKind.PERMISSION, "refused"))
        return resume(work)
    return refused(work, "refused")


def refused(work: Work, reason: str) -> Step:
    """A no is respected at once."""
    if reason == "want_human":
        work.say(Phrase.HUMAN_END)
    else:
        work.say(Phrase.REFUSED)
    return declined(work, reason)


def declined(work: Work, reason: str) -> Step:
    """The end of a contact that they do not want to go on with."""
    status = ContactStatus.PARTIAL if work.session.answers or reason == "want_human" else ContactStatus.DECLINED
    return work.end(status, AttemptOutcome.DECLINED, reason)


def _want_human(work: Work) -> Step:
    work.request(EscalationKind.REQUEST, "患者要求人工回电", "want_human")
    if transfer.offered(work):
        return transfer.begin(work, MoveKind.WANT_HUMAN)
    if work.session.phase is not Phase.QUESTIONS or work.session.asked_permission:
        work.say(Phrase.WANT_HUMAN)
        return refused(work, "want_human")
    work.say(Phrase.WANT_HUMAN)
    work.set(asked_permission=True)
    work.push(Detour(DetourKind.PERMISSION, "want_human"))
    return resume(work)


def _abuse(work: Work) -> Step:
    work.set(abuses=work.session.abuses + 1)
    if work.session.abuses > 1:
        work.say(Phrase.ABUSE_END)
        status = ContactStatus.PARTIAL if work.session.answers else ContactStatus.DECLINED
        return work.end(status, AttemptOutcome.DECLINED, "abuse")
    work.say(Phrase.ABUSE)
    return go_on(work)


def _fraud(work: Work) -> Step:
    """How to verify us, as often as they doubt, but the call is theirs to end."""
    work.say(Phrase.FRAUD_CALLBACK if work.session.facts.callback else Phrase.FRAUD)
    return go_on(work)


def _greet(work: Work) -> Step:
    work.say(Phrase.GREET)
    return go_on(work)


def _thanks(work: Work) -> Step:
    work.say(Phrase.THANKS)
    return go_on(work)


def _goodbye(work: Work) -> Step:
    """They want to go: what is answered stays, a nurse sees the rest."""
    work.say(Phrase.GOODBYE)
    return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "goodbye")


def _foreign(work: Work) -> Step:
    work.set(foreign=work.session.foreign + 1)
    if work.session.foreign > 1:
        work.say(Phrase.FOREIGN_END)
        work.request(EscalationKind.REQUEST, "患者不说普通话，请人工随访", "foreign")
        return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "foreign")
    work.say(Phrase.FOREIGN)
    return go_on(work)


def permission(work: Work, answer: bool | None, reason: str) -> Step:
    """The answer to "may we go on?": anything but a no goes on once."""
    work.pop(DetourKind.PERMISSION)
    if answer is False:
        return refused(work, reason)
    if work.session.visits >= 6:
        return leave_question(work)
    return go_on(work)


INTERRUPTIONS: Mapping[MoveKind, Handler] = {
    MoveKind.ASK: _asked,
    MoveKind.REPEAT: _repeat,
    MoveKind.SLOWER: _slower,
    MoveKind.LOUDER: _louder,
    MoveKind.WAIT: _wait,
    MoveKind.NOT_NOW: not_now,
    MoveKind.WRONG_PERSON: _wrong_person,
    MoveKind.NUMBER_CHANGED: new_number.begin,
    MoveKind.CAREGIVER: _caregiver,
    MoveKind.DECEASED: _deceased,
    MoveKind.OPT_OUT: _opt_out,
    MoveKind.REFUSE: _refuse,
    MoveKind.WANT_HUMAN: _want_human,
    MoveKind.ABUSE: _abuse,
    MoveKind.SUSPECT_FRAUD: _fraud,
    MoveKind.GREET: _greet,
    MoveKind.THANKS: _thanks,
    MoveKind.GOODBYE: _goodbye,
    MoveKind.FOREIGN: _foreign,
    MoveKind.START: go_on,
}
