"""What triage and the decider may know of the moment an utterance was said. Pure."""

from agent.dialog import go_ahead
from agent.dialog.answer_reading import BARE
from agent.dialog.beside import answers_another, sighs_at
from agent.dialog.options import option_in_words
from agent.dialog.wording import doubt_text, reach
from agent.model.answer import AnswerType
from agent.model.finding import Polarity, Reading
from agent.model.move import MoveContext
from agent.model.pathway import Choice, Pathway, Question
from agent.model.reading_context import Limit, ReadingContext, RedFlagRule
from agent.model.session import DetourKind, Phase, Session
from agent.model.turn import Expect

_EITHER, _ONLY_YES = frozenset({Polarity.YES, Polarity.NO}), frozenset({Polarity.YES})
BY_SOUND = {  # a no costs nothing where a number is read back; elsewhere it ends the talk or dismisses a danger
    DetourKind.READ_BACK: _EITHER,
    DetourKind.NEW_NUMBER_RIGHT: _EITHER,
    DetourKind.CONFIRM: _ONLY_YES,
    DetourKind.PERMISSION: _ONLY_YES,
}
NUMBER_DETOURS = (DetourKind.READ_BACK, DetourKind.HALF, DetourKind.WAITING)


def reading_context(
    session: Session, pathway: Pathway, text: str = "", *, question_heard: bool = True
) -> ReadingContext:
    """What triage may know of the moment: the sentence being answered, what it asks about, the pathway's rules.
    A question that was not heard, or met with a mere "go on", is not being answered: a bare no denies nothing then."""
    asked: tuple[str, ...] = ()
    measurements: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    said_last = session.reply.sentences if session.reply else ()
    sentence = said_last[-1] if said_last else ""
    question = pathway.questions.get(session.current or "")
    detour = session.detour
    if detour is not None and detour.kind is DetourKind.CONFIRM:
        asked, sentence = (detour.value,), doubt_text(pathway, detour) or sentence
        if sighs_at(pathway, detour.value, text):
            asked = ()
    elif question is not None and (detour is None or detour.kind in NUMBER_DETOURS):
        measurements = question.measurements
        if detour is not None and detour.kind is DetourKind.HALF:
            measurements = ("systolic",) if detour.value.startswith("/") else ("diastolic",)
        if detour is None or detour.kind is DetourKind.WAITING:
            asked, sentence = question.asks, question.wording.voice
            options = tuple(choice.label for choice in question.options)
            choices = _tells_which(question, pathway)
    elif session.phase is Phase.IDENTITY:
        measurements = ("year", "age")
    if answers_another(sentence, text):
        asked = ()
    if not question_heard or go_ahead.nothing_but(text, session, pathway):
        asked, measurements, options, sentence = (), (), (), ""
    return ReadingContext(
        question=sentence,
        asked=asked,
        measurements=measurements,
        options=options,
        earlier=frozenset(session.present),
        limits=_limits(session, pathway),
        caregiver=session.caregiver,
        which_next=bool(choices),
        which_told=option_in_words(choices, text) is not None,
        by_sound=_by_sound(session) if question_heard else frozenset(),
        rules=tuple(
            RedFlagRule(flag.id, flag.concepts, flag.level, flag.reason) for flag in pathway.red_flags if flag.needs_all
        ),
    )


def _by_sound(session: Session) -> frozenset[Polarity]:
    if session.detour is not None:
        return BY_SOUND.get(session.detour.kind, frozenset())
    named = session.phase is Phase.IDENTITY and session.identity_step == "name"
    return _ONLY_YES if named or session.phase is Phase.NOTICE else frozenset()


def _tells_which(question: Question, pathway: Pathway) -> tuple[Choice, ...]:
    """The options of the choice between what was asked, in this question or the ones a yes leads to: 有 alone chooses
    none of them."""
    followed = (pathway.questions[key] for branch in question.branches for key in branch.ask)
    return tuple(option for each in (question, *followed) if each.type is AnswerType.CHOICE for option in each.options)


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
            if limit.measurement not in measured | BARE and other != current
        ),
    )


def names_a_symptom(reading: Reading) -> bool:
    """True when the words themselves name one: a bare yes or no, which triage puts down to what was asked, does not."""
    put_down = {concept for concept, _ in reading.asked}
    return any(not (one.concept in put_down and one.surface == reading.text) for one in reading.findings)


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
        has_finding=names_a_symptom(reading),
        pathway=pathway.id,
        sentence="" if session.phase is Phase.IDENTITY else reading_context(session, pathway).question,
    )
