"""Every page over the real store reads as over the one in memory."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.store.open import migrate, open_store
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward
from tests.unit.dashboard.test_pages import PAGES


def without_tokens(html: str) -> str:
    return re.sub(r"[0-9a-f]{64}", "", html)


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[Ward]:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    store = await open_store(url)
    await seed.seed(store, tmp_path, START)
    yield Ward(store, tmp_path)
    await store.close()


async def test_pages_are_the_same_on_sqlite(nurse: Browser, real: Ward) -> None:
    other = await real.nurse()
    for path in PAGES:
        assert without_tokens((await other.get(path)).text) == without_tokens((await nurse.get(path)).text), path
    assert (await other.post("/escalations/e0001/take")).status_code == 200
    assert (await other.post("/escalations/e0001/note", note="已联系")).status_code == 200
    assert (await other.post("/escalations/e0001/resolve", disposition="advised")).status_code == 200


async def test_a_page_asks_the_database_no_more_often_for_more_contacts(real: Ward) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, words: str, *_more: Any) -> None:
        asked.append(words)

    async def questions(path: str) -> int:
        asked.clear()
        assert (await nurse.get(path)).status_code == 200
        return len(asked)

    nurse = await real.nurse()
    async with real.store.transaction(write=False) as records:
        card = await records.escalation("e0001")
    paths = (f"/patients/{card.patient_id}", "/escalations/e0001", "/queue")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        before = [await questions(path) for path in paths]
        async with real.store.transaction() as records:
            first = (await records.contacts(patient_id=card.patient_id))[0]
            for number in range(9):
                met = replace(first, id=f"more{number}", status=ContactStatus.COMPLETED, attempts_made=1)
                await records.add_contact(met)
                of = (f"a{number}", met.id, met.patient_id, Channel.PHONE, AttemptOutcome.COMPLETED, START)
                await records.add_attempt(Attempt(*of))
        assert [await questions(path) for path in paths] == before
        assert max(before) < 40
    finally:
        event.remove(Engine, "before_cursor_execute", note)
