"""A lesson's picture beside its words on the page; an SMS leads there. In WeChat: test_wechat_pictures.py."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from fastapi import FastAPI

from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.contact import Channel
from agent.model.education import LessonPicture
from agent.model.message import Message, MessageKind
from folders import PATHWAYS
from telephony.webchat import webchat_router
from telephony.webchat.media import MediaStore
from tests.fakes.chat_house import CONTACT, LINK, PATIENT, SHELF, ChatHouse
from tests.scenarios.test_lessons import finished, sender, sent

SHOWN = (PATHWAYS / "heart_failure/pictures/weigh_daily.png").read_bytes()
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


async def test_a_picture_whose_file_has_just_gone_is_not_there(tmp_path: Path) -> None:
    house = await finished()
    await sender(house).run_once()
    house.parts = replace(house.parts, picture_of=lambda contact, lesson: LessonPicture(tmp_path / "gone.png", SAYS))
    (lesson,) = [each for each in await sent(house) if "每天称体重" in each.text]
    async with browser(house, tmp_path) as client:
        await client.post("confirm", json={"proof": "1955"})
        assert (await client.get(f"picture/{lesson.id}")).status_code == 404


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
