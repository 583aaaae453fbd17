"""Talks by message that nobody goes on with: one reminder in daytime, then the telephone."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import Stamp, end_attempt
from agent.chat.content import Say
from agent.chat.parts import ChatParts
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.message import Message, MessageKind
from agent.model.session import Phase, Session
from agent.model.step import End
from agent.model.turn import Turn, TurnKind
from agent.store.ports import Duplicate, Records

log = logging.getLogger("suifang.chat")

REMIND_AFTER = timedelta(hours=20)
CLOSE_AFTER = timedelta(hours=48)
TIMED_OUT = "chat_timeout"
MAY_GO_ON = frozenset({Phase.IDENTITY, Phase.NOTICE, Phase.QUESTIONS})

NextOpen = Callable[[datetime], datetime]


class ChatClock:
    def __init__(self, parts: ChatParts, retries: RetryPolicy, next_open: NextOpen) -> None:
        self._parts, self._retries, self._next_open = parts, retries, next_open

    async def run_once(self) -> int:
        """Looks at every open talk; returns how many it reminded or closed."""
        async with self._parts.store.transaction(write=False) as records:
            live = await records.attempts(live_only=True)
        return sum([await self._look(each) for each in live if each.channel is not Channel.PHONE])

    async def _look(self, attempt: Attempt) -> bool:
        async with self._parts.store.transaction(write=False) as records:
            turns = await records.turns(attempt.contact_id)
            contact, stored = await records.contact(attempt.contact_id), await records.session(attempt.contact_id)
        own = [each.turn for each in turns if each.turn.attempt_id == attempt.id]
        quiet = self._parts.now() - max([attempt.created_at, *(turn.at for turn in own)])
        if quiet >= CLOSE_AFTER:
            await self._close(attempt, contact, Session.from_json(stored) if stored else None)
            return True
        return quiet >= REMIND_AFTER and await self._remind(attempt, contact, own[-1] if own else None)

    async def _remind(self, attempt: Attempt, contact: Contact, last: Turn | None) -> bool:
        """False where it was done before. By WeChat to the address the patient wrote from, else by SMS."""
        now = self._parts.now()
        try:
            async with self._parts.store.transaction() as records:
                channel, to = await _address(records, contact, last)
                reminder = Message(
                    f"reminder-{attempt.id}", channel, to, MessageKind.REMINDER,
                    self._parts.say(Say.REMINDER, contact), now, contact.patient_id, contact.id,
                    link=self._parts.link_for(contact), not_before=self._next_open(now),
                )  # fmt: skip
                await records.add_message(await self._parts.nearest(records, reminder))
        except Duplicate:
            return False
        return True

    async def _close(self, attempt: Attempt, contact: Contact, session: Session | None) -> None:
        """What was answered stays. The session stays open too where it was at a plain question, so that an answer that
        comes late still fits; whatever else was open is settled as on a line that broke."""
        now = self._parts.now()
        used_up = contact.tries >= self._retries.max_attempts
        if session is not None and (used_up or session.detour is not None or session.phase not in MAY_GO_ON):
            broken = Turn(self._parts.new_id(), contact.id, attempt.id, attempt.channel, TurnKind.HANGUP, now)
            await self._parts.conversation.receive(broken)
            return
        begun = session is not None and session.answers
        end = End(ContactStatus.PARTIAL if begun else ContactStatus.DUE, AttemptOutcome.HUNG_UP, TIMED_OUT)
        ending = self._retries.ending(end, contact.tries, now)
        if ending.resume_at is not None:
            ending = replace(ending, resume_at=self._next_open(now))
        async with self._parts.store.transaction() as records:
            await end_attempt(records, attempt, ending, Stamp(now, "scheduler", self._parts.new_id()))


async def _address(records: Records, contact: Contact, last: Turn | None) -> tuple[Channel, str]:
    if last is not None and last.channel is Channel.WECHAT:
        wrote = [each for each in await records.pieces(contact.patient_id) if each.channel is Channel.WECHAT]
        if wrote:
            return Channel.WECHAT, wrote[-1].sender
    return Channel.SMS, (await records.patient(contact.patient_id)).phone
