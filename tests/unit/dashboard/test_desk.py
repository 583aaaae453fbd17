"""What a nurse can do with a card beside taking and resolving it: give it on, put it off, arrange, label."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from agent.model.contact import ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.labelled_case import CaseLabel, LabelledCase
from agent.model.people import PlanStatus, Tier
from dashboard import times
from tests.unit.dashboard.conftest import START, Browser, Ward
from tests.unit.dashboard.test_work import stored

Words = Callable[[str], str]


async def cases(ward: Ward) -> list[LabelledCase]:
    async with ward.store.transaction(write=False) as records:
        return list(await records.labelled_cases())


async def test_a_card_given_to_a_colleague_is_hers(ward: Ward, nurse: Browser, text_of: Words) -> None:
    answer = await nurse.post("/escalations/e0001/assign", to="wangfang")
    assert answer.status_code == 200 and "王芳正在处理" in text_of(answer.text)
    assert (await stored(ward)).owner == "wangfang"
    refused = await nurse.post("/escalations/e0001/assign", to="lijing")
    assert refused.status_code == 409 and "王芳 已接手" in text_of(refused.text)
    assert (await nurse.post("/escalations/e0004/assign", to="nobody")).status_code == 404


async def test_a_snoozed_card_leaves_the_queue_and_is_kept_no_longer_than_its_level_allows(
    ward: Ward, nurse: Browser, text_of: Words
) -> None:
    answer = await nurse.post("/escalations/e0001/snooze", minutes="600", why="等家属回电")
    assert answer.status_code == 200
    card = await stored(ward)
    assert (card.status, card.snoozed_until) == (EscalationStatus.SNOOZED, START + timedelta(minutes=30))
    until = times.clock(START + timedelta(minutes=30))
    assert card.note is not None and card.note.endswith(f"李静：暂缓至 {until}：等家属回电")
    cards = text_of((await nurse.fragment("/queue/list")).text)
    assert "暂缓中 1" in cards and f"{until} 回到列表" in cards
    assert (await nurse.post("/escalations/e0001/take")).status_code == 200
    assert (await nurse.post("/escalations/e0002/snooze", minutes="60", why="")).status_code == 400
    assert (await nurse.post("/escalations/e0002/explode")).status_code == 404


async def test_what_is_arranged_with_a_card_is_done_with_it(ward: Ward, nurse: Browser) -> None:
    done = await nurse.post(
        "/escalations/e0003/resolve", disposition="referred", note="已说明", recall="1", tier="middle",
        referral="心衰门诊 11-23 上午",
    )  # fmt: skip
    assert done.status_code == 200
    card = await stored(ward, "e0003")
    assert card.note is not None and card.note.endswith(
        "已说明；明天由机器人再次随访；转诊：心衰门诊 11-23 上午；分层改为中危"
    )
    async with ward.store.transaction(write=False) as records:
        assert (await records.patient("p0003")).tier is Tier.MIDDLE
        again = [c for c in await records.contacts(patient_id="p0003") if c.reason == "recall"]
        told = [(e.from_status, e.to_status, e.reason) for e in await records.events("patient", "p0003")]
    assert told == [("high", "middle", "tier_changed"), (None, "referred", None)]
    assert [(c.status, c.node_day, c.attempts_made) for c in again] == [(ContactStatus.DUE, 14, 0)]
    assert times.short(again[0].due_at, START) == "明天 09:00"
    assert again[0].planned_for == times.day_of(START) + timedelta(days=1)


async def test_nobody_is_called_again_who_must_not_be_called(ward: Ward, nurse: Browser, text_of: Words) -> None:
    async with ward.store.transaction() as records:
        contact = await records.contact((await records.escalation("e0003")).contact_id)
        plan = await records.plan(contact.plan_id)
        await records.save_plan(replace(plan, status=PlanStatus.CANCELLED))
    refused = await nurse.post("/escalations/e0003/resolve", disposition="advised", recall="1")
    assert refused.status_code == 409 and "随访已经停止" in text_of(refused.text)
    assert (await stored(ward, "e0003")).status is EscalationStatus.OPEN


async def test_a_false_alarm_is_kept_as_a_case_with_what_was_asked(ward: Ward, nurse: Browser) -> None:
    assert (await nurse.post("/escalations/e0001/resolve", disposition="false_alarm")).status_code == 200
    (case,) = await cases(ward)
    card = await stored(ward)
    assert (case.label, case.words, case.rule, case.by) == (
        CaseLabel.FALSE_ALARM, card.evidence.words, card.rule, "lijing",
    )  # fmt: skip
    assert case.question and case.turn_id == card.evidence.turn_id
    assert (await nurse.post("/escalations/e0005/resolve", disposition="false_alarm")).status_code == 200
    assert len(await cases(ward)) == 1  # a failure of ours is no case for the reader


async def test_a_passed_over_danger_is_marked_in_the_transcript(ward: Ward, nurse: Browser, text_of: Words) -> None:
    where = "/contacts/c0001-7/turns/tc0001-7-2/missed"
    answer = await nurse.post(where, card="e0001")
    assert answer.status_code == 200 and "已记漏报" in text_of(answer.text)
    assert (await nurse.post(where, card="e0001")).status_code == 200
    (case,) = await cases(ward)
    assert (case.label, case.contact_id, case.rule) == (CaseLabel.MISSED, "c0001-7", "")
    assert (await nurse.post("/contacts/c0001-7/turns/nothing/missed")).status_code == 404
    plain = await nurse.post(where, scripted=False)
    assert plain.headers["location"] == "/contacts/c0001-7"
