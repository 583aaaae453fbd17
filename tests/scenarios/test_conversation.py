"""The page `agent/conversation.py` against its promises: the order of things, nothing lost, nothing twice."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import EscalationKind, TechnicalCause
from agent.model.finding import Level
from agent.model.move import Move, MoveContext, MoveUnavailable
from agent.model.people import PlanStatus
from agent.model.record import OutboxKind
from agent.model.turn import AudioSpan, Reply, Turn, TurnKind
from agent.schedule.calendar import CallingCalendar
from agent.store.ports import Records, Unavailable
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from folders import NLU_DATA, PATHWAYS
from tests.fakes import rows
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore

READER = Reader(content.load(NLU_DATA))
SHELF = PathwayShelf(PATHWAYS)


class NoDecider:
    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        raise MoveUnavailable("unreachable")


class BrokenStore(MemoryStore):
    """Its writes fail once `broken` is set."""

    broken = False

    @asynccontextmanager
    async def transaction(self, *, write: bool = True) -> AsyncIterator[Records]:
        async with super().transaction(write=write) as records:
            yield records
            if write and self.broken:
                raise Unavailable


@dataclass
class Call:
    """One patient on the telephone, third day of heart failure."""

    decides: object = field(default_factory=ScriptedDecider)
    store: BrokenStore = field(default_factory=BrokenStore)
    now: datetime = rows.NOON
    nurse_hours: tuple[int, int] = (0, 0)

    async def begin(self) -> Reply:
        await self.ready()
        return await self.turn("", TurnKind.START)

    async def ready(self, message: tuple[str, ...] = ()) -> None:
        """A dialled attempt that nobody has answered yet."""
        ids = count(1)
        pathway = SHELF.get("heart_failure")
        stages = Stages(
            self.store,
            READER,
            self.decides,
            SHELF,
            Hospital("市一医院", "0571-88000000", True, message, CallingCalendar().next_open, self.nurse_hours),
            RetryPolicy(),
            lambda: self.now,
            lambda: f"id{next(ids):04}",
        )
        self.conversation = Conversation(stages)
        self.attempt = Attempt("a1", "c1", "p1", Channel.PHONE, AttemptOutcome.INTENDED, self.now)
        async with self.store.transaction() as records:
            await records.add_patient(rows.patient(1, id="p1", name="王建国", birth_year=1955, sex="male"))
            contact = rows.contact(1, id="c1", patient_id="p1", pathway_version=pathway.version)
            await records.add_plan(rows.plan(1, patient_id="p1", pathway_version=pathway.version), [contact])
            await begin_attempt(records, contact, self.attempt)

    async def turn(self, text: str, kind: TurnKind = TurnKind.SPEECH, turn_id: str = "") -> Reply:
        self.now += timedelta(seconds=8)
        audio = AudioSpan(1.0, 3.0) if text else None
        made = Turn(turn_id or f"t{self.now:%M%S}", "c1", "a1", Channel.PHONE, kind, self.now, text, 0.9, audio=audio)
        return await self.conversation.receive(made)

    async def says(self, *texts: str) -> Reply:
        for text in texts:
            reply = await self.turn(text)
        return reply

    async def records(self) -> Records:
        async with self.store.transaction(write=False) as records:
            return records


async def test_a_whole_call_leaves_typed_answers_with_their_source_turns() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有", "都按时吃了")
    reply = await call.says("没有了")
    records = await call.records()
    answers = {answer.question: answer for answer in await records.answers("c1")}
    assert reply.end
    assert answers["breath"].value is False and answers["weight"].value == 61
    assert answers["medicine"].value == "as_prescribed"
    turns = {stored.turn.id for stored in await records.turns("c1")}
    assert all(answer.turn_id in turns for answer in answers.values())
    assert (await records.contact("c1")).status is ContactStatus.COMPLETED
    assert (await records.attempt("a1")).outcome is AttemptOutcome.COMPLETED


async def test_a_red_flag_in_answer_to_another_question_is_on_record_with_the_reply() -> None:
    call = Call()
    await call.begin()
    reply = await call.says("是我", "一九五五年", "不喘，就是这两天心口疼")
    records = await call.records()
    red = [each for each in await records.escalations() if each.level is Level.RED]
    assert [each.evidence.words[slice(*each.evidence.span)] for each in red] == ["心口疼"]
    assert red[0].evidence.audio == AudioSpan(1.0, 3.0)
    assert "120" in reply.text


async def test_a_red_flag_that_cannot_be_stored_is_never_answered() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    call.store.broken = True
    with pytest.raises(Unavailable):
        await call.says("我胸口疼")
    call.store.broken = False
    assert await (await call.records()).escalations() == []


async def test_a_red_flag_is_heard_and_obeyed_with_the_dialogue_service_down() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    call.conversation = Conversation(_with(call, NoDecider()))
    reply = await call.says("我胸口疼得厉害")
    assert "120" in reply.text
    assert any(each.level is Level.RED for each in await (await call.records()).escalations())


def _with(call: Call, decides: object) -> Stages:
    old = call.conversation._stages
    return Stages(old.store, old.reads, decides, old.pathways, old.hospital, old.retries, old.now, old.new_id)


async def test_without_the_dialogue_service_the_patient_hears_an_approved_sentence_and_a_nurse_takes_over() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    call.conversation = Conversation(_with(call, NoDecider()))
    reply = await call.says("晚上睡得还行")
    records = await call.records()
    assert reply.end and "护士" in reply.text
    assert [each.kind for each in await records.escalations()] == [EscalationKind.TECHNICAL]
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert [answer.question for answer in await records.answers("c1")] == ["breath"]
    assert [stored.turn.text for stored in await records.turns("c1")][-1] == "晚上睡得还行"


async def test_what_alarms_in_the_last_words_is_a_card_beside_the_one_that_says_why_we_gave_up() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    turn = Turn("t9", "c1", "a1", Channel.PHONE, TurnKind.SPEECH, call.now, "我胸口疼得厉害", 0.9)
    await call.conversation.given_up(turn, TechnicalCause.RECOGNISER_DOWN)
    cards = await (await call.records()).escalations()
    assert {card.kind for card in cards} == {EscalationKind.TECHNICAL, EscalationKind.RED_FLAG}
    assert any(card.level is Level.RED for card in cards)


class SlowDecider(ScriptedDecider):
    """Lets everybody else go first."""

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        for _ in range(20):
            await asyncio.sleep(0)
        return await super().decide(conversation_id=conversation_id, text=text, context=context)


async def test_two_turns_of_one_contact_at_once_follow_each_other() -> None:
    call = Call(SlowDecider())
    await call.begin()
    await call.says("是我", "一九五五年")
    await asyncio.gather(call.turn("不喘", turn_id="m1"), call.turn("不会", turn_id="m2"))
    records = await call.records()
    assert [stored.turn.id for stored in await records.turns("c1")][-2:] == ["m1", "m2"]
    assert [stored.seq for stored in await records.turns("c1")] == [1, 2, 3, 4, 5]
    assert [answer.question for answer in await records.answers("c1")] == ["breath", "night"]


async def test_the_same_turn_twice_gives_the_stored_reply_and_changes_nothing() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    first = await call.turn("心口疼", turn_id="m1")
    again = await call.turn("心口疼", turn_id="m1")
    records = await call.records()
    assert again == first
    assert len([stored for stored in await records.turns("c1") if stored.turn.id == "m1"]) == 1
    assert len(await records.escalations()) == 1


async def test_the_same_danger_said_twice_is_one_card() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "我心口疼", "还是心口疼")
    rules = [each.rule for each in await (await call.records()).escalations()]
    assert rules.count("chest_pain") == 1


async def test_hanging_up_half_way_keeps_what_was_answered() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    await call.turn("", TurnKind.HANGUP)
    records = await call.records()
    contact = await records.contact("c1")
    assert contact.status is ContactStatus.DUE and contact.due_at > call.now and contact.reason == "hung_up"
    assert (await records.attempt("a1")).outcome is AttemptOutcome.HUNG_UP
    assert await records.escalations() == []
    assert await records.answers("c1")


async def test_a_talk_broken_off_for_the_last_time_is_handed_to_a_nurse() -> None:
    call = Call()
    await call.begin()
    async with call.store.transaction() as records:
        await records.save_contact(replace(await records.contact("c1"), attempts_made=3))
    await call.says("是我", "一九五五年", "不喘")
    await call.turn("", TurnKind.HANGUP)
    records = await call.records()
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert [(card.rule, card.level) for card in await records.escalations()] == [("unfinished", Level.YELLOW)]


async def test_a_red_flag_is_card_enough_for_a_talk_that_ended_there() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "我心口疼")
    await call.turn("", TurnKind.HANGUP)
    records = await call.records()
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert [card.rule for card in await records.escalations()] == ["chest_pain"]


async def test_hanging_up_before_the_first_answer_plans_another_call_later() -> None:
    call = Call()
    await call.begin()
    await call.turn("", TurnKind.HANGUP)
    contact = await (await call.records()).contact("c1")
    assert contact.status is ContactStatus.DUE and contact.due_at > call.now


async def test_a_danger_said_while_the_goodbye_is_spoken_still_alarms() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    await call.turn("", TurnKind.HANGUP)
    await call.turn("哎我胸口疼")
    assert any(each.level is Level.RED for each in await (await call.records()).escalations())


async def test_every_escalation_is_announced_after_the_commit() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "我心口疼")
    async with call.store.transaction() as records:
        kinds = [message.kind for message in await records.claim_outbox(limit=99, now=call.now)]
    assert OutboxKind.ESCALATION_RAISED in kinds


async def test_two_turns_at_once_are_taken_one_after_the_other() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    await asyncio.gather(call.turn("不喘", turn_id="x1"), call.turn("我胸口疼", turn_id="x2"))
    turns = await (await call.records()).turns("c1")
    assert [stored.seq for stored in turns] == list(range(1, len(turns) + 1))
    assert any(each.level is Level.RED for each in await (await call.records()).escalations())


async def test_never_call_again_ends_every_contact_still_to_come() -> None:
    call = Call()
    await call.begin()
    async with call.store.transaction() as records:
        later = rows.contact(1, 7, id="c2", patient_id="p1", plan_id="plan0002")
        await records.add_plan(rows.plan(2, patient_id="p1", pathway="hypertension"), [later])
    await call.says("是我", "一九五五年", "你们以后别再打了", "对")
    records = await call.records()
    assert (await records.contact("c2")).status is ContactStatus.DECLINED
    assert {plan.status for plan in await records.plans("p1")} == {PlanStatus.CANCELLED}


async def test_a_second_call_does_not_ask_again_what_was_answered() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    await call.turn("", TurnKind.HANGUP)
    await call.turn("", TurnKind.START)
    reply = await call.says("是我", "一九五五年")
    assert "喘不喘" not in reply.text and "憋醒" in reply.text


async def test_a_wish_after_closing_is_promised_and_planned_before_it() -> None:
    call = Call()
    await call.begin()
    reply = await call.says("现在忙，晚上八点再打给我")
    contact = await (await call.records()).contact("c1")
    assert "今天晚上七点半" in reply.text
    assert contact.status is ContactStatus.DUE
    assert contact.due_at.astimezone(HOSPITAL_ZONE).strftime("%H:%M") == "19:30"


async def test_a_patient_nobody_understands_becomes_a_card_that_says_so() -> None:
    call = Call()
    await call.begin()
    first = await call.turn("", TurnKind.UNHEARD)
    assert "请按1" in first.text
    await call.turn("", TurnKind.UNHEARD)
    last = await call.turn("", TurnKind.UNHEARD)
    records = await call.records()
    assert last.end
    assert [(card.kind, card.rule) for card in await records.escalations()] == [
        (EscalationKind.TECHNICAL, TechnicalCause.NOT_HEARD)
    ]
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert (await records.attempt("a1")).outcome is AttemptOutcome.TECHNICAL


async def test_the_recogniser_breaks_down_and_a_nurse_takes_over() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    turn = Turn("t9", "c1", "a1", Channel.PHONE, TurnKind.UNHEARD, call.now, audio=AudioSpan(9.0, 11.0))
    reply = await call.conversation.given_up(turn, TechnicalCause.RECOGNISER_DOWN)
    records = await call.records()
    card = (await records.escalations())[0]
    assert reply.end and "护士" in reply.text
    assert (card.rule, card.evidence.audio) == (TechnicalCause.RECOGNISER_DOWN, AudioSpan(9.0, 11.0))
    assert [answer.question for answer in await records.answers("c1")] == ["breath"]


async def test_advice_that_no_voice_could_say_is_a_card_and_leaves_the_end_as_it_was() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年")
    while not (last := await call.says("我胸口疼得厉害")).end:
        pass
    records = await call.records()
    contact, ended = await records.contact("c1"), await records.attempt("a1")
    for turn_id in ("t9", "t10"):
        turn = Turn(turn_id, "c1", "a1", Channel.PHONE, TurnKind.UNHEARD, call.now)
        await call.conversation.given_up(turn, TechnicalCause.VOICE_DOWN)
    records = await call.records()
    assert last.sentences
    assert [card.rule for card in await records.escalations()].count(TechnicalCause.VOICE_DOWN) == 1
    assert await records.contact("c1") == contact and await records.attempt("a1") == ended


async def test_words_we_failed_at_are_read_and_a_nurse_takes_over_once() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    turn = Turn("t9", "c1", "a1", Channel.PHONE, TurnKind.SPEECH, call.now, "我现在胸口疼得厉害")
    for _ in range(2):
        assert (await call.conversation.given_up(turn, TechnicalCause.INTERNAL)).end
    records = await call.records()
    cards = await records.escalations()
    assert sorted(card.kind for card in cards) == [EscalationKind.RED_FLAG, EscalationKind.TECHNICAL]
    assert TechnicalCause.INTERNAL in [card.rule for card in cards]
    assert (await records.contact("c1")).status is ContactStatus.PARTIAL
    assert (await records.attempt("a1")).outcome is AttemptOutcome.TECHNICAL


async def test_a_new_number_is_on_the_coordinators_card_and_nobody_is_dialled() -> None:
    call = Call()
    await call.begin()
    await call.says("他换号了，这个号不用了", "幺三八，零零幺三", "八零零零", "对的")
    records = await call.records()
    card = (await records.escalations())[0]
    contact = await records.contact("c1")
    assert (card.kind, card.rule) == (EscalationKind.REQUEST, "number_changed")
    assert "13800138000" in card.reason
    assert contact.status is ContactStatus.UNREACHABLE
    assert (await records.patient("p1")).phone == rows.patient(1).phone


def edited(folder: Path, old: str, new: str) -> None:
    file = folder / "heart_failure" / "pathway.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


async def test_a_contact_runs_the_file_of_the_day_it_begins_and_keeps_that_version(tmp_path: Path) -> None:
    folder, kept = tmp_path / "pathways", tmp_path / "kept"
    shutil.copytree(PATHWAYS, folder, ignore=shutil.ignore_patterns("cases"))
    call = Call()
    await call.ready()
    edited(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚面肿不肿？")  # after it was planned
    call.conversation = Conversation(replace(_with(call, call.decides), pathways=PathwayShelf(folder, kept)))
    await call.turn("", TurnKind.START)
    began = (await (await call.records()).contact("c1")).pathway_version
    await call.says("是我", "一九五五年", "不喘")
    edited(folder, "voice: 脚面肿不肿？", "voice: 脚脖子肿不肿？")  # in the middle of it, and the process starts anew
    call.conversation = Conversation(replace(_with(call, call.decides), pathways=PathwayShelf(folder, kept)))
    reply = await call.says("不会")
    contact = await (await call.records()).contact("c1")
    assert "脚面肿不肿" in reply.text
    assert contact.pathway_version == began != PathwayShelf(folder).get("heart_failure").version


async def test_a_completed_contact_owes_the_education_its_node_names_and_the_robot_does_not_announce_it() -> None:
    call = Call()
    await call.begin()
    reply = await call.says("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有", "都按时吃了", "没有了")
    owed = await (await call.records()).education("p1")
    assert [(due.item, due.sent_at) for due in owed] == [("weigh_daily", None), ("salt_and_water", None)]
    assert owed[0].text == SHELF.get("heart_failure").education["weigh_daily"].text
    assert "发到" not in reply.text


async def test_an_unfinished_contact_owes_nothing() -> None:
    call = Call()
    await call.begin()
    await call.says("是我", "一九五五年", "不喘")
    await call.turn("", TurnKind.HANGUP)
    assert await (await call.records()).education("p1") == []
