"""A patient who hung up in the middle, or was not heard any more, gets the way into the chat, which goes on at the same
question; the call back comes later, unless the chat was faster."""

from collections.abc import Sequence

from agent.model.clock import Now
from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.schedule.ports import Invitations
from agent.store.ports import Duplicate, Store

UNFINISHED = (ContactStatus.DUE, ContactStatus.PARTIAL)


class GoingOn:
    def __init__(self, store: Store, invitations: Invitations, now: Now) -> None:
        self._store, self._invitations, self._now = store, invitations, now

    async def contact_changed(self, contact_id: str) -> None:
        """Safe to repeat: the message has the attempt's own id."""
        async with self._store.transaction(write=False) as records:
            if not _broke_off(await records.attempts(contact_id=contact_id)):
                return
        try:
            async with self._store.transaction() as records:
                contact = await records.contact(contact_id)
                attempts = await records.attempts(contact_id=contact_id)
                if contact.status not in UNFINISHED or not _broke_off(attempts):
                    return
                answered, silent = bool(await records.answers(contact_id)), attempts[-1].detail == "silence"
                if not (answered or silent):
                    return  # nothing to go on from: the call back begins anew
                patient = await records.patient(contact.patient_id)
                message_id = f"go-on-{attempts[-1].id}"
                message = self._invitations.link(message_id, contact, patient, self._now(), going_on=answered)
                if message is not None:
                    await records.add_message(await self._invitations.nearest(records, message))
        except Duplicate:
            return  # it was told twice


def _broke_off(attempts: Sequence[Attempt]) -> bool:
    """The last of them, a call, was ended by the patient."""
    last = attempts[-1] if attempts else None
    return last is not None and last.channel is Channel.PHONE and last.outcome is AttemptOutcome.HUNG_UP
