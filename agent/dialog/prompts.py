"""How each open thing is asked: the identity, a read-back, a doubt, the question itself."""

from agent.dialog.phrases import Phrase
from agent.dialog.telephone_numbers import spoken_in_groups
from agent.dialog.wording import YES_NO, doubt_text, value_words
from agent.dialog.work import PATIENT_AWAY, WAIT_SECONDS, Work
from agent.model.contact import Channel
from agent.model.finding import Polarity
from agent.model.move import MoveKind
from agent.model.pathway import Respondent
from agent.model.session import Detour, DetourKind, Phase, Session
from agent.model.step import Step
from agent.model.turn import Expect, TurnKind


def said(work: Work) -> bool | None:
    """A yes or no to whatever was just asked; triage's reading of the words goes before the move."""
    heard = work.heard
    if heard.turn.kind is TurnKind.DIGITS:
        return {"1": True, "2": False}.get(heard.turn.text.strip().rstrip("#"))
    match heard.reading.polarity:
        case Polarity.YES:
            return True
        case Polarity.NO:
            return False
    return {MoveKind.AFFIRM: True, MoveKind.DENY: False}.get(heard.kind)


def resume(work: Work) -> Step:
    """Ask again what is open, in short form."""
    detour = work.session.detour
    if detour is not None:
        return DETOURS[detour.kind](work, detour)
    if work.session.phase is Phase.IDENTITY:
        return ask_identity(work)
    if work.session.phase is Phase.NOTICE:
        return ask_consent(work)
    return work.put("short")


def ask_identity(work: Work, *, again: bool = False) -> Step:
    """Name, hand-over or proof, whichever step the identity is at."""
    session = work.session
    if session.identity_step == "proof":
        work.say(proof_phrase(session))
        if session.by_keys:
            work.say(Phrase.PROOF_KEYS)
        return work.reply(Expect.IDENTITY)
    if session.identity_step == "handover":
        work.say(Phrase.ASK_PATIENT_THERE)
    elif work.pathway.respondent is Respondent.PARENT:
        work.say(Phrase.ASK_PARENT)
    else:
        work.say(Phrase.ASK_PERSON_AGAIN if again else Phrase.ASK_PERSON)
    return work.reply(Expect.YES_NO, choices=YES_NO)


def proof_phrase(session: Session) -> Phrase:
    facts = session.facts
    if facts.birth_year is not None:
        return Phrase.ASK_BIRTH_YEAR
    return Phrase.ASK_ID if facts.id_last4 else Phrase.ASK_PHONE


def ask_consent(work: Work) -> Step:
    work.say(Phrase.CONSENT)
    return work.reply(Expect.YES_NO, choices=YES_NO)


def confirm_text(work: Work, detour: Detour) -> str:
    """The question that settles a doubt about one concept, or asks for the half of a question that was left out."""
    return doubt_text(work.pathway, detour) or work.pathway.phrases[Phrase.CONFIRM_OTHER][0]


def _read_back(work: Work, detour: Detour) -> Step:
    work.say(Phrase.READ_BACK)
    written = work.session.channel is not Channel.PHONE
    work.say_text(*value_words(work.pathway.questions[detour.question], _value(detour), written=written))
    work.say(Phrase.READ_BACK_RIGHT)
    return work.reply(Expect.YES_NO, choices=YES_NO)


def _value(detour: Detour) -> str | float:
    """A read-back is kept as text; a plain number becomes one again."""
    try:
        return float(detour.value)
    except ValueError:
        return detour.value


def _half(work: Work, detour: Detour) -> Step:
    if detour.value.startswith("/"):
        return work.put("elder")
    work.say(Phrase.OTHER_PRESSURE)
    return work.reply(Expect.NUMBER)


def _confirm(work: Work, detour: Detour) -> Step:
    work.say_text(confirm_text(work, detour))
    return work.reply(Expect.YES_NO, choices=YES_NO)


def _permission(work: Work, detour: Detour) -> Step:
    work.say(Phrase.PERMISSION)
    return work.reply(Expect.YES_NO, choices=YES_NO)


def _waiting(work: Work, detour: Detour) -> Step:
    return work.reply(Expect.FREE_TEXT, seconds=WAIT_SECONDS)


def _postpone(work: Work, detour: Detour) -> Step:
    work.say(Phrase.ASK_WHEN_THERE if detour.value == PATIENT_AWAY else Phrase.ASK_WHEN)
    return work.reply(Expect.FREE_TEXT)


def _sure(work: Work, detour: Detour) -> Step:
    work.say(Phrase.SURE_DECEASED if detour.value == MoveKind.DECEASED else Phrase.SURE_OPT_OUT)
    return work.reply(Expect.YES_NO, choices=YES_NO)


def _new_number(work: Work, detour: Detour) -> Step:
    if detour.value:
        return go_on_listening(work)
    work.say(Phrase.ASK_NEW_NUMBER)
    return work.reply(Expect.NUMBER)


def go_on_listening(work: Work) -> Step:
    """Part of a number was told."""
    work.say(Phrase.MORE_DIGITS)
    return work.reply(Expect.NUMBER)


def _new_number_right(work: Work, detour: Detour) -> Step:
    work.say(Phrase.READ_BACK)
    work.say_text(spoken_in_groups(detour.value))
    work.say(Phrase.READ_BACK_RIGHT)
    return work.reply(Expect.YES_NO, choices=YES_NO)


DETOURS = {
    DetourKind.NEW_NUMBER: _new_number,
    DetourKind.NEW_NUMBER_RIGHT: _new_number_right,
    DetourKind.READ_BACK: _read_back,
    DetourKind.HALF: _half,
    DetourKind.CONFIRM: _confirm,
    DetourKind.PERMISSION: _permission,
    DetourKind.WAITING: _waiting,
    DetourKind.POSTPONE: _postpone,
    DetourKind.SURE: _sure,
}
