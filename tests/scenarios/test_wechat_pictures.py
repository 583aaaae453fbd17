"""Pictures in WeChat: readings sent are told back with the last seven days drawn, lessons told again with theirs."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from agent.chat.lessons import LessonSender
from agent.model.contact import Channel, ContactStatus
from agent.model.message import MessageStatus
from telephony.simulator.wechat.platform import Media
from tests.fakes.chat_house import CONTACT, LINK, PATIENT
from tests.fakes.wechat_line import OPENID
from tests.scenarios.test_lesson_pictures import SAYS, SHOWN
from tests.scenarios.test_lessons import WHOLE
from tests.scenarios.test_wechat import Ward, ward


async def finished(made: Ward) -> Ward:
    """Bound, with nothing left to be asked."""
    async with made.house.store.transaction() as records:
        await records.save_contact(replace(await records.contact(CONTACT), status=ContactStatus.COMPLETED))
    return await made.bound()


async def taught(made: Ward) -> Ward:
    """Bound, everything answered in WeChat, the lessons announced there."""
    await made.bound()
    await made.says("开始吧")
    for words in WHOLE:
        await made.says(words)
    await LessonSender(made.house.parts, {Channel.SMS}, lambda at: at).run_once()
    await made.settle()
    return made


async def pictured(made: Ward, said: str) -> tuple[str, Media]:
    """The words that answer, and the picture that follows them at once."""
    words = await made.says(said)
    follower = made.line.platform.follower(OPENID)
    assert [each["msgtype"] for each in follower.received[-2:]] == ["text", "image"]
    [media_id] = follower.pictures()
    return words, made.line.platform.get_media(media_id)


async def test_a_reading_comes_back_as_words_and_a_picture(tmp_path: Path) -> None:
    async with ward(tmp_path, node=7) as made:
        await finished(made)
        words, picture = await pictured(made, "血压165/95")
    assert "165/95" in words and "护士会看" in words and LINK not in words
    assert Image.open(io.BytesIO(picture.content)).format == "PNG"


async def test_asked_for_and_refused_by_the_platform_it_is_a_link(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await finished(made)
        await made.says("体重61公斤")
        made.line.platform.fail_next("media/upload", 40005)
        words = await made.says("最近7天")
    assert "61" in words and LINK in words
    assert len(made.line.platform.follower(OPENID).pictures()) == 1


async def test_without_readings_there_is_no_picture(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await finished(made)
        assert "还没有收到" in await made.says("最近7天")
        async with made.house.store.transaction(write=False) as records:
            sent = await records.messages(patient_id=PATIENT)
        assert {each.status for each in sent} == {MessageStatus.SENT}
        assert made.line.platform.follower(OPENID).pictures() == []


async def test_a_lesson_told_again_is_words_and_then_its_image(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await taught(made)
        words, kept = await pictured(made, "再发一次")
    assert "【每天称体重】" in words and "三天内增加2公斤" in words and SAYS not in words
    assert (kept.content, kept.content_type) == (SHOWN, "image/png")


async def test_an_image_the_platform_does_not_take_is_told_in_words(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await taught(made)
        made.line.platform.fail_next("media/upload", 40005)
        words = await made.says("再发一次")
        assert made.line.platform.follower(OPENID).pictures() == []
    assert "【每天称体重】" in words and SAYS in words


@pytest.mark.parametrize(("ready", "words"), [(finished, "体重61公斤"), (taught, "再发一次")])
async def test_the_same_push_twice_is_one_picture(
    tmp_path: Path, ready: Callable[[Ward], Awaitable[Ward]], words: str
) -> None:
    async with ward(tmp_path) as made:
        await ready(made)
        await made.comes_twice(words)
        assert len(made.line.platform.follower(OPENID).pictures()) == 1
