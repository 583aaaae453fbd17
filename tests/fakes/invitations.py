"""Invitations in plain words, over SMS; `reach` False: no message reaches anybody."""

from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import Channel, Contact
from agent.model.message import Message, MessageKind
from agent.model.people import Patient
from agent.store.ports import Records


@dataclass
class PlainInvitations:
    reach: bool = True

    def link(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, *, going_on: bool
    ) -> Message | None:
        return self._message(message_id, contact, patient, now, MessageKind.LINK)

    def warm_up(self, message_id: str, contact: Contact, patient: Patient, now: datetime) -> Message | None:
        return self._message(message_id, contact, patient, now, MessageKind.WARM_UP)

    async def nearest(self, records: Records, message: Message) -> Message:
        return message

    def _message(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, kind: MessageKind
    ) -> Message | None:
        if not self.reach:
            return None
        to = (Channel.SMS, patient.phone, kind, "随访")
        return Message(message_id, *to, now, patient_id=patient.id, contact_id=contact.id)
