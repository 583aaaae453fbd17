"""A turn is written whole, comes back exactly, and is never written twice."""

import asyncio
from dataclasses import replace

import pytest

from agent.model.answer import Answer, AnswerType, Scalar
from agent.model.contact import Channel
from agent.model.escalation import EscalationStatus
from agent.model.finding import Alarm, Finding, Level, Measurement, Polarity, Reading, Status
from agent.model.record import Event, OutboxKind, OutboxMessage, StoredTurn, TurnOutcome
from agent.model.turn import AudioSpan, Expect, Hypothesis, Option, Origin, Reply, Turn, TurnKind
from agent.store.ports import Duplicate, NotFound, StaleVersion, Store
from tests.fakes.rows import NOON, add_people, attempt, escalation, outcome, turn

READING = Reading(
    text="胸口有点疼没有发烧血压一百四十六九十二",
    findings=(
        Finding("chest_pain", "胸痛", "胸口有点疼", (0, 5), Status.PRESENT, "直接说出", 0.93),
        Finding("fever", "发热", "发烧", (7, 9), Status.DENIED, "前有没有", 0.8, by_sound=True),
    ),
    measurements=(
        Measurement("systolic", 146, "mmHg", "一百四十六", (11, 16)),
        Measurement("diastolic", 92.5, "mmHg", "九十二", (16, 19), doubtful=True),
    ),
    alarms=(
        Alarm("chest_pain", Level.RED, "说有胸痛", ("chest_pain",), "胸口有点疼", (0, 5), 0.93),
        Alarm("fever", Level.YELLOW, "已否认", ("fever", "wound"), "发烧", (7, 9), 0.8, True, suppressed=True),
    ),
    polarity=Polarity.UNSURE,
    asked=(("fever", Status.DENIED), ("chest_pain", Status.PRESENT)),
    confirm="chest_pain",
)
WHOLE = StoredTurn(
    seq=2,
    turn=Turn(
        id="SM123",
        contact_id="c0001-3",
        attempt_id="a0001-3",
        channel=Channel.PHONE,
        kind=TurnKind.SPEECH,
        at=NOON,
        text="胸口有点疼\n😀'\"没有发烧",
        confidence=0.71,
        alternatives=(Hypothesis("胸口有点疼", 0.7), Hypothesis("胸口有点痛", 0.3, Origin.VERIFIED)),
        audio=AudioSpan(1.5, 4.125),
    ),
    move="answer",
    reading=READING,
    reply=Reply(
        ("我记下了。", "请马上休息。"),
        expect=Expect.CHOICE,
        question="chest_pain_now",
        options=(Option("1", "有"), Option("2", "没有")),
        patience_seconds=12.5,
        interruptible=False,
        end=True,
        slower=True,
        louder=True,
    ),
    reply_audio_start=5.25,
)


@pytest.fixture(autouse=True)
async def people(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_attempt(attempt())


async def save(store: Store, made: TurnOutcome) -> None:
    async with store.transaction() as records:
        await records.save_turn(made)


async def test_turns_come_back_exactly(store: Store) -> None:
    bare = outcome(1)
    await save(store, TurnOutcome(WHOLE, session="{}"))
    await save(store, bare)
    async with store.transaction(write=False) as records:
        assert await records.turns("c0001-3") == [bare.stored, WHOLE]
        assert await records.turns("c0001-7") == []
        assert await records.turn_count("c0001-3") == 2
        assert await records.findings("c0001-3") == [("SM123", finding) for finding in READING.findings]
        assert await records.alarms("c0001-3") == [("SM123", alarm) for alarm in READING.alarms]


async def test_a_known_turn_gives_the_stored_reply_and_is_not_written_again(store: Store) -> None:
    await save(store, TurnOutcome(WHOLE, session="first"))
    with pytest.raises(Duplicate):
        await save(store, TurnOutcome(replace(WHOLE, seq=3), session="second"))
    async with store.transaction(write=False) as records:
        assert await records.reply_to("SM123") == WHOLE.reply
        assert await records.reply_to("SM124") is None
        assert await records.session("c0001-3") == "first"


async def test_two_turns_at_once_cannot_take_the_same_place(store: Store) -> None:
    await save(store, outcome(1))
    with pytest.raises(StaleVersion):
        await save(store, outcome(1, stored=replace(outcome(1).stored, turn=turn(2))))


async def test_turns_received_at_once_are_all_kept(store: Store) -> None:
    async def receive(number: int) -> None:
        while True:
            try:
                async with store.transaction() as records:
                    seq = await records.turn_count("c0001-3") + 1
                    stored = replace(outcome(seq).stored, turn=turn(seq, id=f"SM{number}"))
                    await records.save_turn(outcome(seq, stored=stored))
                return
            except StaleVersion:
                await asyncio.sleep(0)

    await asyncio.gather(*(receive(number) for number in range(12)))
    async with store.transaction(write=False) as records:
        assert [stored.seq for stored in await records.turns("c0001-3")] == list(range(1, 13))


async def test_the_session_is_the_last_one(store: Store) -> None:
    async with store.transaction(write=False) as records:
        assert await records.session("c0001-3") is None
    for seq in (1, 2):
        await save(store, outcome(seq, session=f'{{"at": "第{seq}题"}}'))
    async with store.transaction(write=False) as records:
        assert await records.session("c0001-3") == '{"at": "第2题"}'


@pytest.mark.parametrize("value", [True, False, 0, 1, 1.0, 36.5, "130/85", "1", "没有，就是有点“累”"])
async def test_an_answer_keeps_its_value_and_its_type(store: Store, value: Scalar) -> None:
    answer = Answer("q", AnswerType.FREE_TEXT, value, "原话", 0.9, "t0001", corrected=True, unit="mmHg")
    await save(store, outcome(1, answers=(answer,)))
    async with store.transaction(write=False) as records:
        (stored,) = await records.answers("c0001-3")
    assert stored == answer
    assert type(stored.value) is type(value)


async def test_an_unconfirmed_answer_says_so_until_a_confirmed_one_takes_its_place(store: Store) -> None:
    heard = Answer("pressure", AnswerType.BLOOD_PRESSURE, "136/78", "一百三十六七十八", 0.6, "t0001", unconfirmed=True)
    sure = replace(heard, turn_id="t0002", unconfirmed=False)
    await save(store, outcome(1, answers=(heard,)))
    async with store.transaction(write=False) as records:
        assert await records.answers("c0001-3") == [heard]
        assert await records.answers_of(["c0001-3"]) == {"c0001-3": [heard]}
    await save(store, outcome(2, answers=(sure,)))
    async with store.transaction(write=False) as records:
        assert await records.answers("c0001-3") == [sure]
        assert await records.answers("c0001-3", with_superseded=True) == [heard, sure]


async def test_a_later_answer_supersedes_the_earlier_one_which_stays(store: Store) -> None:
    first = Answer("weight", AnswerType.NUMBER, 61.0, "六十一", 0.9, "t0001")
    other = Answer("fever", AnswerType.YES_NO, False, "没有", 0.9, "t0001")
    second = replace(first, value=62.0, turn_id="t0002", corrected=True)
    await save(store, outcome(1, answers=(first, other)))
    await save(store, outcome(2, answers=(second,)))
    async with store.transaction(write=False) as records:
        assert await records.answers("c0001-3") == [other, second]
        assert await records.answers("c0001-3", with_superseded=True) == [first, other, second]


async def test_everything_a_turn_changes_is_there_together(store: Store) -> None:
    event = Event("escalation", "e0001", None, "open", NOON, "robot", "raised")
    message = OutboxMessage("m1", OutboxKind.ESCALATION_RAISED, "e0001", NOON)
    await save(store, outcome(1, escalations=(escalation(),), events=(event,), outbox=(message,)))
    raised = escalation(reason="又说胸痛", status=EscalationStatus.OPEN)
    await save(store, outcome(2, escalations=(raised,)))
    async with store.transaction() as records:
        assert await records.escalations() == [replace(raised, version=2)]
        assert await records.events("escalation", "e0001") == [event]
        assert await records.claim_outbox(limit=9, now=NOON) == [message]
    with pytest.raises(StaleVersion):
        await save(store, outcome(3, escalations=(raised,)))
    async with store.transaction(write=False) as records:
        assert await records.turn_count("c0001-3") == 2


async def test_a_turn_of_an_unknown_call_is_refused_whole(store: Store) -> None:
    stranger = replace(outcome(1).stored, turn=turn(1, attempt_id="nobody"))
    with pytest.raises(NotFound):
        await save(store, outcome(1, stored=stranger))
    async with store.transaction(write=False) as records:
        assert await records.turn_count("c0001-3") == 0


async def test_where_a_reply_began_is_noted_on_its_own_turn(store: Store) -> None:
    await save(store, outcome(1))
    await save(store, outcome(2))
    async with store.transaction() as records:
        await records.note_reply_audio("t0002", 7.125)
    async with store.transaction(write=False) as records:
        assert [each.reply_audio_start for each in await records.turns("c0001-3")] == [None, 7.125]
    with pytest.raises(NotFound):
        async with store.transaction() as records:
            await records.note_reply_audio("nobody", 1.0)
