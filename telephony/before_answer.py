"""A telephone that rings, listened to: the network announces there why nobody will take it. Tunes are nothing."""

import asyncio
import logging
from collections.abc import Sequence

from agent.model.contact import AttemptOutcome
from agent.model.turn import TurnKind
from telephony.asking import Asking
from telephony.call_parts import CallParts
from telephony.ear import Utterance
from telephony.given import Given

log = logging.getLogger("suifang.call")

NETWORK_SAYS = frozenset(
    {
        AttemptOutcome.NO_ANSWER,
        AttemptOutcome.BUSY,
        AttemptOutcome.POWERED_OFF,
        AttemptOutcome.OUT_OF_REACH,
        AttemptOutcome.SUSPENDED,
        AttemptOutcome.RESTRICTED,
        AttemptOutcome.NO_SUCH_NUMBER,
    }
)
"""What ends a call before its answer. A voicemail or an assistant takes the call first, and is known then."""


class BeforeAnswer:
    """A telephony.line.EarlyHandler for one attempt. Of what it hears only an announcement's words are kept."""

    def __init__(self, attempt_id: str, parts: CallParts) -> None:
        self._attempt_id, self._parts = attempt_id, parts
        self._changed = asyncio.Event()
        self._ear = parts.new_ear(self._changed.set)
        self._announcements = parts.new_who().announcements
        self._before = ""  # the utterance before: 请不要挂机 makes what follows it no end
        self._said: tuple[AttemptOutcome, str] | None = None
        self._answered = self._over = False

    @property
    def hopeless(self) -> bool:
        return self._said is not None and not self._answered

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self._ear.hear(ulaw, at_ms / 1000)

    def digit(self, digit: str) -> None:
        return None  # nobody is there to press one

    def marked(self, name: str) -> None:
        return None  # nothing is played

    def answered(self) -> None:
        self._answered = True
        self.ended()

    def ended(self) -> None:
        self._over = True
        self._changed.set()

    async def run(self) -> None:
        """Until the network has said why, somebody answers, or the ringing ends."""
        while self._said is None and not self._over:
            self._changed.clear()
            await self._changed.wait()
            self._look(list(self._ear.inbox))
            self._ear.inbox.clear()
        if self._said is None and not self._answered:
            self._look(await self._ear.close())
        if self._said is not None and not self._answered:
            await self._tell(*self._said)

    def _look(self, utterances: Sequence[Utterance]) -> None:
        for text in (each.text for each in utterances if each.text):
            found = self._announcements.match(f"{self._before}，{text}")
            self._before = text
            if found is not None and found.outcome in NETWORK_SAYS and self._said is None:
                self._said = (found.outcome, text)

    async def _tell(self, outcome: AttemptOutcome, words: str) -> None:
        log.info("the network announced before an answer: attempt=%s outcome=%s", self._attempt_id, outcome)
        asking = Asking(self._attempt_id, self._parts, began_at=0.0)
        asking.contact_id = await self._parts.conversation.contact_of(self._attempt_id)
        await asking.machine(Given(TurnKind.MACHINE, words), outcome, sure=True)
