"""A number read back to a patient who left: through the whole house, from the call to the record and the next call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.model.answer import Answer
from agent.model.contact import ContactStatus
from agent.model.finding import Level
from agent.model.turn import Turn, TurnKind
from agent.store.ports import Records
from tests.scenarios.test_conversation import Call

MISHEARD = 0.6  # recogniser confidence at which a pressure is read back


@dataclass
class Visit(Call):
    """One patient on a bad line, the pressure asked."""

    async def at_pressure(self) -> None:
        await self.ready()
        async with self.store.transaction() as records:
            await records.save_contact(replace(await records.contact("c1"), node_day=7))
        await self.turn("", TurnKind.START)
        reply = await self.says("是我", "一九五五年", "不喘", "不会", "不肿", "六十公斤", "没有")
        assert "血压" in reply.text

    async def badly_heard(self, text: str) -> str:
        made = Turn(f"b{self.now:%M%S}", "c1", "a1", self.attempt.channel, TurnKind.SPEECH, self.now, text, MISHEARD)
        return (await self.conversation.receive(made)).text


async def pressure(records: Records) -> Sequence[Answer]:
    return [each for each in await records.answers("c1") if each.question == "pressure"]


async def test_what_was_read_back_is_on_record_when_the_line_breaks_and_is_no_reading() -> None:
    call = Visit()
    await call.at_pressure()
    assert "高压一百三十六，低压七十八，对吗" in await call.badly_heard("高压一百三十六，低压七十八")
    await call.turn("", TurnKind.HANGUP)
    records = await call.records()
    (kept,) = await pressure(records)
    assert (kept.value, kept.unconfirmed, kept.raw) == ("136/78", True, "高压一百三十六，低压七十八")
    assert kept.turn_id.startswith("b")
    names = {each.name for each in await records.observations("p1")}
    assert "weight_kg" in names and not names & {"systolic", "diastolic"}
    assert (await records.contact("c1")).status is ContactStatus.DUE


async def test_the_next_call_asks_again_and_what_is_confirmed_then_is_the_answer() -> None:
    call = Visit()
    await call.at_pressure()
    await call.badly_heard("高压一百三十六，低压七十八")
    await call.turn("", TurnKind.HANGUP)
    await call.turn("", TurnKind.START)
    reply = await call.says("是我", "一九五五年")
    assert "血压" in reply.text
    await call.says("高压一百三十八，低压七十六")
    records = await call.records()
    (now,) = await pressure(records)
    assert (now.value, now.unconfirmed, now.corrected) == ("138/76", False, False)
    every = await records.answers("c1", with_superseded=True)
    assert [each.value for each in every if each.question == "pressure"] == ["136/78", "138/76"]
    assert {each.value for each in await records.observations("p1") if each.name == "systolic"} == {138}


async def test_a_dangerous_number_that_nobody_confirmed_alarms_when_it_is_said_and_not_again() -> None:
    call = Visit()
    await call.at_pressure()
    await call.badly_heard("高压一百九十六，低压一百二十四")
    before = await (await call.records()).escalations()
    assert before and {card.level for card in before} == {Level.RED}
    await call.turn("", TurnKind.HANGUP)
    records = await call.records()
    assert list(await records.escalations()) == list(before)
    assert [(each.value, each.unconfirmed) for each in await pressure(records)] == [("196/124", True)]
