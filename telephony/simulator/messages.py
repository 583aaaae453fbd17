"""Text messages of the account: accepted, sent, delivered, each step told to the customer."""

import asyncio

from agent.model.clock import Now
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.notify import Notifier
from telephony.simulator.records import API_VERSION, MessageRecord, new_sid, segments

_STEP_SECONDS = 0.1


class Messages:
    def __init__(self, config: SimulatorConfig, now: Now) -> None:
        self._config, self._now = config, now
        self._notifier = Notifier(config.auth_token, config.webhook_timeout_seconds)
        self._tasks: set[asyncio.Task[None]] = set()
        self.sent: dict[str, MessageRecord] = {}
        self.media: dict[str, tuple[bytes, str]] = {}  # of what subscribers sent: sid → content, type

    def send(self, *, to: str, from_: str | None, service_sid: str | None, body: str, callback: str) -> MessageRecord:
        now = self._now()
        message = MessageRecord(
            new_sid("SM"), self._config.account_sid, to, from_, service_sid, body, callback, now, now
        )
        self.sent[message.sid] = message
        task = asyncio.ensure_future(self._deliver(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return message

    async def receive(self, url: str, *, from_: str, to: str, body: str, photo: tuple[str, bytes] | None = None) -> int:
        """A subscriber texts the account's number; its signed webhook's HTTP status. `photo`: where this carrier is
        reached, and a JPEG."""
        sid = new_sid("MM" if photo else "SM")
        fields = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self._config.account_sid,
            "ApiVersion": API_VERSION,
            "From": from_,
            "To": to,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": str(segments(body)),
            "SmsStatus": "received",
        }
        if photo:
            media = new_sid("ME")
            self.media[media] = (photo[1], "image/jpeg")
            path = f"/{API_VERSION}/Accounts/{self._config.account_sid}/Messages/{sid}/Media/{media}"
            fields |= {"NumMedia": "1", "MediaUrl0": photo[0] + path, "MediaContentType0": "image/jpeg"}
        status, _ = await self._notifier.post(url, fields)
        return status

    async def _deliver(self, message: MessageRecord) -> None:
        for status in ("sent", "delivered"):
            await asyncio.sleep(_STEP_SECONDS)
            now = self._now()
            message.status, message.updated = status, now
            message.sent = message.sent or now
            if message.callback:
                await self._notifier.post(message.callback, self._fields(message))

    def _fields(self, message: MessageRecord) -> dict[str, str]:
        return {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": message.account_sid,
            "ApiVersion": API_VERSION,
            "From": message.from_ or "",
            "To": message.to,
            "MessageStatus": message.status,
            "SmsStatus": message.status,
        }

    async def reset(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.sent.clear()

    async def close(self) -> None:
        await self.reset()
        await self._notifier.close()
