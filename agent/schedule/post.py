"""Sends what is queued and due: the intent is on record before the provider is asked, and nothing is sent twice."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.model.clock import Now
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.people import DECEASED
from agent.schedule.ports import KnowsWhatWasSent, Messenger, SendFailed
from agent.store.ports import Store

log = logging.getLogger("suifang.post")

HOLD = timedelta(minutes=2)
LONGEST_SEND = timedelta(seconds=45)
"""No message is begun with less of its hold left: once that is over another worker may send it too."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200))
"""Before the second, third … try; after the last one a message has failed."""
ASKED_FOR = timedelta(days=3)  # no network keeps a message longer
ANSWERS = frozenset({MessageKind.CHAT, MessageKind.TREND, MessageKind.PICTURE, MessageKind.NOTICE, MessageKind.STAFF})
"""What is sent even where nobody may contact the patient any more: the answer to a message of theirs."""


class Post:
    """Messages to one address go one after the other, in the order they were written."""

    def __init__(self, store: Store, messengers: Mapping[Channel, Messenger], now: Now, batch: int = 100) -> None:
        self._store, self._messengers, self._now, self._batch = store, messengers, now, batch

    async def run_once(self) -> int:
        """Sends what is due and asks what became of what was interrupted; returns how many messages moved on."""
        now = self._now()
        held_until = now + HOLD
        hold = {"now": now, "hold_until": held_until}
        async with self._store.transaction() as records:
            unsure = await records.claim_unsure_messages(**hold, limit=self._batch)
            due = await records.claim_messages(**hold, limit=self._batch)
            stopped = await records.stopped({each.patient_id for each in due if each.patient_id})
            refused = [each for each in due if each.patient_id in stopped and each.kind not in ANSWERS]
            for each in refused:
                why = DECEASED if stopped[each.patient_id or ""] == DECEASED else "opted_out"
                await records.save_message(replace(each, status=MessageStatus.FAILED, failed_why=why))
        wanted = [each for each in due if each not in refused]
        work = [*map(self._ask, unsure), *(self._send_in_order(each, held_until) for each in _by_address(wanted))]
        failures = [each for each in await asyncio.gather(*work, return_exceptions=True) if each is not None]
        for failure in failures:  # only once everybody else's was sent: what is held and not sent may never be
            raise failure
        return len(unsure) + len(due)

    async def _send_in_order(self, messages: Sequence[Message], held_until: datetime) -> None:
        """As many as a slow provider lets us send while they are ours; the others are for the next round."""
        for done, message in enumerate(messages):
            if held_until - self._now() < LONGEST_SEND:
                await self._put_back(messages[done:], held_until)
                return
            await self._send(message)

    async def _put_back(self, messages: Sequence[Message], held_until: datetime) -> None:
        """Nobody was asked to send them: no try is counted."""
        async with self._store.transaction() as records:
            for message in messages:
                stored = await records.message(message.id)
                if stored.status is MessageStatus.SENDING and self._now() < held_until:
                    await records.save_message(replace(stored, status=MessageStatus.QUEUED, tries=stored.tries - 1))

    async def _send(self, message: Message) -> None:
        messenger = self._messengers.get(message.channel)
        if messenger is None or not message.text:  # no sentence of the file it came from may be sent
            await self._failed(message, "no_messenger" if messenger is None else "unsigned")
            return
        try:
            provider_ref = await messenger.send(message)
        except SendFailed as error:
            log.warning("not sent: message=%s channel=%s code=%s", message.id, message.channel, error.code)
            if error.unsure:
                return  # it stays SENDING: asked about once its hold is over
            await self._failed(message, error.code, self._wait(message) if error.retryable else None)
            return
        await self._sent(message, provider_ref)

    async def _ask(self, message: Message) -> None:
        """A message that was under way when the worker died. Where the provider cannot be asked, or knows nothing for
        days, it counts as failed: a patient hears nothing twice."""
        messenger = self._messengers.get(message.channel)
        if not isinstance(messenger, KnowsWhatWasSent):
            await self._failed(message, "interrupted")
            return
        try:
            provider_ref = await messenger.find(message)
        except SendFailed as error:
            log.warning("nothing known yet: message=%s channel=%s code=%s", message.id, message.channel, error.code)
            if self._now() - (message.not_before or message.created_at) > ASKED_FOR:
                await self._failed(message, "interrupted")
            return
        if provider_ref is None:
            await self._failed(message, "never_sent", self._wait(message))
        else:
            await self._sent(message, provider_ref)

    async def _sent(self, message: Message, provider_ref: str) -> None:
        """A receipt may have come before the provider's answer: it is not undone."""
        async with self._store.transaction() as records:
            stored = await records.message(message.id)
            sent = replace(stored, provider_ref=provider_ref, sent_at=stored.sent_at or self._now())
            if stored.status is MessageStatus.SENDING:
                sent = replace(sent, status=MessageStatus.SENT, failed_why=None)
            await records.save_message(sent)

    async def _failed(self, message: Message, code: str, again_in: timedelta | None = None) -> None:
        not_before: datetime | None = message.not_before if again_in is None else self._now() + again_in
        status = MessageStatus.FAILED if again_in is None else MessageStatus.QUEUED
        async with self._store.transaction() as records:
            stored = await records.message(message.id)
            if stored.status is MessageStatus.SENDING:
                await records.save_message(replace(stored, status=status, failed_why=code, not_before=not_before))

    @staticmethod
    def _wait(message: Message) -> timedelta | None:
        return WAITS[message.tries - 1] if message.tries <= len(WAITS) else None


def _by_address(messages: Iterable[Message]) -> Iterable[Sequence[Message]]:
    found: defaultdict[tuple[Channel, str], list[Message]] = defaultdict(list)
    for message in messages:
        found[message.channel, message.to].append(message)
    return found.values()


ORDER = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)


async def note_receipt(store: Store, message_id: str, status: MessageStatus, now: datetime, code: str = "") -> bool:
    """What a provider's receipt says, which may come late, twice or out of order; False when nothing changed.
    Raises NotFound."""
    async with store.transaction() as records:
        message = await records.message(message_id)
        if status is MessageStatus.FAILED:
            if message.status in (MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.FAILED):
                return False
            await records.save_message(replace(message, status=status, failed_why=code or "undelivered"))
            return True
        if message.status is MessageStatus.FAILED or ORDER.index(status) <= ORDER.index(message.status):
            return False
        await records.save_message(replace(message, status=status, sent_at=message.sent_at or now))
        return True
