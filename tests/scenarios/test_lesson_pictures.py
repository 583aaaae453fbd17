"""A lesson's picture reaches the patient beside its words, on the page and in WeChat; an SMS leads to the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from fastapi import FastAPI

from agent.chat.lessons import LessonSender
from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.contact import Channel
from agent.model.message import Message, MessageKind
from telephony.webchat import webchat_router
from telephony.webchat.media import MediaStore
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, ROOT, SHELF, ChatHouse
from tests.fakes.wechat_line import OPENID
from tests.scenarios.test_lessons import WHOLE, finished, sender, sent
from tests.scenarios.test_wechat import Ward, ward

SHOWN = (ROOT / "dialogs/pathways/heart_failure/pictures/weigh_daily.png").read_bytes()
SAYS = SHELF.get("heart_failure").education["weigh_daily"].picture_says
LINKS = Links(b"k" * 32, "")


async def pictures(house: ChatHouse) -> list[Message]:
    messages = await (await house.records()).messages(patient_id=PATIENT)
    return [each for each in messages if each.kind is MessageKind.PICTURE]


@asynccontextmanager
async def browser(house: ChatHouse, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """At the door of the contact's page."""
    app = FastAPI()
    media = MediaStore(folder, house.parts.new_id)
    app.include_router(webchat_router(ChatRoom(house.parts, house.desk, LINKS), media, "市一医院", "", secure=False))
    base = f"http://h{LINKS.address(CONTACT, house.now)}/"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base, trust_env=False) as client:
        yield client


async def test_the_page_shows_it_in_the_lesson_to_nobody_but_the_patient(tmp_path: Path) -> None:
    house = await finished()
    await sender(house).run_once()
    (lesson,) = [each for each in await sent(house) if "每天称体重" in each.text]
    async with browser(house, tmp_path) as client:
        assert (await client.get(f"picture/{lesson.id}")).status_code == 401
        await client.post("confirm", json={"proof": "1955"})
        entries = (await client.get("talk")).json()["entries"]
        shown = await client.get(f"picture/{lesson.id}")
    assert {each["id"]: each["picture"] for each in entries if each["picture"]} == {lesson.id: SAYS}
    assert shown.content == SHOWN and shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff" and "private" in shown.headers["cache-control"]


async def test_no_other_file_and_no_other_bubble_is_served(tmp_path: Path) -> None:
    house = await finished()
    await sender(house).run_once()
    (plain,) = [each for each in await sent(house) if "每天称体重" not in each.text]
    said = (await house.written())[-1]
    async with browser(house, tmp_path) as client:
        await client.post("confirm", json={"proof": "1955"})
        for wanted in (
            plain.id, said.id, "weigh_daily.png", "education-", "..%2F..%2Fpathway.yml", "%2Fetc%2Fpasswd",
            "education-..%2Fweigh_daily", "x-picture-..%2Fpathway.yml",
        ):  # fmt: skip
            assert (await client.get(f"picture/{wanted}")).status_code == 404, wanted


async def test_asked_for_again_on_the_page_it_stands_below_the_words(tmp_path: Path) -> None:
    house = await finished()
    await sender(house).run_once()
    await house.says("再发一次")
    (again,) = await pictures(house)
    async with browser(house, tmp_path) as client:
        await client.post("confirm", json={"proof": "1955"})
        entries = (await client.get("talk")).json()["entries"]
        shown = await client.get(f"picture/{again.id}")
    assert entries[-1]["id"] == again.id and entries[-1]["picture"] == SAYS and "每天称体重" in entries[-2]["text"]
    assert shown.content == SHOWN


async def test_a_contact_that_began_before_the_picture_has_the_words_alone(tmp_path: Path) -> None:
    house = await finished()
    await sender(house).run_once()
    house.parts = replace(house.parts, picture_of=lambda contact, lesson: None)
    (lesson,) = [each for each in await sent(house) if "每天称体重" in each.text]
    async with browser(house, tmp_path) as client:
        await client.post("confirm", json={"proof": "1955"})
        assert not any(each["picture"] for each in (await client.get("talk")).json()["entries"])
        assert (await client.get(f"picture/{lesson.id}")).status_code == 404


async def taught(made: Ward) -> Ward:
    """Bound, everything answered in WeChat, the lessons announced there."""
    await made.bound()
    await made.says("开始吧")
    for words in WHOLE:
        await made.says(words)
    await LessonSender(made.house.parts, {Channel.SMS}, lambda at: at).run_once()
    await made.settle()
    return made


async def test_wechat_is_sent_the_words_and_then_the_image(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await taught(made)
        words = await made.says("再发一次")
        received = made.line.platform.follower(OPENID).received
        [media_id] = made.line.platform.follower(OPENID).pictures()
        kept = made.line.platform.get_media(media_id)
    assert "【每天称体重】" in words and "三天内增加2公斤" in words and SAYS not in words
    assert [each["msgtype"] for each in received[-2:]] == ["text", "image"]
    assert (kept.content, kept.content_type) == (SHOWN, "image/png")


async def test_the_same_push_twice_is_one_image(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await taught(made)
        await made.comes_twice("再发一次")
        assert len(made.line.platform.follower(OPENID).pictures()) == 1


async def test_an_image_the_platform_does_not_take_is_told_in_words(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await taught(made)
        made.line.platform.fail_next("media/upload", 40005)
        words = await made.says("再发一次")
        assert made.line.platform.follower(OPENID).pictures() == []
    assert "【每天称体重】" in words and SAYS in words


async def test_an_sms_leads_to_the_page_as_before() -> None:
    house = await finished(by_phone=True)
    await sender(house, Channel.SMS).run_once()
    again = await house.sends(replace(house.piece("再发一次"), channel=Channel.SMS, contact_id=None))
    assert LINK in again and "体重" not in again and "图" not in again
    assert await pictures(house) == []


async def test_with_and_without_the_picture_the_record_is_the_same() -> None:
    kept = []
    for shown in (True, False):
        house = await finished()
        if not shown:
            house.parts = replace(house.parts, picture_of=lambda contact, lesson: None)
        await sender(house).run_once()
        records = await house.records()
        kept.append((await house.answers(), await records.education(PATIENT), await records.contact(CONTACT)))
    assert kept[0] == kept[1]
