"""Every page over the real store reads as over the one in memory."""

import re
from pathlib import Path

from agent.store.open import migrate, open_store
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward
from tests.unit.dashboard.test_pages import PAGES


def without_tokens(html: str) -> str:
    return re.sub(r"[0-9a-f]{64}", "", html)


async def test_pages_are_the_same_on_sqlite(ward: Ward, nurse: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    store = await open_store(url)
    await seed.seed(store, tmp_path, START)
    real = Ward(store, tmp_path)
    other = await real.nurse()
    for path in PAGES:
        assert without_tokens((await other.get(path)).text) == without_tokens((await nurse.get(path)).text), path
    assert (await other.post("/escalations/e0001/take")).status_code == 200
    assert (await other.post("/escalations/e0001/note", note="已联系")).status_code == 200
    assert (await other.post("/escalations/e0001/resolve", disposition="advised")).status_code == 200
    await store.close()
