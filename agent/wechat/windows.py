"""When the platform takes words for a follower, as far as the record tells."""

from datetime import timedelta

from agent.model.clock import Now
from agent.model.wechat import SAID
from agent.store.ports import Store

AFTER_A_MESSAGE = timedelta(hours=48)
AFTER_AN_EVENT = timedelta(minutes=1)
MARGIN = timedelta(seconds=5)  # the message is under way a while


class RecordedWindows:
    """telephony.wechat's Windows over the inbox."""

    def __init__(self, store: Store, now: Now) -> None:
        self._store, self._now = store, now

    async def open(self, openid: str) -> bool:
        async with self._store.transaction(write=False) as records:
            last = await records.last_in_wechat(openid)
        if last is None:
            return False
        lasts = AFTER_A_MESSAGE if last.deed in SAID else AFTER_AN_EVENT
        return self._now() < last.at + lasts - MARGIN
