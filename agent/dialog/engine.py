"""The engine: session and one turn in, session and reply out. Pure; the clock and every id are arguments.

engine.step      triage's danger first, then whatever is open, then the patient's move, then the answer
identity.py      who is on the line            asking.py        the questions, one after the other
danger.py        the red path                  interruptions.py every move that is not an answer
corrections.py   numbers read back, answers taken back
"""

from dataclasses import replace
from datetime import datetime

from agent.dialog import asking, corrections, danger, identity
from agent.dialog.answer_reading import cannot_tell
from agent.dialog.interruptions import INTERRUPTIONS, deceased, not_now, opt_out, permission, refused
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import ask_identity, resume, said
from agent.dialog.wording import fixed_sentences, reach
from agent.dialog.work import Heard, Work
from agent.model.answer import AnswerType
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.finding import Reading, Status
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.pathway import Pathway
from agent.model.reading_context import Limit, ReadingContext, RedFlagRule
from agent.model.session import Detour, DetourKind, Facts, Phase, Session
from agent.model.step import End, Opening, Request, Step
from agent.model.turn import Expect, Turn, TurnKind

__all__ = [
    "End",
    "Opening",
    "Request",
    "Step",
    "all_sentences",
    "give_up",
    "move_context",
    "open",
    "reading_context",
    "step",
]

NOTHING_HEARD = Reading("")


def open(opening: Opening, pathway: Pathway) -> Step:
    """The robot speaks first: who calls, that it is recorded, whom it asks for. Raises KeyError for an unknown node."""
    session = _new_session(opening, pathway)
    start = Turn("", opening.contact_id, "", opening.channel, TurnKind.START, datetime.min)
    work = Work(session, pathway, Heard(Move(MoveKind.START), NOTHING_HEARD, start, datetime.min))
    work.say(Phrase.GREETING if opening.channel is Channel.PHONE else Phrase.GREETING_CHAT)
    if opening.recording:
        work.say(Phrase.RECORDING)
    if opening.draft:
        work.say(Phrase.DRAFT)
    first = ask_identity(work)
    reply = replace(first.reply, interruptible=False)
    return replace(first, session=replace(first.session, reply=reply), reply=reply)


def step(  # noqa: PLR0913  the six things one turn is made of, each from another hand
    session: Session, pathway: Pathway, move: Move, reading: Reading, turn: Turn, now: datetime
) -> Step:
    """One turn. Danger goes before everything, also before identity and after the end."""
    work = Work(session, pathway, Heard(move, reading, turn, now))
    _note(work)
    if turn.kind is TurnKind.HANGUP or move.kind is MoveKind.HANGUP:
        return _hung_up(work)
    if session.phase is Phase.ENDED:
        return danger.after_end(work)
    if session.phase is Phase.RED_FLAG:
        return danger.walk(work)
    flag = danger.flag_of(work)
    if flag is not None:
        if session.verified:
            asking.take_answers(work)
        return danger.enter(work, flag)
    doubt = danger.doubt(work)
    return doubt if doubt is not None else _obey(work)


def give_up(session: Session, pathway: Pathway, reason: str) -> Step:
    """Our side cannot go on: an approved sentence, what is answered is kept, a person must finish the contact."""
    broken = Turn("", session.contact_id, "", session.channel, TurnKind.UNHEARD, datetime.min)
    work = Work(session, pathway, Heard(Move(MoveKind.NONSENSE), NOTHING_HEARD, broken, datetime.min))
    if session.phase is Phase.ENDED:
        return work.reply_ended()
    work.say(Phrase.TECHNICAL)
    return work.end(ContactStatus.PARTIAL, AttemptOutcome.TECHNICAL, reason)


def _new_session(opening: Opening, pathway: Pathway) -> Session:
    facts = Facts(
        name=opening.name,
        title=opening.title,
        birth_year=opening.birth_year,
        id_last4=opening.id_last4,
        phone_last4=opening.phone_last4,
        sex=opening.sex,
        caregiver=opening.caregiver,
        hospital=opening.hospital,
        department=opening.department,
        callback=opening.callback,
        next_contact=opening.next_contact.isoformat() if opening.next_contact else "",
    )
    node = pathway.node(opening.node_day)
    return Session(
        contact_id=opening.contact_id,
        pathway=pathway.id,
        version=pathway.version,
        node_day=opening.node_day,
        channel=opening.channel,
        facts=facts,
        queue=node.questions,
    )


def _note(work: Work) -> None:
    """Remember which symptoms are present and which rules have alarmed."""
    reading = work.heard.reading
    present = {finding.concept for finding in reading.findings if finding.status is Status.PRESENT}
    fired = [alarm.rule for alarm in reading.alarms if not alarm.suppressed]
    work.set(
        present=tuple(sorted({*work.session.present, *present})),
        raised=tuple(dict.fromkeys((*work.session.raised, *fired))),
    )


def _obey(work: Work) -> Step:
    """What is open first, then the move, then the phase."""
    detour = work.session.detour
    if detour is not None:
        settled = _settle_detour(work, detour)
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
    handler = INTERRUPTIONS.get(work.heard.kind)
    leaves_to_identity = (MoveKind.CAREGIVER, MoveKind.WAIT, MoveKind.GREET, MoveKind.THANKS)
    if handler is None or work.heard.kind in leaves_to_identity or identity.proven(work.session.facts, work.heard):
        return identity.walk(work)
    work.set(visits=work.session.visits + 1)
    return identity.fail(work) if work.session.visits > identity.MOST_ROUNDS else handler(work)


def _questions(work: Work) -> Step:
    kind = work.heard.kind
    if kind is MoveKind.SILENCE:
        return asking.silence(work)
    if kind is MoveKind.CORRECT:
        return _or_red(work, corrections.correct(work))
    taken = asking.take_answers(work)
    if work.red is not None:
        return danger.enter(work, work.red)
    handler = INTERRUPTIONS.get(kind)
    if handler is not None and not (taken.settled and kind in (MoveKind.THANKS, MoveKind.GREET)):
        return handler(work)
    if taken.pending:
        return resume(work)
    if taken.settled:
        return asking.advance(work)
    if taken.others:
        return asking.go_on(work)
    return asking.cannot_say(work) if cannot_tell(work.question, work.heard) else asking.miss(work)


def _closing(work: Work) -> Step:
    """After the last question: their own questions are answered, anything else is kept, then goodbye."""
    kind, question = work.heard.kind, work.question
    if work.session.visits >= 4 or question is None:
        return asking.finish(work)
    if kind in (MoveKind.SILENCE, MoveKind.THANKS, MoveKind.GOODBYE, MoveKind.REFUSE, MoveKind.DENY):
        return asking.finish(work)
    if kind is MoveKind.CORRECT:
        return corrections.correct(work)
    if kind in INTERRUPTIONS:
        return INTERRUPTIONS[kind](work)
    answer = said(work)
    if answer is False:
        return asking.finish(work)
    if answer and not work.heard.reading.findings and len(work.heard.turn.text) <= 4:
        work.say(Phrase.SPEAK)
        work.set(visits=work.session.visits + 1)
        return work.reply(Expect.FREE_TEXT)
    taken = asking.take_answers(work)
    if taken.settled:
        work.say(Phrase.NOTED)
    return asking.finish(work)


def _settle_detour(work: Work, detour: Detour) -> Step | None:
    """What stands in between; None lets the turn go on to the open question."""
    kind = work.heard.kind
    if detour.kind is DetourKind.WAITING:
        return _back_from_waiting(work)
    if detour.kind is DetourKind.CONFIRM:
        return danger.settle_doubt(work, detour) or asking.go_on(work)
    if detour.kind is DetourKind.SURE:
        return _grave(work, detour)
    if detour.kind is DetourKind.PERMISSION:
        stays = kind in INTERRUPTIONS and kind not in (MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.THANKS)
        if stays:
            return None
        denied = kind in (MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.SILENCE)
        return permission(work, False if denied else said(work), detour.value)
    if detour.kind is DetourKind.POSTPONE:
        return None if kind in (MoveKind.OPT_OUT, MoveKind.REFUSE, MoveKind.DECEASED) else not_now(work)
    if kind in INTERRUPTIONS:
        return None
    if kind is MoveKind.SILENCE:
        return asking.silence(work)
    settler = corrections.settle_read_back if detour.kind is DetourKind.READ_BACK else corrections.settle_half
    return settler(work, detour)


def _back_from_waiting(work: Work) -> Step | None:
    work.pop(DetourKind.WAITING)
    if work.heard.kind in (MoveKind.SILENCE, MoveKind.GREET) and not work.heard.reading.measurements:
        work.set(silences=work.session.silences + (work.heard.kind is MoveKind.SILENCE))
        if work.session.silences > 3:
            return asking.silence(work)
        work.say(Phrase.WAIT_BACK)
        return resume(work)
    return None


def _grave(work: Work, detour: Detour) -> Step | None:
    """The patient has died, or never call again: done only when confirmed."""
    work.pop(DetourKind.SURE)
    if said(work) or work.heard.kind == detour.value:
        return deceased(work) if detour.value == MoveKind.DECEASED else opt_out(work)
    if work.heard.kind in (MoveKind.DENY, MoveKind.SILENCE) or said(work) is False:
        return asking.go_on(work)
    return None


def _hung_up(work: Work) -> Step:
    """The line is gone: nothing is said, what is open is settled for the record."""
    session = work.session
    if session.phase is Phase.ENDED:
        return work.reply_ended()
    detour = session.detour
    if detour is not None and detour.kind is DetourKind.CONFIRM:
        danger.unsettled(work, detour)
    if session.phase is Phase.RED_FLAG:
        return work.end(ContactStatus.PARTIAL, AttemptOutcome.RED_FLAG, "red_flag")
    if session.phase is Phase.CLOSING:
        return work.end(ContactStatus.COMPLETED, AttemptOutcome.COMPLETED, "completed")
    if detour is not None and detour.kind is DetourKind.POSTPONE:
        return work.end(work.unfinished(), AttemptOutcome.POSTPONED, "postponed")
    if detour is not None and detour.kind is DetourKind.PERMISSION:
        return refused(work, detour.value)
    return work.end(work.unfinished(), AttemptOutcome.HUNG_UP, "hung_up")


def reading_context(session: Session, pathway: Pathway) -> ReadingContext:
    """What triage may know of the moment: the sentence being answered, what it asks about, the pathway's rules."""
    asked: tuple[str, ...] = ()
    measurements: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    said_last = session.reply.sentences if session.reply else ()
    sentence = said_last[-1] if said_last else ""
    question = pathway.questions.get(session.current or "")
    detour = session.detour
    if detour is not None and detour.kind is DetourKind.CONFIRM:
        asked, sentence = (detour.value,), pathway.confirms.get(detour.value, sentence)
    elif question is not None and (detour is None or detour.kind in (DetourKind.READ_BACK, DetourKind.HALF)):
        measurements = question.measurements
        if detour is not None and detour.kind is DetourKind.HALF:
            measurements = ("systolic",) if detour.value.startswith("/") else ("diastolic",)
        if detour is None:
            asked, sentence = question.asks, question.wording.voice
            options = tuple(choice.label for choice in question.options)
    elif session.phase is Phase.IDENTITY:
        measurements = ("year", "age")
    return ReadingContext(
        question=sentence,
        asked=asked,
        measurements=measurements,
        options=options,
        earlier=frozenset(session.present),
        limits=_limits(session, pathway),
        rules=tuple(
            RedFlagRule(flag.id, flag.concepts, flag.level, flag.reason) for flag in pathway.red_flags if flag.needs_all
        ),
    )


def _limits(session: Session, pathway: Pathway) -> tuple[Limit, ...]:
    """The open question's limits; those of the node's other questions for what it does not measure itself."""
    current = pathway.questions.get(session.current or "")
    own = current.limits if current is not None else ()
    measured = {limit.measurement for limit in own}
    others = [pathway.questions[key] for key in reach(pathway, pathway.node(session.node_day).questions)]
    return (
        *own,
        *(
            limit
            for other in others
            for limit in other.limits
            if limit.measurement not in measured and other != current
        ),
    )


def move_context(session: Session, pathway: Pathway, reading: Reading) -> MoveContext:
    """What the decider may know beside the words, free of patient data."""
    question = pathway.questions.get(session.current or "")
    detour = session.detour
    expect = session.reply.expect if session.reply else Expect.NOTHING
    if question is not None and question.type is AnswerType.FREE_TEXT and detour is None:
        expect = Expect.FREE_TEXT
    return MoveContext(
        question=session.current,
        expect=expect,
        phase=detour.kind if detour is not None else session.phase,
        polarity=reading.polarity,
        has_measurement=bool(reading.measurements),
        has_finding=bool(reading.findings),
    )


def all_sentences(pathway: Pathway, opening: Opening) -> list[str]:
    """Every fixed sentence the robot may say in this contact, most likely first, for rendering ahead."""
    return fixed_sentences(pathway, _new_session(opening, pathway))
