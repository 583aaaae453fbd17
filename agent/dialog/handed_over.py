"""What a transfer came to: a nurse has spoken with the patient, nobody took it, or the patient did not wait."""

from agent.dialog import danger
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import resume
from agent.dialog.transfer import TRIED
from agent.dialog.work import Work
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.session import Detour, DetourKind, Phase
from agent.model.step import Step, TransferState
from agent.model.turn import TRANSFER_TAKEN


def ended(work: Work) -> Step:
    """The carrier's word on the nurse's telephone. Said twice, it changes nothing."""
    if not work.session.transferring:
        return work.reply_ended()
    reason = work.session.transferring
    work.set(transferring="")
    if work.heard.turn.text == TRANSFER_TAKEN:
        step = work.end(ContactStatus.PARTIAL, AttemptOutcome.TRANSFERRED, "transferred")
        return work.marked(step, TransferState.TAKEN)
    work.set(raised=(*work.session.raised, TRIED))
    work.say(Phrase.TRANSFER_NOT_TAKEN)
    if reason == MoveKind.TAKE_OVER:
        work.request(EscalationKind.REQUEST, "护士接管时电话没有接通，已承诺回电", reason)
    return work.marked(_goes_on(work, reason), TransferState.NOT_TAKEN)


def _goes_on(work: Work, reason: str) -> Step:
    """A callback was promised: danger asks its closing questions, anybody else is asked whether to go on."""
    session = work.session
    if session.phase is Phase.RED_FLAG:
        return danger.go_on(work)
    if session.phase is not Phase.QUESTIONS or session.asked_permission:
        work.say(Phrase.HUMAN_END)
        return work.end(ContactStatus.PARTIAL, AttemptOutcome.DECLINED, TRIED)
    work.set(asked_permission=True)
    work.push(Detour(DetourKind.PERMISSION, reason))
    return resume(work)


def left(work: Work) -> Step:
    """The patient hung up while the nurse's telephone rang."""
    danger_stands = work.session.phase is Phase.RED_FLAG
    outcome = AttemptOutcome.RED_FLAG if danger_stands else AttemptOutcome.HUNG_UP
    work.set(transferring="")
    return work.marked(work.end(ContactStatus.PARTIAL, outcome, "transfer_left"), TransferState.LEFT)
