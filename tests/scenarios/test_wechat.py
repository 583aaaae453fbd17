"""Whole conversations over WeChat: the platform on one side, the house on the other, a nurse's records in the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.model.contact import Channel, ContactStatus
from agent.model.message import MessageKind, MessageStatus
from agent.model.piece import Piece, PieceKind
from agent.model.turn import Hypothesis
from agent.model.wechat import BindingRole
from agent.schedule.post import Post, note_receipt
from agent.wechat import content
from agent.wechat.codes import BindingCodes, Invited
from agent.wechat.desk import WechatDesk
from agent.wechat.instead import BySms
from agent.wechat.parts import WechatParts
from agent.wechat.windows import RecordedWindows
from folders import NLU_DATA
from machine.virtual_time import MovableClock
from telephony.wechat.messenger import WechatMessenger
from tests.fakes.chat_house import PATIENT, ChatHouse
from tests.fakes.messenger import FakeMessenger
from tests.fakes.wechat_line import OPENID, Line, account, line
from wiring.wechat_media import keeper
from wiring.wechat_pictures import drawer

DAUGHTER = "oDaughter0000000000000000001"
CLAIM = "王建国 1955 13900000001"
LONG_SECONDS = 60.0  # however slow the machine, a round has dealt with everything when it returns


class HouseClock(MovableClock):
    """The house's time."""

    def __init__(self, house: ChatHouse) -> None:
        self._house = house

    @property
    def at(self) -> datetime:
        return self._house.now

    @at.setter
    def at(self, moment: datetime) -> None:
        self._house.now = moment


@dataclass
class Ward:
    house: ChatHouse
    desk: WechatDesk
    post: Post
    line: Line
    sms: FakeMessenger
    messenger: WechatMessenger

    async def settle(self) -> None:
        """Everything that came in is dealt with, and everything written is sent."""
        await self.desk.run_once()
        self.house.now += timedelta(seconds=4)
        await self.house.desk.run_once()
        await self.post.run_once()
        self.house.now += timedelta(seconds=1)

    async def says(self, words: str, openid: str = OPENID) -> str:
        """The words that come back."""
        before = len(self.texts(openid))
        await self.line.deeds.says(openid, words)
        await self.settle()
        return " | ".join(self.texts(openid)[before:])

    async def comes_twice(self, words: str) -> None:
        """The platform pushes the same message a second time once the first was dealt with."""
        first = await self.line.deeds.says(OPENID, words)
        await self.settle()
        await self.line.deeds.again(first)
        await self.settle()

    def texts(self, openid: str = OPENID) -> list[str]:
        return self.line.platform.follower(openid).texts()

    async def bound(self) -> "Ward":
        await self.line.deeds.follows(OPENID)
        await self.says(CLAIM)
        return self


@asynccontextmanager
async def ward(tmp_path: Path, **house: object) -> AsyncIterator[Ward]:
    made = await ChatHouse(Channel.WECHAT, **house).ready()  # type: ignore[arg-type]
    parts: list[WechatDesk] = []

    class Inbox:
        async def take_in(self, inbound: object) -> None:
            await parts[0].take_in(inbound)  # type: ignore[arg-type]

    settings = account()
    async with line(settings, Inbox(), HouseClock(made)) as reached:

        async def note(message_id: str, status: MessageStatus, at: datetime, code: str) -> None:
            await note_receipt(made.store, message_id, status, at, code)

        desk = WechatDesk(
            WechatParts(
                store=made.store, chat=made.desk, reads=made.parts.reads,
                content=content.load(NLU_DATA, drafts=True), hospital=made.parts.hospital,
                allowed=made.parts.allowed, codes=BindingCodes(b"secret"),
                code_for=reached.api.create_code, keep_media=keeper(reached.api, tmp_path), note_receipt=note,
                now=made.parts.now, new_id=made.parts.new_id,
            ),
            patience=LONG_SECONDS,
        )  # fmt: skip
        parts.append(desk)
        windows = RecordedWindows(made.store, made.parts.now)
        sms = FakeMessenger()
        messenger = WechatMessenger(reached.api, settings, windows, BySms(made.parts), drawer(made.parts))
        post = Post(made.store, {Channel.WECHAT: messenger, Channel.SMS: sms}, made.parts.now)
        yield Ward(made, desk, post, reached, sms, messenger)


async def test_a_patient_follows_binds_and_is_asked(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.line.deeds.follows(OPENID)
        await made.settle()
        assert "姓名 出生年份 手机号" in made.texts()[0]
        assert "绑定好了，王建国" in await made.says(CLAIM)
        first = await made.says("开始吧")
        assert "市一医院" in first
        assert "出生" not in first, "the binding has proven who it is"
        await made.says("不喘")
        assert len(await made.house.answers()) >= 1
        turns = await (await made.house.records()).turns("c1")
        assert {stored.turn.channel for stored in turns} == {Channel.WECHAT}


async def test_a_danger_alarms_and_is_answered(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        reply = await made.says("胸口疼得厉害，喘不上气")
        assert "120" in reply
        assert any(level == "red" for level, _ in await made.house.alarms())


async def test_a_stranger_in_danger_is_told_to_call_for_help(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.line.deeds.follows(OPENID)
        assert "120" in await made.says("我胸口疼得厉害，喘不上气")


async def test_after_five_wrong_claims_nothing_binds_that_day(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.line.deeds.follows(OPENID)
        for _ in range(5):
            assert "没有对上" in await made.says("王建国 1954 13900000001")
        assert "次数太多" in await made.says(CLAIM)
        made.house.now += timedelta(hours=24)
        assert "绑定好了" in await made.says(CLAIM)


async def test_the_platforms_retries_change_nothing(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        said = await made.line.deeds.says(OPENID, "开始吧")
        for _ in range(2):
            await made.line.deeds.again(said)
        await made.settle()
        await made.line.deeds.again(said)
        await made.settle()
        turns = await (await made.house.records()).turns("c1")
        assert len(turns) == 2  # the opening, and these words
        assert len(made.texts()) == 2 + 0  # bound, asked


async def test_a_code_from_the_ward_binds_and_a_changed_one_does_not(tmp_path: Path) -> None:
    codes, lasts = BindingCodes(b"secret"), timedelta(days=7)
    async with ward(tmp_path) as made:
        scene = codes.issue(Invited(PATIENT, BindingRole.SELF), made.house.now + lasts)
        forged = BindingCodes(b"other").issue(Invited(PATIENT, BindingRole.SELF), made.house.now + lasts)
        for each, word in ((forged, "不能用了"), (scene, "绑定好了，王建国")):
            ticket = (await made.line.api.create_code(each, lasts)).partition("ticket=")[2]
            await made.line.deeds.scans(OPENID, ticket)
            await made.settle()
            assert word in made.texts()[-1]


async def test_a_caregiver_bound_by_the_patient_answers_and_is_marked(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        link = await made.says("家属")
        ticket = link.partition("ticket=")[2].split()[0]
        await made.line.deeds.scans(DAUGHTER, ticket)
        await made.settle()
        assert "替王建国回答" in made.texts(DAUGHTER)[-1]
        binding = await (await made.house.records()).wechat_binding(DAUGHTER)
        assert binding is not None
        assert (binding.role, binding.consent) == (BindingRole.CAREGIVER, "patient_code")
        await made.says("开始吧", DAUGHTER)
        await made.says("我爸不喘", DAUGHTER)
        await made.says("腿也不肿")
        turns = await (await made.house.records()).turns("c1")
        assert [stored.turn.by_caregiver for stored in turns] == [True, True, True, False]
        assert "已取消" in await made.says("取消家属")
        assert "还不知道您是哪一位" in await made.says("您好", DAUGHTER)


async def test_what_the_patient_says_of_themselves_is_not_taken_for_the_caregivers(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        async with made.house.store.transaction() as records:
            from agent.wechat.binding import bind

            invited = Invited(PATIENT, BindingRole.CAREGIVER, "staff")
            await bind(records, DAUGHTER, invited, made.house.now, made.house.parts.new_id)
        await made.line.deeds.follows(DAUGHTER)
        await made.says("开始吧", DAUGHTER)
        await made.says("我胸口疼得厉害，喘不上气")
        assert any(level == "red" for level, _ in await made.house.alarms())


async def test_opting_out_by_a_menu_button_stops_everything(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        await made.line.api.create_menu(dict(content.load(NLU_DATA, drafts=True).menu))
        await made.line.deeds.clicks(OPENID, "say:退订")
        await made.settle()
        assert "已退订" in made.texts()[-1]
        contacts = await (await made.house.records()).contacts(patient_id=PATIENT)
        assert {each.status for each in contacts} == {ContactStatus.DECLINED}
        await made.line.deeds.clicks(OPENID, "say:恢复")
        await made.settle()
        assert "已恢复" in made.texts()[-1]


async def test_the_menu_opens_the_contact_then_repeats_its_question_then_tells_the_next_date(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        await made.line.api.create_menu(dict(content.load(NLU_DATA, drafts=True).menu))
        await made.line.deeds.clicks(OPENID, "mine")
        await made.settle()
        asked = made.texts()[-1]
        assert "市一医院" in asked
        await made.says("不喘")
        again = made.texts()[-1]
        await made.line.deeds.clicks(OPENID, "mine")
        await made.settle()
        assert made.texts()[-1] == again
        async with made.house.store.transaction() as records:
            for contact in await records.contacts(patient_id=PATIENT):
                if contact.id == "c1":
                    for attempt in await records.attempts(contact_id="c1"):
                        await records.save_attempt(replace(attempt, outcome="completed", ended_at=made.house.now))  # type: ignore[arg-type]
                    await records.save_contact(replace(contact, status=ContactStatus.COMPLETED))
        await made.line.deeds.clicks(OPENID, "mine")
        await made.settle()
        assert "下一次随访是" in made.texts()[-1]


async def test_a_voice_message_is_kept_as_sound_and_read_with_what_wechat_understood(tmp_path: Path) -> None:
    from tests.unit.speech.test_voice_note import recorded

    amr = recorded(tmp_path / "a.amr", 1.0, "amr_nb", 8000).read_bytes()
    async with ward(tmp_path) as made:
        await made.bound()
        await made.says("开始吧")
        await made.line.deeds.speaks(OPENID, amr, "胸口疼得厉害")
        await made.desk.run_once()
        [piece] = [each for each in await _pieces(made) if each.kind is PieceKind.VOICE]
        assert (tmp_path / piece.media).read_bytes()[:4] == b"RIFF"
        made.house.voices[piece.media] = (Hypothesis("熊口疼得厉害", 0.4),)
        await made.settle()
        assert any(level == "red" for level, _ in await made.house.alarms())
        turns = await (await made.house.records()).turns("c1")
        assert [each.text for each in turns[-1].turn.alternatives] == ["胸口疼得厉害"]


async def test_a_voice_message_that_is_gone_is_asked_for_again_unless_wechat_understood_it(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        await made.line.deeds.speaks(OPENID, b"no sound")
        await made.settle()
        assert "没有收到" in made.texts()[-1]
        made.line.platform.fail_next("media/get", 40007)
        await made.line.deeds.speaks(OPENID, b"#!AMR\n", "开始吧")
        await made.settle()
        assert "市一医院" in made.texts()[-1]


async def test_a_photo_becomes_a_nurses_card(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        await made.line.deeds.shows(OPENID, b"\xff\xd8\xff\xe0 picture")
        await made.settle()
        [piece] = [each for each in await _pieces(made) if each.kind is PieceKind.PHOTO]
        assert (tmp_path / piece.media).read_bytes() == b"\xff\xd8\xff\xe0 picture"
        assert ("yellow", "photo") in await made.house.alarms()
        assert "护士会看" in made.texts()[-1]


async def test_while_the_platform_is_down_media_wait_and_words_keep_their_order(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        made.line.platform.fail_next("media/get", -1)
        await made.line.deeds.shows(OPENID, b"\xff\xd8\xff\xe0 picture")
        await made.line.deeds.says(OPENID, "开始吧")
        await made.desk.run_once()
        assert [each.kind for each in await _pieces(made)] == []
        made.house.now += timedelta(seconds=61)
        await made.settle()
        assert [each.kind for each in await _pieces(made)] == [PieceKind.PHOTO, PieceKind.TEXT]


async def test_words_that_could_only_knock_are_said_once_the_patient_writes(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        made.house.now += timedelta(days=3)
        async with made.house.store.transaction() as records:
            notice = made.house.desk._message(made.house.piece(sender=OPENID), "n1", "明天请空腹来复查。")
            await records.add_message(
                replace(notice, kind=MessageKind.NOTICE, status=MessageStatus.QUEUED, sent_at=None)
            )
        await made.post.run_once()
        await made.settle()
        stored = await (await made.house.records()).message("n1")
        assert stored.status is MessageStatus.DELIVERED, "the platform has reported the template"
        assert "明天请空腹来复查。" not in made.texts()
        await made.says("您好")
        await made.says("在")
        assert made.texts().count("明天请空腹来复查。") == 1


async def test_whoever_left_is_reached_by_sms_with_a_link(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        await made.line.deeds.unfollows(OPENID)
        await made.settle()
        assert await (await made.house.records()).wechat_binding(OPENID) is None
        made.house.now += timedelta(days=3)
        async with made.house.store.transaction() as records:
            reply = made.house.desk._message(made.house.piece(sender=OPENID, contact_id="c1"), "n1", "您的血压偏高。")
            await records.add_message(reply)
        for _ in range(2):
            await made.post.run_once()
            made.house.now += timedelta(seconds=1)
        stored = await (await made.house.records()).message("n1")
        assert (stored.status, stored.failed_why) == (MessageStatus.FAILED, "window_closed")
        assert [each.id for each in made.sms.sent] == ["n1.sms"]


@pytest.mark.parametrize("template", ["", "tpl-of-somebody"])
async def test_without_a_template_an_sms_with_the_link_goes_once(tmp_path: Path, template: str) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        object.__setattr__(made.line.settings, "template_id", template)
        made.house.now += timedelta(days=3)
        async with made.house.store.transaction() as records:
            await records.add_message(
                made.house.desk._message(made.house.piece(sender=OPENID, contact_id="c1"), "n1", "您的血压偏高。")
            )
        for _ in range(3):
            await made.post.run_once()
            made.house.now += timedelta(seconds=1)
        assert [each.id for each in made.sms.sent] == ["n1.sms"]
        assert "血压" not in made.sms.sent[0].text
        assert "https://" in made.sms.sent[0].text


async def test_an_openid_that_moves_to_another_patient_leaves_the_first(tmp_path: Path) -> None:
    async with ward(tmp_path) as made:
        await made.bound()
        async with made.house.store.transaction() as records:
            father = await records.patient(PATIENT)
            await records.add_patient(replace(father, id="p2", name="李桂英", phone="+8613900000002"))
        codes, lasts = BindingCodes(b"secret"), timedelta(days=7)
        scene = codes.issue(Invited("p2", BindingRole.CAREGIVER, "staff"), made.house.now + lasts)
        ticket = (await made.line.api.create_code(scene, lasts)).partition("ticket=")[2]
        await made.line.deeds.scans(OPENID, ticket)
        await made.settle()
        assert "已经换成现在这位" in made.texts()[-1]
        records_now = await made.house.records()
        assert await records_now.wechat_bindings(PATIENT) == []
        assert [each.consent for each in await records_now.wechat_bindings("p2")] == ["staff"]


async def _pieces(made: Ward) -> list[Piece]:
    return list(await (await made.house.records()).pieces(PATIENT))
