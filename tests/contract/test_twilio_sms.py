"""SMS by Twilio: out, back, and what became of them, against the carrier on loopback and its published description."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from agent.chat.texts import TextsOfPatients
from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind, MessageStatus
from agent.model.piece import PieceKind
from agent.schedule.ports import KnowsWhatWasSent, Messenger, SendFailed
from machine.served import bound_socket, served
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.notify import sign
from telephony.sms.segments import segments
from telephony.twilio import MmsMedia, TwilioMessenger, TwilioSettings, sms_router
from telephony.webchat.media import MediaStore
from tests.contract.published import errors, load
from tests.contract.test_twilio_dialler import kept
from tests.fakes.carrier import ACCOUNT, PATIENT, ROBOT, TOKEN
from tests.fakes.chat_house import LINK, PHONE, ChatHouse

SETTINGS = TwilioSettings("https://robot.example/hospital", ACCOUNT, TOKEN, ROBOT)
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def message(**changes: Any) -> Message:
    made = Message("m1", Channel.SMS, PATIENT, MessageKind.LINK, "请点开", utc_now(), link="https://h.cn/c/x")
    return replace(made, **changes)


def carrier() -> FastAPI:
    return create_app(SimulatorConfig(ACCOUNT, TOKEN), {})


@asynccontextmanager
async def messenger_to(app: FastAPI) -> AsyncIterator[TwilioMessenger]:
    async with served(app, bound_socket()) as url:
        messenger = TwilioMessenger(replace(SETTINGS, carrier_base_url=url))
        yield messenger
        await messenger.close()


async def test_what_is_sent_is_as_published_and_can_be_asked_for_again() -> None:
    published, app = load(), carrier()
    seen = kept(app)
    async with messenger_to(app) as messenger:
        port: Messenger = messenger
        ref = await port.send(message())
        assert isinstance(messenger, KnowsWhatWasSent) and await messenger.find(message()) == ref
        assert await messenger.find(message(text="别的")) is None
    assert [found for request, response in seen for found in errors(published, request, response)] == []
    form = httpx.QueryParams(seen[0][0].content.decode())
    assert (form["To"], form["From"], form["Body"]) == (PATIENT, ROBOT, "请点开 https://h.cn/c/x")
    assert form["StatusCallback"] == "https://robot.example/hospital/twilio/sms/status?message=m1"


@pytest.mark.parametrize(
    ("changes", "code", "retryable"),
    [({"to": "not a number"}, "bad_address", False), ({"text": "好" * 1601, "link": None}, "rejected", False)],
)
async def test_the_carriers_no_is_final(changes: dict[str, Any], code: str, retryable: bool) -> None:
    async with messenger_to(carrier()) as messenger:
        with pytest.raises(SendFailed) as failed:
            await messenger.send(message(**changes))
    assert (failed.value.code, failed.value.retryable, failed.value.unsure) == (code, retryable, False)


async def test_without_an_answer_nobody_knows_whether_it_went() -> None:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["POST", "GET"])
    async def broken(path: str) -> HTMLResponse:
        return HTMLResponse("<html>proxy</html>", 200)

    async with messenger_to(app) as messenger:
        with pytest.raises(SendFailed) as failed:
            await messenger.send(message())
    assert (failed.value.code, failed.value.unsure) == ("provider_down", True)


def media_in(settings: TwilioSettings, folder: Path = Path("nowhere")) -> MmsMedia:
    return MmsMedia(settings, MediaStore(folder, lambda: "kept").keep, lambda: httpx.AsyncClient(trust_env=False))


@asynccontextmanager
async def our_hooks(house: ChatHouse) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(sms_router(SETTINGS, TextsOfPatients(house.parts, house.desk), lambda: NOON, media_in(SETTINGS)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, form: dict[str, str], token: str = TOKEN) -> httpx.Response:
    signature = sign(token, SETTINGS.http_url(path), form)
    return await client.post(path, data=form, headers={"X-Twilio-Signature": signature})


async def test_a_patients_sms_becomes_a_turn_once() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    form = {"MessageSid": "SM1", "From": PHONE, "To": ROBOT, "Body": "你好"}
    async with our_hooks(house) as client:
        answer = await post(client, "/twilio/sms", form)
        assert answer.status_code == 200 and "<Response/>" in answer.text
        await post(client, "/twilio/sms", form)
        assert LINK in await house.sends()
        assert (await post(client, "/twilio/sms", {**form, "MessageSid": "SM2", "From": "+8613700000000"})).is_success
        assert await house.sends() == ""


async def test_without_the_carriers_signature_nothing_is_taken() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    form = {"MessageSid": "SM1", "From": PHONE, "To": ROBOT, "Body": "TD"}
    async with our_hooks(house) as client:
        assert (await post(client, "/twilio/sms", form, token="another")).status_code == 403
        assert (await client.post("/twilio/sms", data=form)).status_code == 403
    assert await house.sends() == ""


async def test_receipts_move_the_message_on() -> None:
    house = await ChatHouse(Channel.SMS).ready()
    async with house.store.transaction() as records:
        await records.add_message(message(status=MessageStatus.SENT, provider_ref="SM9"))
    async with our_hooks(house) as client:
        for word in ("delivered", "sent", "queued"):
            form = {"MessageSid": "SM9", "MessageStatus": word}
            assert (await post(client, "/twilio/sms/status?message=m1", form)).status_code == 204
        assert (await post(client, "/twilio/sms/status?message=none", form)).status_code == 204
    assert (await (await house.records()).message("m1")).status is MessageStatus.DELIVERED


async def test_the_simulated_subscriber_texts_with_the_carriers_signature() -> None:
    house, app = await ChatHouse(Channel.SMS).ready(), FastAPI()
    async with served(carrier(), bound_socket()) as url:
        listening = bound_socket()
        ours = TwilioSettings(f"http://127.0.0.1:{listening.getsockname()[1]}", ACCOUNT, TOKEN, ROBOT)
        app.include_router(sms_router(ours, TextsOfPatients(house.parts, house.desk), lambda: NOON, media_in(ours)))
        async with served(app, listening) as hooks, httpx.AsyncClient(trust_env=False) as client:
            said = {"url": f"{hooks}/twilio/sms", "from": PHONE, "to": ROBOT, "body": "退订"}
            assert (await client.post(f"{url}/simulator/texts", json=said)).json() == {"status": 200}
    assert "已退订" in await house.sends()


JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


@pytest.mark.parametrize(
    ("photo", "password", "kept"),
    [(JPEG, TOKEN, "chat/kept.jpg"), (b"MZ" + bytes(99), TOKEN, ""), (JPEG, "another", "")],
    ids=["a picture", "no picture", "the carrier refuses us"],
)
async def test_a_photo_by_mms_reaches_a_nurse_whatever_becomes_of_the_file(
    tmp_path: Path, photo: bytes, password: str, kept: str
) -> None:
    house, app = await ChatHouse(Channel.SMS).ready(), FastAPI()
    async with served(carrier(), bound_socket()) as url:
        listening = bound_socket()
        ours = TwilioSettings(f"http://127.0.0.1:{listening.getsockname()[1]}", ACCOUNT, TOKEN, ROBOT, url)
        media = media_in(replace(ours, auth_token=password), tmp_path)
        app.include_router(sms_router(ours, TextsOfPatients(house.parts, house.desk), lambda: house.now, media))
        async with served(app, listening) as hooks, httpx.AsyncClient(trust_env=False) as client:
            said = {"url": f"{hooks}/twilio/sms", "from": PHONE, "to": ROBOT, "body": "",
                    "photo": base64.b64encode(photo).decode()}  # fmt: skip
            assert (await client.post(f"{url}/simulator/texts", json=said)).json() == {"status": 200}
    assert "照片收到了" in await house.sends()
    assert ("yellow", "photo") in await house.alarms()
    (piece,) = await (await house.records()).pieces("p1")
    assert piece.media == kept and (not kept or (tmp_path / kept).read_bytes() == JPEG)


async def test_the_password_goes_to_nobody_but_the_carrier() -> None:
    media = media_in(replace(SETTINGS, carrier_base_url="http://127.0.0.1:9"))
    fields = {"NumMedia": "1", "MediaUrl0": "http://127.0.0.1.evil.example/2010-04-01/x"}
    assert await media.of(fields) == [(PieceKind.PHOTO, "")]
    assert await media.of({"NumMedia": "many"}) == [] and await media.of({}) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("好" * 135, 3), ("a" * 69 + "好", 1), ("👍" * 35, 1),
        ("👍" * 36, 2), ("👍" * 66, 2), ("👍" * 67, 3),
    ],
)  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count
