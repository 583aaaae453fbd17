"""What the WeChat channel asks of the record store: what came in, and whose openid it is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from agent.model.wechat import WechatBinding, WechatInbound


class WechatRecordsPort(Protocol):
    async def add_wechat_inbound(self, inbound: Sequence[WechatInbound], received_at: datetime) -> None:
        """What came before stays as it is."""
        ...

    async def claim_wechat_inbound(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[WechatInbound]:
        """What nobody has dealt with yet, in the order it was done; held against other workers from now on."""
        ...

    async def wechat_waits(self, now: datetime) -> bool:
        """Whether there is anything to claim."""
        ...

    async def wechat_inbound_done(self, ids: Collection[str], at: datetime) -> None: ...
    async def last_in_wechat(self, openid: str) -> WechatInbound | None:
        """The last message; else the last event."""
        ...

    async def add_wechat_binding(self, binding: WechatBinding) -> None:
        """Raises Duplicate while the openid is bound."""
        ...

    async def save_wechat_binding(self, binding: WechatBinding) -> None: ...
    async def wechat_binding(self, openid: str) -> WechatBinding | None:
        """The one in force."""
        ...

    async def wechat_bindings(self, patient_id: str) -> Sequence[WechatBinding]:
        """Those in force, the patient's own first, then by time."""
        ...
