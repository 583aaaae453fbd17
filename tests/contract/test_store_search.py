"""Finding what was said, and whom by number, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.model.contact import AttemptOutcome
from agent.model.record import TurnOutcome
from agent.store.grams import needed, phrases, row_of_pairs, set_of_pairs
from agent.store.screens import ScreenStore
from tests.fakes.rows import NOON, add_people, attempt, outcome, turn

SENTENCES = ("伤口长好了，就是今天早上开始心口疼", "没有头疼", "头，疼得厉害", "血压130/85", "COPD药 100% 都吃了", "")


@pytest.fixture(autouse=True)
async def talk(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records)
        await records.add_attempt(attempt(outcome=AttemptOutcome.COMPLETED))
        for seq, words in enumerate(SENTENCES, 1):
            await records.save_turn(said(seq, words))


def said(seq: int, words: str) -> TurnOutcome:
    made = outcome(seq)
    return replace(made, stored=replace(made.stored, turn=turn(seq, text=words)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("心口疼", [1]), ("伤口", [1]), ("头疼", [2]), ("疼", [3, 2, 1]), ("厉害", [3]), ("130", [4]), ("130/85", [4]),
        ("copd", [5]), ("COPD药", [5]), ("100%", [5]), ("%", []), ("头，疼", [3]), ("头疼得", []), ("没了", []),
        ("好", [1]), ("\"药", []), ("药 OR 疼", []), ("'", []), ("", []),
    ],
)  # fmt: skip
async def test_any_part_of_a_sentence_finds_it_the_latest_first(
    store: ScreenStore, wanted: str, found: list[int]
) -> None:
    async with store.transaction(write=False) as records:
        assert [row.turn_id for row in await records.search_words(wanted)] == [f"t{seq:04}" for seq in found]


async def test_what_is_found_names_its_place_and_is_bounded(store: ScreenStore) -> None:
    async with store.transaction(write=False) as records:
        (found,) = await records.search_words("心口疼")
        assert (found.contact_id, found.patient_id, found.text) == ("c0001-3", "p0001", SENTENCES[0])
        assert found.at == NOON + timedelta(seconds=10)
        assert len(await records.search_words("疼", limit=2)) == 2


async def test_another_departments_words_are_not_found(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await records.save_patient(replace(await records.patient("p0001"), department="骨科"))
    async with store.transaction(write=False, sees="心内科") as records:
        assert await records.search_words("疼") == []
    async with store.transaction(write=False, sees="骨科") as records:
        assert len(await records.search_words("疼")) == 3


async def test_a_patient_is_found_by_every_number(store: ScreenStore) -> None:
    async with store.transaction() as records:
        person = await records.patient("p0001")
        await records.save_patient(replace(person, hospital_number="ZY20261", caregiver_phone="+8613700009999"))
    async with store.transaction(write=False) as records:
        for wanted in ("ZY2026", "9999", person.phone[-4:], person.name):
            assert [p.id for p in await records.search_patients(wanted)] == ["p0001"], wanted
        assert await records.search_patients("8888") == []


def test_sentences_become_pairs_of_neighbours() -> None:
    assert row_of_pairs("头疼，好") == "头疼 疼 好"
    assert set_of_pairs("头疼好") == ["头", "头疼", "好", "疼", "疼好"]
    assert phrases("头疼好") == '"头疼 疼好"'
    assert (phrases("疼"), phrases("，")) == ('"疼"*', None)
    assert needed("头疼好") == ["头疼", "疼好"]
