"""WeChat's messenger against the platform: words in the window, a knock after it, another channel after that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from agent.model.contact import Channel
from agent.model.message import Message, MessageKind
from agent.schedule.ports import SendFailed
from telephony.wechat.messenger import MOST_PARTS, TEXT_BYTES, WechatMessenger, parts
from telephony.wechat.settings import TemplateKind
from tests.contract.test_wechat_callback import Taken
from tests.fakes.wechat_line import OPENID, TEMPLATE, Line, account, line

LINK = "https://suifang.example/c/1"
PICTURE = b"\x89PNG\r\n\x1a\n and what follows"
WAY = f"点开看曲线图：{LINK}"


@dataclass
class Believed:
    """What we think of the window; the platform may know better."""

    is_open: bool = True

    async def open(self, openid: str) -> bool:
        return self.is_open


@dataclass
class Side:
    line: Line
    messenger: WechatMessenger
    window: Believed
    elsewhere: list[Message]

    def message(
        self, text: str = "今天血压量了吗？", kind: MessageKind = MessageKind.CHAT, **changes: object
    ) -> Message:
        made = Message("m1", Channel.WECHAT, OPENID, kind, text, self.line.clock(), "p1", "c1")
        return replace(made, **changes)  # type: ignore[arg-type]

    @property
    def received(self) -> list[str]:
        return self.line.platform.follower(OPENID).texts()


@asynccontextmanager
async def side(**settings: object) -> AsyncIterator[Side]:
    """A follower who has just written."""
    ours, elsewhere, window = account(**settings), list[Message](), Believed()  # type: ignore[arg-type]

    async def instead(message: Message) -> None:
        elsewhere.append(message)

    async def draws(message: Message) -> bytes | None:
        return PICTURE if message.patient_id else None

    async with line(ours, Taken()) as reached:
        await reached.deeds.follows(OPENID)
        await reached.deeds.says(OPENID, "你好")
        messenger = WechatMessenger(reached.api, ours, window, instead, draws)
        yield Side(reached, messenger, window, elsewhere)


async def test_words_go_while_the_window_is_open() -> None:
    async with side() as made:
        assert await made.messenger.send(made.message(link=LINK)) == "custom.m1"
        assert made.received == [f"今天血压量了吗？\n{LINK}"]


async def test_after_two_days_the_template_knocks_without_a_word_of_the_patient() -> None:
    async with side() as made:
        made.line.clock.passes(days=3)
        made.window.is_open = False
        ref = await made.messenger.send(made.message("您的血糖16.5偏高", MessageKind.REMINDER, link=LINK))
        sent = made.line.platform.follower(OPENID).received[-1]
    assert ref == "template.200228333"
    assert sent["url"] == LINK
    assert {name: each["value"] for name, each in sent["data"].items()} == {
        "thing1": "市第一人民医院",
        "thing2": "出院随访还没有做完",
        "time3": "2026年03月05日 10:00",
    }
    assert "message/custom/send" not in made.line.platform.calls


async def test_the_platform_knows_better_than_we_that_the_window_is_closed() -> None:
    async with side() as made:
        made.line.clock.passes(days=3)
        assert (await made.messenger.send(made.message())).startswith("template.")


async def test_the_sixth_message_knocks() -> None:
    async with side() as made:
        made.line.clock.passes(minutes=2)
        refs = [await made.messenger.send(made.message(id=f"m{n}")) for n in range(6)]
    assert [ref.partition(".")[0] for ref in refs] == ["custom"] * 5 + ["template"]


@pytest.mark.parametrize(
    "settings",
    [{"template": ""}, {"template": "tpl-of-somebody"}, {"kind": TemplateKind.SUBSCRIBE}],
    ids=["no template", "a wrong one", "no consent"],
)
async def test_where_no_template_goes_another_channel_is_asked_once(settings: dict[str, object]) -> None:
    async with side(**settings) as made:
        made.window.is_open = False
        with pytest.raises(SendFailed) as failed:
            await made.messenger.send(made.message())
    assert (failed.value.code, failed.value.retryable, failed.value.unsure) == ("window_closed", False, False)
    assert [each.id for each in made.elsewhere] == ["m1"]


async def test_a_consent_to_a_subscription_is_used() -> None:
    async with side(kind=TemplateKind.SUBSCRIBE) as made:
        made.window.is_open = False
        made.line.platform.follower(OPENID).accepts.add(TEMPLATE)
        assert await made.messenger.send(made.message()) == "template.m1"


async def test_a_busy_platform_is_tried_again_before_any_other_channel() -> None:
    async with side() as made:
        made.window.is_open = False
        made.line.platform.fail_next("message/template/send", -1)
        with pytest.raises(SendFailed) as failed:
            await made.messenger.send(made.message())
        assert failed.value.retryable
        assert made.elsewhere == []
        assert (await made.messenger.send(made.message())).startswith("template.")


async def test_somebody_the_account_does_not_know_is_a_bad_address() -> None:
    async with side() as made:
        with pytest.raises(SendFailed) as failed:
            await made.messenger.send(made.message(to="oNobody"))
    assert (failed.value.code, failed.value.retryable) == ("bad_address", False)


async def test_a_long_lesson_goes_in_parts() -> None:
    lesson = "每天早上起床后先称体重，再量血压。" * 60
    async with side() as made:
        await made.messenger.send(made.message(lesson, MessageKind.EDUCATION))
        assert "".join(made.received) == lesson
        assert len(made.received) == 2


async def test_readings_go_as_a_picture() -> None:
    async with side() as made:
        assert await made.messenger.send(made.message(WAY, MessageKind.TREND)) == "image.m1"
        [media_id] = made.line.platform.follower(OPENID).pictures()
        kept = made.line.platform.get_media(media_id)
    assert (kept.content, kept.content_type) == (PICTURE, "image/png")
    assert made.received == []


@pytest.mark.parametrize(("path", "code"), [("media/upload", 45001), ("message/custom/send", 40007)])
async def test_a_picture_the_platform_does_not_take_is_told_in_words(path: str, code: int) -> None:
    async with side() as made:
        made.line.platform.fail_next(path, code)
        assert await made.messenger.send(made.message(WAY, MessageKind.TREND)) == "custom.m1"
        assert made.received == [WAY]


async def test_nothing_to_draw_is_told_in_words() -> None:
    async with side() as made:
        assert await made.messenger.send(made.message(WAY, MessageKind.TREND, patient_id=None)) == "custom.m1"


async def test_an_upload_that_nobody_answered_is_tried_again() -> None:
    async with side() as made:
        made.line.lossy.loses.append("/cgi-bin/media/upload")
        with pytest.raises(SendFailed) as failed:
            await made.messenger.send(made.message(WAY, MessageKind.TREND))
        assert (failed.value.retryable, failed.value.unsure) == (True, False)
        assert await made.messenger.send(made.message(WAY, MessageKind.TREND)) == "image.m1"
        assert len(made.line.platform.follower(OPENID).pictures()) == 1


async def test_nobody_is_knocked_for_a_picture() -> None:
    async with side() as made:
        made.line.clock.passes(days=3)
        for believed in (True, False):
            made.window.is_open = believed
            with pytest.raises(SendFailed) as failed:
                await made.messenger.send(made.message(WAY, MessageKind.TREND))
            assert (failed.value.code, failed.value.retryable) == ("window_closed", False)
        assert made.elsewhere == [] and "message/template/send" not in made.line.platform.calls


@pytest.mark.parametrize("words", ["", "好", "长" * 682, "长" * 683, "a" * 2048, "🙂" * 3000, "一句。" * 2000])
def test_parts_fit_and_lose_nothing_before_the_third(words: str) -> None:
    made = parts(words)
    assert all(len(part.encode()) <= TEXT_BYTES for part in made)
    assert len(made) <= MOST_PARTS
    whole = "".join(made)
    assert whole == words or (whole.endswith("…") and words.startswith(whole[:-1]) and len(made) == MOST_PARTS)
