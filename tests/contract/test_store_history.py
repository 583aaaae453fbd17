"""What many contacts came to, read at once, is what each of them came to read alone, on every store."""

from dataclasses import replace
from datetime import timedelta

from agent.model.answer import Answer, AnswerType
from agent.model.contact import AttemptOutcome, Recording
from agent.model.finding import Alarm, Finding, Level, Measurement, Reading, Status
from agent.model.record import StoredTurn
from agent.store.screens import ScreenRecords, ScreenStore
from tests.fakes.rows import NOON, add_people, attempt, outcome, patient, turn

READ = Reading(
    "我胸口疼",
    (Finding("chest_pain", "胸痛", "胸口疼", (1, 4), Status.PRESENT, "说有"),),
    (Measurement("weight", 61.5, "kg", "六十一公斤半", (0, 6), doubtful=False),),
    alarms=(Alarm("chest_pain", Level.RED, "胸痛", ("chest_pain",), "胸口疼", (1, 4), 0.9),),
)
EVERYBODY = ["c0001-3", "c0001-7", "c0002-3", "nothing"]


async def _two_talks(store: ScreenStore) -> None:
    """Of p1's first contact two attempts, two turns, a corrected answer; of p2's one attempt and a recording."""
    weight = Answer("weight", AnswerType.NUMBER, 61.0, "六十一", 0.9, "t0001")
    async with store.transaction() as records:
        await add_people(records, 2)
        later = attempt(1, id="later", created_at=NOON + timedelta(hours=1), outcome=AttemptOutcome.ANSWERED)
        for each in (later, attempt(1, outcome=AttemptOutcome.BUSY), attempt(2)):
            await records.add_attempt(each)
        await records.add_recording(Recording("r2", "a0002-3", "c0002-3", "x.wav", NOON, 9.0))
        await records.save_turn(replace(outcome(1), answers=(weight,)))
        stored = StoredTurn(2, turn(2, text=READ.text), "answer", READ, outcome(2).stored.reply)
        corrected = replace(weight, value=61.5, turn_id="t0002", corrected=True)
        await records.save_turn(replace(outcome(2), stored=stored, answers=(corrected,)))


async def _alone(records: ScreenRecords, contact_id: str) -> list[object]:
    return [
        await records.attempts(contact_id=contact_id),
        await records.recordings(contact_id=contact_id),
        await records.turns(contact_id),
        await records.answers(contact_id),
    ]


async def test_many_contacts_have_what_each_of_them_has(store: ScreenStore) -> None:
    await _two_talks(store)
    async with store.transaction(write=False) as records:
        together = [
            await records.attempts_of(EVERYBODY),
            await records.recordings_of(EVERYBODY),
            await records.turns_of(EVERYBODY),
            await records.answers_of(EVERYBODY),
        ]
        for contact_id in EVERYBODY:
            assert [found.get(contact_id, []) for found in together] == await _alone(records, contact_id)
        assert [sorted(found) for found in together] == [["c0001-3", "c0002-3"], ["c0002-3"], ["c0001-3"], ["c0001-3"]]
        assert [each.id for each in together[0]["c0001-3"]] == ["a0001-3", "later"]
        assert [each.reading for each in together[2]["c0001-3"]] == [Reading("还好"), READ]
        assert [each.value for each in together[3]["c0001-3"]] == [61.5]
        assert await records.turns_of([]) == {} == await records.attempts_of([])


async def test_another_departments_history_does_not_exist(store: ScreenStore) -> None:
    await _two_talks(store)
    async with store.transaction() as records:
        await records.save_patient(patient(1, department="胃肠外科"))
    async with store.transaction(write=False, sees="心血管内科") as records:
        assert list(await records.attempts_of(EVERYBODY)) == ["c0002-3"]
        assert list(await records.recordings_of(EVERYBODY)) == ["c0002-3"]
        assert await records.turns_of(EVERYBODY) == {} == await records.answers_of(EVERYBODY)
    async with store.transaction(write=False, sees="胃肠外科") as records:
        assert sorted(await records.attempts_of(EVERYBODY)) == ["c0001-3", "c0002-3"]
        assert list(await records.answers_of(EVERYBODY)) == ["c0001-3"]
