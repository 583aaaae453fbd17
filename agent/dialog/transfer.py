"""Handing a living call over to a nurse's telephone."""

from agent.dialog.phrases import Phrase
from agent.dialog.work import Work
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
from agent.model.move import MoveKind
from agent.model.session import Phase
from agent.model.step import Step
from agent.model.turn import Expect

TRIED = "transfer_not_taken"  # mark of a session whose nurse did not come to the telephone


def offered(work: Work) -> bool:
    """A nurse's line is configured and staffed at this hour, and was not tried in vain in this contact."""
    session, hour = work.session, work.heard.now.astimezone(HOSPITAL_ZONE).hour
    staffed = session.facts.nurse_from <= hour < session.facts.nurse_until
    return session.channel is Channel.PHONE and staffed and TRIED not in session.raised


def begin(work: Work, reason: str) -> Step:
    """Says so and asks the channel to connect; the nurse's card is committed with this very turn."""
    work.say(Phrase.TRANSFER)
    work.set(transferring=reason)
    return work.transfer(reason)


def taken_over(work: Work) -> Step:
    """A nurse wants this call on her own telephone, at whatever hour; before, in and after any question."""
    if work.session.phase is Phase.ENDED:
        return work.reply_ended()
    return under_way(work) if work.session.transferring else begin(work, MoveKind.TAKE_OVER)


def under_way(work: Work) -> Step:
    """Whatever is said while the nurse's telephone rings is kept, and read for danger; nothing is answered."""
    return work.reply(Expect.NOTHING, interruptible=False)
