"""Readings sent at any time: kept with time and source, held against the pathway's limits, answered with the trend."""

from datetime import timedelta

import pytest

from agent.model.contact import Channel
from agent.model.message import MessageKind
from tests.fakes.chat_house import LINK, PATIENT, ChatHouse

WHOLE = ("不喘", "不会", "不肿", "61公斤", "没有", "都按时吃了", "没有了")


async def finished(channel: Channel = Channel.WEBCHAT) -> ChatHouse:
    house = await ChatHouse().ready()
    await house.opens()
    await house.says(*WHOLE)
    house.channel = channel
    return house


async def kept(house: ChatHouse) -> list[tuple[str, float]]:
    return [(each.name, each.value) for each in await (await house.records()).observations(PATIENT)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("130/85今早", [("diastolic", 85), ("systolic", 130)]), ("体重61.5公斤", [("weight_kg", 61.5)]),
        ("血氧96", [("spo2", 96)]), ("体温36.8度", [("temp_c", 36.8)]), ("血糖7.2", [("glucose", 7.2)]),
    ],
)  # fmt: skip
async def test_a_reading_is_kept_and_answered(text: str, values: list[tuple[str, float]]) -> None:
    house = await finished()
    before = await kept(house)
    assert "已记下" in await house.says(text)
    assert [each for each in await kept(house) if each not in before] == values


async def test_the_answer_shows_the_last_seven_days() -> None:
    house = await finished()
    house.now += timedelta(days=10)
    await house.says("体重60公斤")
    house.now += timedelta(days=1)
    reply = await house.says("体重61公斤")
    assert reply.endswith("体重：1日60，2日61。")
    assert "体重：1日60，2日61。" in await house.says("最近7天")


async def test_each_channel_shows_the_curve_its_own_way() -> None:
    house = await finished(Channel.SMS)
    assert LINK in await house.says("体重61公斤") and LINK in await house.says("最近7天")
    for channel, pictures in ((Channel.WEBCHAT, 2), (Channel.WECHAT, 4)):
        house.channel = channel
        assert LINK not in await house.says("体重61公斤") + await house.says("最近7天")
        async with house.store.transaction(write=False) as records:
            sent = [each for each in await records.messages(patient_id=PATIENT) if each.kind is MessageKind.TREND]
        assert len(sent) == pictures
        by_wechat = [each for each in sent if each.channel is Channel.WECHAT]
        assert all(LINK in each.text for each in by_wechat), "where no picture goes, its words lead to the page"


async def test_a_reading_beyond_the_pathways_limit_reaches_a_nurse() -> None:
    house = await finished()
    assert "护士会看" in await house.says("血压165/95")
    assert ("yellow", "hf_systolic_high") in await house.alarms()


async def test_during_a_questionnaire_it_is_an_answer_and_a_reading() -> None:
    house = await ChatHouse(node=7).ready()
    await house.opens()
    await house.says("不喘", "不会", "不肿")
    await house.says("血压130/85今早")
    assert (await house.answers())["pressure"] == "130/85"
    assert await kept(house) == [("diastolic", 85), ("systolic", 130)]


async def test_by_sms_nothing_medical_comes_back() -> None:
    house = await finished(Channel.SMS)
    reply = await house.says("血压130/85")
    assert LINK in reply and "130" not in reply and ("systolic", 130) in await kept(house)


async def test_asked_for_a_trend_without_readings() -> None:
    house = await ChatHouse(Channel.WECHAT).ready()
    assert "还没有收到" in await house.says("趋势")
