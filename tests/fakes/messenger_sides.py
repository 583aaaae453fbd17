"""Every way a message goes out and comes in, behind one face: a house that chats, and a patient."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from agent.chat.lessons import note_read
from agent.chat.texts import TextsOfPatients
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.schedule.ports import Messenger, SendFailed
from agent.schedule.post import Post, note_receipt
from machine.served import bound_socket, served
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.notify import sign
from telephony.twilio import MmsMedia, TwilioMessenger, TwilioSettings, sms_router
from telephony.webchat.media import MediaStore
from tests.fakes.carrier import ACCOUNT, ROBOT, TOKEN
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, PHONE, ChatHouse
from tests.fakes.lossy import Lossy
from tests.fakes.messenger import AskableMessenger
from tests.fakes.sms_vendors import VENDORS, VendorSide
from tests.fakes.wechat_line import OPENID

INVITED = f"市一医院随访：请点开链接回答几个问题，约一分钟。{LINK} 退订回T"
Says = Callable[[str, int], Awaitable[None]]
"""The patient writes; the number is the vendor's own: the same number is the same push once more."""


@dataclass
class Side:
    """`messenger` None: the page, where a message is there once it is stored. `arrived` is what the patient's telephone
    shows; `refuses` makes the next request end in this word of the vendor's; `receipt` tells what became of one."""

    house: ChatHouse
    channel: Channel
    to: str
    messenger: Messenger | None
    says: Says
    arrived: Callable[[], Awaitable[list[str]]]
    receipt: Callable[[Message, bool], Awaitable[None]]
    refuses: Callable[[str], None] = lambda word: None
    loses_answer: Callable[[], None] = lambda: None
    cannot_arrive: Callable[[], None] = lambda: None
    settle: Callable[[], Awaitable[None]] | None = None
    refusals: dict[str, tuple[str, bool]] = field(default_factory=dict)  # the vendor's word → ours, retryable

    @property
    def post(self) -> Post:
        messengers = {} if self.messenger is None else {self.channel: self.messenger}
        return Post(self.house.store, messengers, lambda: self.house.now)

    def message(self, message_id: str = "m1", **changes: Any) -> Message:
        made = Message(message_id, self.channel, self.to, MessageKind.LINK, INVITED, self.house.now, PATIENT, CONTACT)
        return replace(made, **changes)

    async def queued(self, message_id: str = "m1") -> Message:
        message = self.message(message_id)
        async with self.house.store.transaction() as records:
            await records.add_message(message)
        return message

    async def stored(self, message_id: str = "m1") -> Message:
        return await (await self.house.records()).message(message_id)

    async def answered(self) -> list[str]:
        """Every piece that came in has been answered; the robot's words."""
        if self.settle is not None:
            await self.settle()
        await self.house.sends()
        return [each.text for each in await self.house.written()]


# one of each


@asynccontextmanager
async def twilio(tmp_path: Path) -> AsyncIterator[Side]:
    house = await ChatHouse(Channel.SMS).ready()
    carrier = create_app(SimulatorConfig(ACCOUNT, TOKEN), {}, now=lambda: house.now)
    lossy, ours = Lossy(carrier), FastAPI()
    settings = TwilioSettings("https://robot.example", ACCOUNT, TOKEN, ROBOT)
    media = MmsMedia(settings, MediaStore(tmp_path, house.parts.new_id).keep, httpx.AsyncClient)
    ours.include_router(sms_router(settings, TextsOfPatients(house.parts, house.desk), lambda: house.now, media))
    async with served(lossy, bound_socket()) as url, _client(ours) as hooks, _client(carrier) as seen:  # type: ignore[arg-type]
        messenger = TwilioMessenger(replace(settings, carrier_base_url=url))

        async def post(path: str, form: dict[str, str]) -> None:
            signature = sign(TOKEN, settings.http_url(path), form)
            told = await hooks.post(f"http://inner{path}", data=form, headers={"X-Twilio-Signature": signature})
            assert told.is_success

        async def says(text: str, number: int) -> None:
            await post("/twilio/sms", {"MessageSid": f"SM{number}", "From": PHONE, "To": ROBOT, "Body": text})

        async def receipt(message: Message, fine: bool) -> None:
            word = {"MessageStatus": "delivered" if fine else "undelivered", "ErrorCode": "" if fine else "30005"}
            await post(f"/twilio/sms/status?message={message.id}", {"MessageSid": "SM9", **word})

        async def arrived() -> list[str]:
            return [each["body"] for each in (await seen.get("http://c/simulator/messages")).json()]

        lose = lambda: lossy.loses.append("/2010")  # noqa: E731
        yield Side(house, Channel.SMS, PHONE, messenger, says, arrived, receipt, loses_answer=lose)
        await messenger.close()


def _vendor(name: str, refusals: dict[str, tuple[str, bool]]) -> Callable[[Path], AbstractAsyncContextManager[Side]]:
    @asynccontextmanager
    async def opened(tmp_path: Path) -> AsyncIterator[Side]:
        async with VENDORS[name]() as made:
            yield _of_vendor(made, refusals)

    return opened


def _of_vendor(made: VendorSide, refusals: dict[str, tuple[str, bool]]) -> Side:
    async def says(text: str, number: int) -> None:
        told = await made.vendor.up(made.to_us, f"{made.hooks}/up", PHONE.removeprefix("+86"), text, number)
        assert told.is_success

    async def receipt(message: Message, fine: bool) -> None:
        code = ("DELIVERED" if "aliyun" in made.hooks else "DELIVRD") if fine else "MK:0001"
        assert (await made.vendor.report(made.to_us, f"{made.hooks}/report", code)).is_success

    async def arrived() -> list[str]:
        return [each.text for each in made.vendor.book.sent]

    def lose() -> None:
        made.vendor.book.loses += 1

    return Side(
        made.house, Channel.SMS, PHONE, made.messenger, says, arrived, receipt, made.vendor.book.fails.append, lose,
        refusals=refusals,
    )  # fmt: skip


@asynccontextmanager
async def wechat(tmp_path: Path) -> AsyncIterator[Side]:
    """A bound follower whom the account may only knock: so every message has a receipt."""
    from tests.scenarios.test_wechat import ward

    async with ward(tmp_path) as made:
        await made.bound()
        pushed: dict[int, Any] = {}

        async def says(text: str, number: int) -> None:
            if number in pushed:
                await made.line.deeds.again(pushed[number])
            else:
                pushed[number] = await made.line.deeds.says(OPENID, text)

        async def receipt(message: Message, fine: bool) -> None:
            await made.line.deeds.template_done(OPENID, int((message.provider_ref or "").removeprefix("template.")))
            await made.desk.run_once()

        async def arrived() -> list[str]:
            return [str(each) for each in made.line.platform.follower(OPENID).received if "template_id" in each]

        def refuse(word: str) -> None:
            made.line.platform.fail_next("message/template/send", int(word))

        def block() -> None:
            made.line.platform.follower(OPENID).blocks_templates = True

        lose = lambda: made.line.lossy.loses.append("/cgi-bin/message")  # noqa: E731
        made.house.now += timedelta(days=3)
        messenger = made.messenger
        yield Side(
            made.house, Channel.WECHAT, OPENID, messenger, says, arrived, receipt, refuse, lose, block, made.settle,
            {"-1": ("provider_down", True), "45009": ("rate_limited", True), "43004": ("window_closed", False)},
        )  # fmt: skip


@asynccontextmanager
async def webchat(tmp_path: Path) -> AsyncIterator[Side]:
    house = await ChatHouse(Channel.WEBCHAT).ready()

    async def says(text: str, number: int) -> None:
        await house.desk.take(house.piece(text, id=f"web:{CONTACT}:{number}"))

    async def receipt(message: Message, fine: bool) -> None:
        await note_read(house.parts, [await (await house.records()).message(message.id)])

    async def arrived() -> list[str]:
        return [each.text for each in await house.written()]

    yield Side(house, Channel.WEBCHAT, CONTACT, None, says, arrived, receipt)


@asynccontextmanager
async def fake(tmp_path: Path) -> AsyncIterator[Side]:
    house, messenger = await ChatHouse(Channel.SMS).ready(), AskableMessenger()

    async def says(text: str, number: int) -> None:
        await TextsOfPatients(house.parts, house.desk).received(str(number), PHONE, text, house.now)

    async def receipt(message: Message, fine: bool) -> None:
        status = MessageStatus.DELIVERED if fine else MessageStatus.FAILED
        await note_receipt(house.store, message.id, status, house.now)

    async def arrived() -> list[str]:
        return [each.text for each in messenger.sent]

    def refuse(word: str) -> None:
        messenger.fails.append(SendFailed(word, retryable=word == "provider_down"))

    def lose() -> None:
        messenger.fails.append(SendFailed("provider_down", retryable=True, unsure=True))

    yield Side(
        house, Channel.SMS, PHONE, messenger, says, arrived, receipt, refuse, lose,
        refusals={"provider_down": ("provider_down", True), "rejected": ("rejected", False)},
    )  # fmt: skip


ALIYUN = {
    "isv.BUSINESS_LIMIT_CONTROL": ("rate_limited", True), "isp.SYSTEM_ERROR": ("provider_down", True),
    "isv.AMOUNT_NOT_ENOUGH": ("unauthorised", True), "isp.RAM_PERMISSION_DENY": ("unauthorised", False),
    "isv.MOBILE_NUMBER_ILLEGAL": ("bad_address", False), "isv.SMS_TEMPLATE_ILLEGAL": ("no_template", False),
    "isv.BLACK_KEY_CONTROL_LIMIT": ("rejected", False), "Throttling.User": ("rate_limited", True),
}  # fmt: skip
TENCENT = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": ("rate_limited", True),
    "InternalError.OtherError": ("provider_down", True),
    "FailedOperation.InsufficientBalanceInSmsPackage": ("unauthorised", True),
    "UnauthorizedOperation.SdkAppIdIsDisabled": ("unauthorised", False),
    "InvalidParameterValue.IncorrectPhoneNumber": ("bad_address", False),
    "FailedOperation.PhoneNumberInBlacklist": ("opted_out", False),
    "FailedOperation.SignatureIncorrectOrUnapproved": ("no_template", False),
    "FailedOperation.ContainSensitiveWord": ("rejected", False),
}
SENDERS: dict[str, Callable[[Path], AbstractAsyncContextManager[Side]]] = {
    "twilio": twilio, "aliyun": _vendor("aliyun", ALIYUN), "tencent": _vendor("tencent", TENCENT), "wechat": wechat,
    "fake": fake,
}  # fmt: skip
EVERYBODY = {**SENDERS, "webchat": webchat}


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), trust_env=False)
