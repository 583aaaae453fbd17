"""The engine: session and one turn in, session and reply out. Pure; the clock and every id are arguments.

`step` looks for danger first, then settles whatever is open, then obeys the patient's move, then takes the answer.
identity.py: who is on the line. asking.py: the questions, one after the other. danger.py: the red path.
interruptions.py: every move that is not an answer. corrections.py: numbers read back, answers taken back.
"""

import re
from dataclasses import replace
from datetime import datetime

from agent.dialog import (
    asking,
    corrections,
    danger,
    handed_over,
    hearing,
    held,
    help_wanted,
    identity,
    new_number,
    postponing,
    transfer,
)
from agent.dialog.answer_reading import GIVES_WAY
from agent.dialog.contexts import move_context, reading_context
from agent.dialog.detours import settle_detour
from agent.dialog.held import no_more_of_it
from agent.dialog.interruptions import INTERRUPTIONS, declined, refused
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import ask_identity, resume, said
from agent.dialog.wording import fixed_sentences
from agent.dialog.work import Heard, Work
from agent.model.answer import Answer
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.finding import Reading, Status
from agent.model.move import Move, MoveKind
from agent.model.pathway import Pathway
from agent.model.session import DetourKind, Phase, Session
from agent.model.step import Opening, Step
from agent.model.turn import Expect, Turn, TurnKind

__all__ = ["Heard", "all_sentences", "give_up", "move_context", "open", "reading_context", "step"]

ACKNOWLEDGES = re.compile(r"(?:[嗯哦噢]|好|行|成|中|可以|知道|明白|晓得|了解|[oO][kK]|的|了|吧|嘞|啦)+")
NOTHING_HEARD = Reading("")


def open(opening: Opening, pathway: Pathway, earlier: Session | None = None) -> Step:
    """The robot speaks first. `earlier`: this contact's session of an attempt that broke off, whose answers stand."""
    session = _new_session(opening, pathway).written_by(caregiver=opening.by_caregiver)
    if earlier is not None and earlier.phase is not Phase.RED_FLAG and earlier.end_reason != "red_flag":
        session = replace(
            session,
            answers=_standing(earlier),
            held=earlier.held,
            present=earlier.present,
            raised=earlier.raised,
            queue=_still_ahead(session, earlier, pathway),
        )
    start = Turn("", opening.contact_id, "", opening.channel, TurnKind.START, datetime.min)
    work = Work(session, pathway, Heard(Move(MoveKind.START), NOTHING_HEARD, start, datetime.min))
    work.say(Phrase.GREETING)
    if opening.recording:
        work.say(Phrase.RECORDING)
    if opening.draft:
        work.say(Phrase.DRAFT)
    first = identity.begin(work) if opening.proven else ask_identity(work)
    reply = replace(first.reply, interruptible=False)
    return replace(first, session=replace(first.session, reply=reply), reply=reply)


def step(session: Session, pathway: Pathway, heard: Heard) -> Step:
    """One turn; numbers that still wait for a yes when it ends the talk are kept as unconfirmed."""
    return held.kept(_turn(session, pathway, heard), pathway)


def _turn(session: Session, pathway: Pathway, heard: Heard) -> Step:
    """Danger goes before everything, also before identity and after the end."""
    work = Work(session, pathway, heard)
    _note(work)
    hearing.count(work)
    postponing.tell_of_a_stay(work)
    if heard.turn.kind is TurnKind.HANGUP or heard.kind is MoveKind.HANGUP:
        return _hung_up(work)
    if heard.turn.kind is TurnKind.TRANSFER:
        return handed_over.ended(work)
    if heard.turn.kind is TurnKind.TAKE_OVER:
        return transfer.taken_over(work)
    if session.transferring:
        return transfer.under_way(work)
    if session.phase is Phase.ENDED:
        return danger.after_end(work)
    if session.phase is Phase.RED_FLAG:
        return _in_danger(work)
    if hearing.lost(work):
        return hearing.end(work)
    flag = danger.flag_of(work)
    if flag is not None:
        if session.verified:
            asking.take_answers(work)
        return danger.enter(work, flag)
    doubt = danger.doubt(work)
    if doubt is not None:
        return doubt
    if hearing.answers_nothing(work.heard):
        return asking.put_again(work)
    return asking.after_go_ahead(work) if hearing.lets_go_on(work) else _obey(work)


def give_up(session: Session, pathway: Pathway, reason: str) -> Step:
    """Our side cannot go on: an approved sentence, what is answered is kept, a person must finish the contact."""
    broken = Turn("", session.contact_id, "", session.channel, TurnKind.UNHEARD, datetime.min)
    work = Work(session, pathway, Heard(Move(MoveKind.NONSENSE), NOTHING_HEARD, broken, datetime.min))
    if session.phase is Phase.ENDED:
        return work.reply_ended()
    work.say(Phrase.TECHNICAL)
    return held.kept(work.end(ContactStatus.PARTIAL, AttemptOutcome.TECHNICAL, reason), pathway)


def _new_session(opening: Opening, pathway: Pathway) -> Session:
    node = pathway.nearest(opening.node_day)
    return Session(
        contact_id=opening.contact_id,
        pathway=pathway.id,
        version=pathway.version,
        node_day=node.day,
        channel=opening.channel,
        facts=opening.facts,
        queue=node.questions,
        slower=opening.elder,
    )


def _standing(earlier: Session) -> tuple[Answer, ...]:
    """What nobody confirmed is asked again."""
    return tuple(answer for answer in earlier.answers if not answer.unconfirmed)


def _still_ahead(session: Session, earlier: Session, pathway: Pathway) -> tuple[str, ...]:
    """What was open or led to when the attempt broke off comes first, then the rest of the node."""
    done = {answer.question for answer in _standing(earlier)} | {*earlier.unanswered, pathway.last_question}
    known = (key for key in (*earlier.asked, *earlier.queue) if key in pathway.questions and key not in done)
    return tuple(dict.fromkeys((*known, *session.queue)))


def _note(work: Work) -> None:
    """Remember which symptoms are present and which rules have alarmed."""
    reading = work.heard.reading
    present = {finding.concept for finding in reading.findings if finding.status is Status.PRESENT}
    fired = [alarm.rule for alarm in reading.alarms if not alarm.suppressed]
    work.set(
        present=tuple(sorted({*work.session.present, *present})),
        raised=tuple(dict.fromkeys((*work.session.raised, *fired))),
    )


def _in_danger(work: Work) -> Step:
    """After the advice a correction is kept for the nurse, but nothing said in it calls off the alarm."""
    correcting = work.heard.kind is MoveKind.CORRECT and danger.flag_of(work) is None and work.session.visits < 1
    if not correcting or not corrections.take_correction(work):
        return danger.walk(work)
    work.unsay()
    work.set(visits=1, detours=())
    return danger.noted(work)


def _obey(work: Work) -> Step:
    """What is open first, then the move, then the phase; who needs help is promised it before."""
    help_wanted.note(work)
    detour = work.session.detour
    if detour is not None:
        settled = settle_detour(work, detour)
        if settled is not None:
            return _or_red(work, settled)
    if work.session.phase is Phase.IDENTITY:
        return _identity(work)
    if work.session.phase is Phase.NOTICE:
        return _notice(work)
    if work.session.phase is Phase.CLOSING:
        return _closing(work)
    return _questions(work)


def _or_red(work: Work, usual: Step) -> Step:
    """An answer of this turn that alarmed red goes before whatever was going to be said."""
    if work.red is None or usual.session.phase is Phase.RED_FLAG:
        return usual
    again = Work(work.session, work.pathway, work.heard)
    entered = danger.enter(again, work.red)
    return replace(entered, answers=usual.answers, requests=usual.requests)


def _notice(work: Work) -> Step:
    """Interruptions before consent, a bounded number of them."""
    handler = INTERRUPTIONS.get(work.heard.kind)
    work.set(visits=work.session.visits + 1)
    if work.session.visits > identity.MOST_ROUNDS:
        return refused(work, "no_consent")
    return handler(work) if handler else identity.consent(work)


def _identity(work: Work) -> Step:
    met = identity.first_words(work)
    if met is not None:
        return met
    handler = INTERRUPTIONS.get(work.heard.kind)
    leaves_to_identity = (MoveKind.CAREGIVER, MoveKind.WAIT, MoveKind.GREET, MoveKind.THANKS)
    if handler is None or work.heard.kind in leaves_to_identity or identity.proven(work.session.facts, work.heard):
        return identity.walk(work)
    return identity.one_more_round(work) or handler(work)


def _questions(work: Work) -> Step:
    kind = work.heard.kind
    if kind is MoveKind.SILENCE:
        return asking.silence(work)
    if kind is MoveKind.CORRECT:
        return _or_red(work, corrections.correct(work))
    taken = asking.take_answers(work)
    if work.red is not None:
        return danger.enter(work, work.red)
    if kind in asking.PLAIN | {MoveKind.NOT_NOW} and postponing.admitted(work):
        return postponing.readmitted(work)
    handler = INTERRUPTIONS.get(kind)
    if handler is not None and not (taken.settled and kind in GIVES_WAY):
        return handler(work)
    if work.question is None:
        return asking.go_on(work)  # a doubt settled by itself while they were asked whether to go on
    if taken.pending:
        half = work.session.detour is not None and work.session.detour.kind is DetourKind.HALF
        return asking.leave_question(work, quietly=True) if half and no_more_of_it(work) else resume(work)
    if taken.settled:
        return danger.other_half(work) or asking.advance(work)
    if taken.others:
        return asking.go_on(work)
    if not work.heard.turn.question_heard:
        return asking.put_again(work)
    return asking.not_answered(work)


def _closing(work: Work) -> Step:
    """After the last question: their own questions are answered, anything else is kept, then goodbye."""
    kind, question = work.heard.kind, work.question
    if work.session.visits >= 4 or question is None:
        return asking.finish(work)
    if work.heard.turn.kind is TurnKind.UNHEARD:
        return hearing.last_words(work)
    if kind in asking.PLAIN and postponing.admitted(work):
        postponing.tell_of_admission(work)
    if kind in (MoveKind.SILENCE, MoveKind.THANKS, MoveKind.GOODBYE, MoveKind.REFUSE, MoveKind.DENY):
        return asking.finish(work)
    if kind is MoveKind.CORRECT:
        return corrections.correct(work)
    if kind in INTERRUPTIONS:
        return INTERRUPTIONS[kind](work)
    answer = said(work)
    if answer is False:
        return asking.finish(work)
    if answer and work.session.visits > 1 and ACKNOWLEDGES.fullmatch(work.heard.turn.text.strip("。，！ ")):
        return asking.finish(work)
    if answer and not work.heard.reading.findings and len(work.heard.turn.text) <= 4:
        work.say(Phrase.SPEAK)
        work.set(visits=work.session.visits + 1)
        return work.reply(Expect.FREE_TEXT)
    taken = asking.take_answers(work)
    if taken.settled:
        work.say(Phrase.NOTED)
    return asking.finish(work)


def _hung_up(work: Work) -> Step:
    """The line is gone: nothing is said, what is open is settled for the record."""
    session = work.session
    if session.phase is Phase.ENDED:
        return work.reply_ended()
    if session.transferring:
        return handed_over.left(work)
    detour = session.detour
    if detour is not None and detour.kind is DetourKind.CONFIRM:
        danger.unsettled(work, detour)
    if detour is not None and detour.kind is DetourKind.SURE and detour.value == MoveKind.DECEASED:
        work.request(EscalationKind.REQUEST, "家属可能说到患者已去世，没有问清，请先核实再联系", "deceased_unsure")
    if session.phase is Phase.RED_FLAG:
        return work.end(ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, "red_flag")
    if detour is not None and detour.kind in new_number.KINDS:
        new_number.note(work)
    if session.phase is Phase.CLOSING:
        return work.end(ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, "completed")
    if detour is not None and detour.kind is DetourKind.POSTPONE:
        return work.end(ContactStatus.DUE, AttemptOutcome.POSTPONED, detour.value)
    if detour is not None and detour.kind is DetourKind.PERMISSION:
        return declined(work, detour.value)
    return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "hung_up")


def all_sentences(pathway: Pathway, opening: Opening) -> list[str]:
    """Every fixed sentence the robot may say in this contact, most likely first, for rendering ahead."""
    return fixed_sentences(pathway, _new_session(opening, pathway))
