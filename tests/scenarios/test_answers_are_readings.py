"""An answer that is a reading stands in the patient's line of readings: telephone, its keys and chat alike."""

from collections.abc import Sequence

import pytest

from agent.model.contact import Channel
from agent.model.turn import Turn, TurnKind
from tests.fakes.chat_house import CONTACT, PATIENT, SHELF, ChatHouse

Kept = list[tuple[str, float, Channel]]


async def kept(house: ChatHouse) -> Kept:
    taken = await (await house.records()).observations(PATIENT)
    return sorted((each.name, each.value, each.channel) for each in taken)


async def test_a_weight_said_on_the_telephone_is_a_reading() -> None:
    house = await ChatHouse(Channel.PHONE).ready()
    await house.phones("我是王建国", "一九五五年", "好的", "不喘", "不会", "不肿", "六十一公斤")
    assert (await house.answers())["weight"] == 61
    assert await kept(house) == [("weight_kg", 61.0, Channel.PHONE)]


async def test_a_value_that_is_corrected_stands_there_once() -> None:
    house = await ChatHouse(Channel.PHONE).ready()
    before = ("我是王建国", "一九五五年", "好的", "不喘", "不会", "不肿", "六十一公斤")
    await house.phones(*before, "不对，体重是六十二公斤")
    assert (await house.answers())["weight"] == 62
    assert await kept(house) == [("weight_kg", 62.0, Channel.PHONE)]


async def keys(house: ChatHouse, pressed: Sequence[str]) -> None:
    for number, digits in enumerate(pressed):
        turn = Turn(f"call1-keys{number}", CONTACT, "call1", Channel.PHONE, TurnKind.DIGITS, house.now, digits)
        await house.conversation.receive(turn)


async def test_values_typed_on_the_telephone_are_readings() -> None:
    house = await ChatHouse(Channel.PHONE, node=7).ready()
    await house.phones("我是王建国", "一九五五年", "好的", "不喘", "不会", "不肿")
    await keys(house, ["61*5", "2", "130*85"])
    assert (await house.answers())["pressure"] == "130/85"
    assert [(name, value) for name, value, _ in await kept(house)] == [
        ("diastolic", 85.0), ("systolic", 130.0), ("weight_kg", 61.5)
    ]  # fmt: skip


@pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.WECHAT])
async def test_words_in_chat_are_kept_once_though_two_readers_see_them(channel: Channel) -> None:
    house = await ChatHouse(channel, node=7).ready()
    await (house.opens() if channel is Channel.WEBCHAT else house.says("你好呀", "一九五五年"))
    await house.says("不喘", "不会", "不肿", "血压130/85")
    assert (await house.answers())["pressure"] == "130/85"
    assert await kept(house) == [("diastolic", 85.0, channel), ("systolic", 130.0, channel)]


async def test_the_pages_number_pad_is_a_reading_and_the_seven_days_show_it() -> None:
    house = await ChatHouse().ready()
    await house.opens()
    await house.says("不喘", "不会", "不肿")
    await house.presses("61*5")
    assert await kept(house) == [("weight_kg", 61.5, Channel.WEBCHAT)]
    assert "61.5" in await house.says("最近7天")


async def test_what_measures_nothing_of_the_body_is_no_reading() -> None:
    """A mark for the ward is an answer and nothing else."""
    house = await ChatHouse(pathway="satisfaction", node=SHELF.get("satisfaction").nodes[0].day).ready()
    await house.opens()
    await house.presses("1")
    await house.presses("8")
    assert await house.answers()
    assert await kept(house) == []
