"""What stands between the patient and the open question, and how a turn settles it."""

from agent.dialog import asking, corrections, danger, new_number
from agent.dialog.interruptions import INTERRUPTIONS, deceased, opt_out, permission, refused
from agent.dialog.phrases import Phrase
from agent.dialog.postponing import not_now
from agent.dialog.prompts import resume, said
from agent.dialog.work import Work
from agent.model.move import MoveKind
from agent.model.session import Detour, DetourKind
from agent.model.step import Step

RESUMED = frozenset({DetourKind.READ_BACK, DetourKind.HALF, DetourKind.PERMISSION})  # put again after an interruption
_SAY_AGAIN = frozenset({MoveKind.REPEAT, MoveKind.SLOWER, MoveKind.LOUDER})


def settle_detour(work: Work, detour: Detour) -> Step | None:
    """What stands in between; None lets the turn go on to the open question."""
    kind = work.heard.kind
    takes_back = kind is MoveKind.CORRECT and detour.kind is DetourKind.PERMISSION
    if takes_back or (kind in INTERRUPTIONS and detour.kind in RESUMED):
        work.set(visits=work.session.visits + 1)
        if work.session.visits > asking.MOST_VISITS:
            return _given_up(work, detour)
    if detour.kind is DetourKind.WAITING:
        return _back_from_waiting(work)
    if detour.kind is DetourKind.CONFIRM:
        return None if _said_again(work, detour) else danger.settle_doubt(work, detour) or asking.go_on(work)
    if detour.kind is DetourKind.SURE:
        return _grave(work, detour)
    if detour.kind is DetourKind.PERMISSION:
        stays = kind in INTERRUPTIONS and kind not in (MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.THANKS)
        if stays or takes_back:
            return None  # 前面那个我说反了 answers no "may we go on?"
        denied = kind in (MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.SILENCE)
        return permission(work, False if denied else said(work), detour.value)
    if detour.kind is DetourKind.POSTPONE:
        return None if kind in (MoveKind.OPT_OUT, MoveKind.REFUSE, MoveKind.DECEASED) else not_now(work)
    if detour.kind in new_number.KINDS:
        return _telling_a_number(work, detour)
    if kind in INTERRUPTIONS:
        return None
    if kind is MoveKind.SILENCE:
        return asking.silence(work)
    settler = corrections.settle_read_back if detour.kind is DetourKind.READ_BACK else corrections.settle_half
    return settler(work, detour)


def _said_again(work: Work, detour: Detour) -> bool:
    """ "Slower" or "pardon" to the half that was left out: it is put again, a bounded number of times."""
    again = bool(detour.question) and work.heard.kind in _SAY_AGAIN and work.session.visits < asking.MOST_VISITS
    if again:
        work.set(visits=work.session.visits + 1)
    return again


def _given_up(work: Work, detour: Detour) -> Step:
    """Interrupted time and again while something small was being cleared up."""
    if detour.kind is DetourKind.PERMISSION:
        return refused(work, detour.value)
    work.pop(DetourKind.HALF, DetourKind.READ_BACK)
    return asking.leave_question(work)


def _telling_a_number(work: Work, detour: Detour) -> Step | None:
    """What stops all contact goes before the number, and is sure when it was said time and again; a second silence
    leaves the number."""
    work.set(visits=work.session.visits + 1)
    if work.heard.kind in (MoveKind.DECEASED, MoveKind.OPT_OUT):
        work.pop(*new_number.KINDS)
        return _stopped(work, work.heard.kind) if work.session.visits > asking.MOST_VISITS else None
    if work.heard.kind is MoveKind.SILENCE:
        work.set(silences=work.session.silences + 1)
        if work.session.silences < 2:
            return resume(work)
    if work.heard.kind is MoveKind.SILENCE or work.session.visits > asking.MOST_VISITS:
        work.pop(*new_number.KINDS)
        return new_number.leave(work)
    return new_number.settle(work, detour)


def _back_from_waiting(work: Work) -> Step | None:
    work.pop(DetourKind.WAITING)
    if work.heard.kind in (MoveKind.SILENCE, MoveKind.GREET) and not work.heard.reading.measurements:
        work.set(silences=work.session.silences + (work.heard.kind is MoveKind.SILENCE))
        if work.session.silences > 3:
            return asking.silence(work)
        work.say(Phrase.WAIT_BACK)
        return resume(work)
    return None


def _stopped(work: Work, grave: str) -> Step:
    return deceased(work) if grave == MoveKind.DECEASED else opt_out(work)


def _grave(work: Work, detour: Detour) -> Step | None:
    """The patient has died, or never call again: done only when confirmed."""
    work.pop(DetourKind.SURE)
    if said(work) or work.heard.kind == detour.value:
        return _stopped(work, detour.value)
    if work.heard.kind in (MoveKind.DENY, MoveKind.SILENCE) or said(work) is False:
        return asking.go_on(work)
    return None
