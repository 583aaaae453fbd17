"""Satisfaction, the effect of the first message, who came back; lists behind them; proposed answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.dialog.faq import load_faq
from agent.model.answer import Answer, AnswerType
from agent.model.contact import Channel, ContactStatus
from agent.model.finding import Reading
from agent.model.insight import Slice, StayFact
from agent.model.record import Event, StoredTurn, TurnOutcome
from agent.model.stay import Stay, StayStatus
from agent.model.turn import Reply, Turn, TurnKind
from commands.faq_command import written
from dashboard.views.outcomes import readmissions
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]
DAY = timedelta(days=1)
LEFT = date(2026, 10, 1)


@pytest.fixture
async def desk(ward: Ward) -> Browser:
    return await ward.nurse("zhaomin")


async def scored(ward: Ward, number: int, score: float) -> None:
    """A satisfaction survey of the patient, answered today."""
    async with ward.store.transaction() as records:
        before = await records.contact(f"c{number:04}-30")
        survey = replace(
            before, id=f"s{number}", pathway="satisfaction", due_at=START, planned_for=START.date(),
            status=ContactStatus.COMPLETED,
        )  # fmt: skip
        await records.add_contact(survey)
        turn = Turn(f"ts{number}", survey.id, f"ac{number:04}-3", Channel.WEBCHAT, TurnKind.TEXT, START, str(score))
        answer = Answer("overall", AnswerType.SCALE, score, str(score), 0.9, turn.id)
        await records.save_turn(
            TurnOutcome(StoredTurn(1, turn, "answer", Reading(turn.text), Reply(("谢谢",))), "{}", (answer,))
        )


async def test_satisfaction_is_counted_and_lists_the_lowest_first(ward: Ward, desk: Browser, text_of: Words) -> None:
    for number, score in ((1, 9.0), (2, 3.0), (3, 8.0)):
        await scored(ward, number, score)
    assert "67% 2/3，平均 6.7 分" in text_of((await desk.get("/insight")).text)
    listed = text_of((await desk.get("/insight/satisfaction")).text)
    assert listed.index("李国强") < listed.index("张桂兰") < listed.index("王秀英")


async def test_the_first_message_is_compared_by_first_calls(ward: Ward, desk: Browser, text_of: Words) -> None:
    async with ward.store.transaction() as records:
        for number, arm in ((1, "with"), (8, "without")):
            await records.add_event(Event("warm_up", f"p{number:04}", None, arm, START - 2 * DAY, "scheduler"))
    words = text_of((await desk.get("/insight")).text)
    assert "首次外呼，先发短信 100% 1/1" in words and "首次外呼，直接拨打 0% 0/1" in words
    listed = text_of((await desk.get("/insight/warm-up")).text)
    assert "王秀英" in listed and "先发短信" in listed and "周大勇" in listed


async def test_who_came_back_within_thirty_days(ward: Ward, desk: Browser, text_of: Words) -> None:
    assert "不统计再入院" in text_of((await desk.get("/insight")).text)
    left = (START - 40 * DAY).date()
    stay = Stay("s1", "p0001", StayStatus.DISCHARGED, "hl7", START - 40 * DAY, discharge_date=left)
    again = replace(stay, id="s2", status=StayStatus.ADMITTED, discharge_date=None, updated_at=START - 20 * DAY)
    async with ward.store.transaction() as records:
        await records.add_stays([stay, again, replace(stay, id="s3", patient_id="p0002")])
    assert "30 天内再入院 50% 1/2" in text_of((await desk.get("/insight")).text)
    listed = text_of((await desk.get("/insight/readmissions")).text)
    assert "王秀英" in listed and left.isoformat() in listed and "李国强" not in listed


def test_a_late_return_and_a_discharge_outside_count_for_nothing() -> None:
    within = Slice(LEFT, LEFT + 9 * DAY)
    stays = [
        StayFact("a", StayStatus.DISCHARGED, "hl7", LEFT),
        StayFact("a", StayStatus.ADMITTED, "hl7", LEFT + 31 * DAY),
        StayFact("b", StayStatus.DISCHARGED, "hl7", LEFT - DAY),
        StayFact("b", StayStatus.DISCHARGED, "hl7", LEFT + 4 * DAY),
        StayFact("b", StayStatus.DISCHARGED, "hl7", LEFT + 9 * DAY),
    ]
    again, discharged = readmissions(stays, within)
    assert discharged == 3 and [(each.patient_id, each.discharged, each.again) for each in again] == [
        ("b", LEFT + 4 * DAY, LEFT + 9 * DAY)
    ]


async def test_rates_open_the_calls_and_answers_they_count(desk: Browser, text_of: Words) -> None:
    page = (await desk.get("/insight")).text
    assert "/insight/calls?&amp;hour=" in page or "/insight/calls?&hour=" in page
    everybody = text_of((await desk.get("/insight/calls")).text)
    one_hour = text_of((await desk.get("/insight/calls?hour=10")).text)
    assert "王秀英" in everybody and one_hour != everybody
    listed = text_of((await desk.get("/insight/answers?question=体重")).text)
    assert "张桂兰" in listed and "61.2" in listed
    assert (await desk.get("/insight/answers?question=体重&file=csv")).headers["content-type"].startswith("text/csv")
    taken = text_of((await desk.get("/insight/cards?level=red")).text)
    assert "条" in taken


async def test_a_proposed_answer_waits_for_a_signature(
    ward: Ward, desk: Browser, tmp_path: Path, text_of: Words
) -> None:
    form = {"questions": "能吃柚子吗\n柚子能不能吃\n吃柚子行吗", "answer": "有些药不能和柚子同吃，请先问医生。"}
    short = await desk.post("/insight/faq", **form | {"questions": "能吃柚子吗"})
    assert short.headers["location"] == "/insight?said=faq_incomplete#faq"
    assert (await desk.post("/insight/faq", **form)).headers["location"] == "/insight?said=faq_proposed#faq"
    assert "待临床签发" in text_of((await desk.get("/insight")).text)
    async with ward.store.transaction(write=False) as records:
        proposals = await records.faq_proposals()
    (tmp_path / "proposed.yml").write_text(written(proposals), encoding="utf-8")
    (entry,) = load_faq(tmp_path)
    assert entry.draft and entry.questions[1] == "柚子能不能吃" and entry.answer == form["answer"]
    auditor = await ward.nurse("audit")
    assert "提议一个回答" not in (await auditor.get("/insight")).text
    assert (await auditor.post("/insight/faq", **form)).status_code == 403
    await desk.post(f"/insight/faq/{proposals[0].id}/drop")
    assert "待临床签发" not in text_of((await desk.get("/insight")).text)
