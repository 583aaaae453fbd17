"""A messenger that keeps what it was given, and fails as it is told."""

from dataclasses import dataclass, field

from agent.model.contact import Channel
from agent.model.message import Message
from agent.schedule.ports import SendFailed


@dataclass
class FakeMessenger:
    channel: Channel = Channel.SMS
    sent: list[Message] = field(default_factory=list)
    fails: list[SendFailed] = field(default_factory=list)  # the next ones, in order

    async def send(self, message: Message) -> str:
        if self.fails:
            failure = self.fails.pop(0)
            if failure.unsure:
                self.sent.append(message)  # the provider has it; only its answer is lost
            raise failure
        self.sent.append(message)
        return f"ref-{len(self.sent)}"


class AskableMessenger(FakeMessenger):
    """One whose provider can be asked what it has."""

    async def find(self, message: Message) -> str | None:
        ids = [each.id for each in self.sent]
        return f"ref-{ids.index(message.id) + 1}" if message.id in ids else None
