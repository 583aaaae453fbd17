"""A patient's points from the deed to the answer in chat, the page, the table; and the file they go by."""

from pathlib import Path

import pytest

from agent.chat.links import Links
from agent.chat.room import ChatRoom
from agent.model.contact import Channel
from agent.model.points import Deed
from agent.model.problem import ContentError
from agent.points_file import load_points
from tests.fakes.chat_house import CONTACT, ChatHouse
from wiring.points import HOUSE_POINTS

WHOLE = ("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")


@pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.WECHAT, Channel.SMS])
async def test_a_patient_asks_for_the_points_in_any_channel(channel: Channel) -> None:
    house = await ChatHouse().ready()
    await house.opens()
    await house.says(*WHOLE)
    await house.tells()
    house.channel = channel
    assert "12分：完成随访10，上报读数2" in await house.says("我的积分")


async def test_before_anything_was_done_there_are_none() -> None:
    house = await ChatHouse(Channel.WECHAT).ready()
    assert "0分" in await house.says("积分")


async def test_a_house_without_points_takes_the_word_as_a_word() -> None:
    house = await ChatHouse(Channel.WECHAT, points=False).ready()
    assert "分" not in (await house.says("积分")).replace("一分钟", "")


async def test_the_page_shows_them_and_a_lesson_that_was_opened_counts() -> None:
    house = await ChatHouse().ready()
    room = ChatRoom(house.parts, house.desk, Links(b"k" * 32, "https://h.cn"))
    guest = await room.enter(Links(b"k" * 32, "https://h.cn").token(CONTACT, house.now))
    await house.opens()
    await house.says(*WHOLE)
    await house.tells()
    view = await room.view(guest)
    assert view.points == 12
    await house.teaches()
    await room.view(guest)
    await house.tells()
    after = await room.view(guest)
    assert after.points is not None and after.points > 12 and after.version != view.version


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("完成随访: {得分: 1}\n", 1, "每天最多"), ("每天最多: 20\n完成随防: {得分: 1}\n", 2, "完成随访"),
        ("每天最多: 20\n完成随访: 10\n", 2, "得分"), ("每天最多: 20\n完成随访: {得分: -1}\n", 2, "得分"),
        ("每天最多: 20\n完成随访: {得分: 十}\n", 2, "得分"), ("- 1\n", 1, "每天最多"), ("a: [\n", 2, "readable"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_where_and_what_instead(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "points.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=says) as wrong:
        load_points(path)
    assert wrong.value.line == line


def test_the_houses_own_file_is_fine() -> None:
    rules = load_points(HOUSE_POINTS)
    assert set(rules.worth) == set(Deed) and rules.per_day > 0
