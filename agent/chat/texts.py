"""SMS of patients: whose telephone it is, and what became of the messages sent to it."""

import logging
from dataclasses import replace
from datetime import datetime

from agent.chat.desk import ChatDesk
from agent.chat.parts import ChatParts
from agent.chat.place import takes_up
from agent.model.contact import Channel, ContactStatus
from agent.model.message import MessageStatus
from agent.model.people import Patient
from agent.model.piece import Piece, PieceKind
from agent.schedule.post import note_receipt
from agent.store.ports import NotFound, Records

log = logging.getLogger("suifang.chat")


class TextsOfPatients:
    """telephony.sms.inbox.SmsInbox over the desk."""

    def __init__(self, parts: ChatParts, desk: ChatDesk) -> None:
        self._parts, self._desk = parts, desk

    async def received(self, own_id: str, sender: str, text: str, at: datetime) -> bool:
        return await self._take(Piece(own_id, Channel.SMS, sender, "", PieceKind.TEXT, at, at, text=text.strip()))

    async def received_media(self, own_id: str, sender: str, kind: PieceKind, path: str, at: datetime) -> bool:
        return await self._take(Piece(own_id, Channel.SMS, sender, "", kind, at, at, media=path))

    async def _take(self, came: Piece) -> bool:
        now = self._parts.now()
        async with self._parts.store.transaction(write=False) as records:
            patient = await self._writer(records, came.sender, now)
        if patient is None:
            log.warning("an SMS of a number that no patient has: message=%s", came.id)
            return False
        piece = replace(came, id=f"sms:{came.id}", patient_id=patient.id, received_at=now)
        return await self._desk.take(piece)

    async def _writer(self, records: Records, sender: str, now: datetime) -> Patient | None:
        """Of a family that shares a telephone: whoever is being asked, else whoever may be."""
        patients = await records.patients_of_phone(sender)
        ranked = [(await self._rank(records, patient, now), patient) for patient in patients]
        return max(ranked, key=lambda each: each[0])[1] if ranked else None

    async def _rank(self, records: Records, patient: Patient, now: datetime) -> int:
        contacts = await records.contacts(patient_id=patient.id)
        if any(contact.status is ContactStatus.IN_PROGRESS for contact in contacts):
            return 2
        return int(any(takes_up(contact, now) for contact in contacts))

    async def receipt(self, message_id: str, status: MessageStatus, code: str) -> None:
        try:
            await note_receipt(self._parts.store, message_id, status, self._parts.now(), code)
        except NotFound:
            log.warning("a receipt of a message we do not know: message=%s", message_id)

    async def receipt_of(self, provider_ref: str, status: MessageStatus, code: str) -> bool:
        async with self._parts.store.transaction(write=False) as records:
            message = await records.message_by_ref(Channel.SMS, provider_ref)
        if message is not None:
            await self.receipt(message.id, status, code)
        return message is not None
