"""Every route, walked by somebody of another department who may everything: nothing of the first one is there."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from agent.model.contact import Channel
from agent.model.piece import Piece, PieceKind
from agent.model.record import Role, User
from agent.store.open import migrate, open_store
from agent.store.screens import ScreenStore
from dashboard.app import PAGES
from dashboard.rights import PUBLIC, SIGNED_IN
from tests.fakes import seed, seed_live
from tests.unit.dashboard.conftest import START, Browser, Ward

THEIRS = [f"p{number:04}" for number, person in enumerate(seed.PEOPLE, 1) if person.department == seed.CARDIO]
NAMES = [person.name for person in seed.PEOPLE if person.department == seed.CARDIO] + [c[0] for c in seed_live.CALLS]
NOT_OF_PATIENTS = re.compile(r"^/(users|displays|hours|import|campaigns|practice|live$)|^/insight/faq")
"""The house's own things, and the stream, which carries ids alone."""
FILLED = {
    "patient_id": "p0001", "contact_id": "c0001-7", "turn_id": "tc0001-7-2", "escalation_id": "e0001",
    "attempt_id": "a-live1", "recording_id": "rc0001-7", "piece_id": "piece-of-p0001", "name": "heart_failure",
    "proposal_id": "none", "lesson": "none", "what": "take",
}  # fmt: skip
SAYS = {
    "day": "2026-12-24", "why": "等检查结果", "note": "x", "disposition": "advised", "to": "surgery", "minutes": "30",
    "number": "13800138000", "phone": "13800138000", "tier": "low", "channel": "sms", "template": "please_call",
    "plan": "plan0001", "words": "x", "tags": "x",
}  # fmt: skip
MORE = [
    *(f"/search?q={word}" for word in ("王秀英", "憋醒", "13490000001", "0001", "疼", "心")),
    "/patients?q=王", "/queue?show=resolved", "/contacts?day=2026-11-20", "/contacts?day=2026-11-22",
    "/unreachable?days=90",
    "/insight?department=心血管内科", "/insight/cards?kind=red_flag", "/insight/calls?department=心血管内科",
    *(f"/insight/{name}?as=csv" for name in ("contacts", "cards", "calls", "answers", "readmissions", "satisfaction")),
]  # fmt: skip


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    """Over SQLite: the condition is the database's."""
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    store = await open_store(url)
    await seed.seed(store, tmp_path, START)
    await seed_live.running_calls(store, tmp_path, START)
    async with store.transaction() as records:
        await records.add_user(User("surgery", "外科", Role.ADMIN, seed.HASHED, department=seed.SURGERY))
        said = Piece("piece-of-p0001", Channel.WECHAT, "o1", "p0001", PieceKind.TEXT, START, START, text="憋醒")
        await records.add_piece(said)
    yield Ward(store, tmp_path)
    await store.close()


@pytest.fixture
async def surgeon(ward: Ward) -> Browser:
    return await ward.nurse("surgery")


def routes(method: str) -> list[str]:
    found = (route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute))
    paths = {route.path for route in found if method in route.methods}
    open_to_all = {path for _, path in PUBLIC | SIGNED_IN}
    return sorted(path for path in paths - open_to_all if not NOT_OF_PATIENTS.search(path))


async def of_the_first(store: ScreenStore) -> list[object]:
    """Everything on record about the first department's patients."""
    async with store.transaction(write=False) as records:
        found: list[object] = []
        for patient_id in THEIRS:
            found.append(await records.patient(patient_id))
            found += await records.contacts_of([patient_id])
            found += await records.escalations(patient_id=patient_id)
            found += await records.messages(patient_id=patient_id)
            found += await records.events("patient", patient_id)
        return found


async def test_no_page_shows_anything_of_another_department(surgeon: Browser) -> None:
    for path in [*(each.format(**FILLED) for each in routes("GET")), *MORE]:
        answer = await surgeon.get(path)
        assert answer.status_code in (200, 404), (path, answer.status_code)
        seen = [name for name in NAMES if name in answer.text and name not in path]  # a search repeats what is asked
        assert seen == [], path
        for id_of_theirs in (*THEIRS, "e0001", "c0001-7", "a-live1"):
            assert f"/{id_of_theirs}" not in answer.text, path


async def test_what_is_named_by_an_id_is_not_there_and_cannot_be_changed(ward: Ward, surgeon: Browser) -> None:
    before = await of_the_first(ward.store)
    named = [path for path in routes("GET") if re.search(r"\{(?!name)", path)]
    for path in named:
        assert (await surgeon.get(path.format(**FILLED))).status_code == 404, path
    for path in (path for path in routes("POST") if re.search(r"\{", path)):
        for what in ("take", "release", "assign", "snooze", "note", "resolve") if "{what}" in path else ("",):
            answer = await surgeon.post(path.format(**FILLED | {"what": what}), **SAYS | {"what": "stop"})
            assert answer.status_code == 404, (path, what, answer.status_code)
    assert await of_the_first(ward.store) == before


async def test_her_own_patients_and_those_of_no_department_are_there(ward: Ward, surgeon: Browser) -> None:
    assert "陈志明" in (await surgeon.get("/queue")).text
    async with ward.store.transaction() as records:
        await records.save_patient(replace(await records.patient("p0001"), department=None))
    assert "王秀英" in (await surgeon.get("/queue")).text
