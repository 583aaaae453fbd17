"""Handing a living call over to a nurse's telephone."""

from agent.dialog.phrases import Phrase
from agent.dialog.work import Work
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Channel
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


def under_way(work: Work) -> Step:
    """Whatever is said while the nurse's telephone rings is kept, and read for danger; nothing is answered."""
    return work.reply(Expect.NOTHING, interruptible=False)
