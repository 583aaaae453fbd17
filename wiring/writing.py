"""What the patient page may send: the chat's approved sentences, over the house's channels."""

from collections.abc import Collection, Sequence

from agent.chat.content import Say
from agent.chat.parts import ChatParts
from agent.model.contact import Channel, Contact
from dashboard.writing import Template

TEMPLATES = (
    Template(Say.PLEASE_CALL, "请患者回电"),
    Template(Say.WARM_UP, "告知稍后来电"),
    Template(Say.INVITATION, "问卷链接", linked=True),
)


class ByHand:
    def __init__(self, parts: ChatParts, channels: Collection[Channel]) -> None:
        self._parts, self._channels = parts, channels

    @property
    def channels(self) -> Collection[Channel]:
        return self._channels

    @property
    def any_words_by_sms(self) -> bool:
        return self._parts.any_words

    def templates(self) -> Sequence[Template]:
        return TEMPLATES

    def filled(self, key: str, contact: Contact | None) -> tuple[str, str | None]:
        template = next((each for each in TEMPLATES if each.key == key), None)
        if template is None:
            raise KeyError(key)
        linked = contact if template.linked else None
        link = self._parts.link_for(linked) if linked else None
        return self._parts.say(Say(key), linked), link
