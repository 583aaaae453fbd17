"""Calls in progress: who is talked with, the words, the sound, and who may."""

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.model.contact import AttemptOutcome
from agent.model.record import Role, User
from agent.model.turn import Reply
from agent.store.open import migrate, open_store
from dashboard import live_sound
from dashboard.app import create
from tests.fakes import seed, seed_live
from tests.unit.dashboard.conftest import START, Browser, Ward

FIRST = "a-live1"


@pytest.fixture
async def calling(ward: Ward) -> Ward:
    await seed_live.running_calls(ward.store, ward.folder, START)
    return ward


async def over(ward: Ward, attempt_id: str = FIRST) -> None:
    async with ward.store.transaction() as records:
        attempt = await records.attempt(attempt_id)
        await records.save_attempt(replace(attempt, outcome=AttemptOutcome.HUNG_UP, ended_at=ward.clock()))


async def test_running_calls_are_listed_the_alarming_one_first_and_open(calling: Ward, nurse: Browser) -> None:
    html = (await nurse.get("/calls")).text
    order = [html.index(name) for name in ("黄素芬", "蒋文斌", "郭玉珍", "沈国庆")]
    assert order == sorted(order)
    assert "呼叫中 1" in html and "问到 脚肿" in html and "问到 核对身份" in html
    assert '<mark class="alarm red" title="夜间憋醒，可能心衰加重">憋醒</mark>' in html
    assert "王秀英" not in html  # her call is over


async def test_a_new_turn_is_in_the_part_that_the_page_asks_for_anew(calling: Ward, nurse: Browser) -> None:
    async with calling.store.transaction() as records:
        attempt = await records.attempt("a-live2")
        await seed_live.says(records, attempt, 3, "有两天忘了吃", Reply(("好的，我记下了。",)))
    part = await nurse.fragment("/calls/a-live2")
    assert "有两天忘了吃" in part.text and "<html" not in part.text
    assert "有两天忘了吃" in (await nurse.get("/calls/list")).text


async def test_a_call_that_is_over_leads_to_its_record(calling: Ward, nurse: Browser) -> None:
    await over(calling)
    html = (await nurse.get(f"/calls/{FIRST}")).text
    assert "通话已结束 · 中途挂断" in html and 'href="/contacts/c-live1"' in html and 'id="listen"' not in html
    assert "黄素芬" not in (await nurse.get("/calls/list")).text


async def test_another_wards_calls_do_not_exist(calling: Ward) -> None:
    async with calling.store.transaction() as records:
        await records.add_user(User("surgery", "外科护士", Role.NURSE, seed.HASHED, department=seed.SURGERY))
    surgeon = await calling.nurse("surgery")
    html = (await surgeon.get("/calls")).text
    assert "沈国庆" in html and "黄素芬" not in html  # a patient of no department is everybody's
    for part in ("", "/sound", "/hearing"):
        assert (await surgeon.get(f"/calls/{FIRST}{part}")).status_code == 404


async def test_who_listens_is_on_record_and_shown(calling: Ward, nurse: Browser) -> None:
    await over_soon(calling)
    answer = await nurse.get(f"/calls/{FIRST}/sound")
    assert answer.status_code == 200 and answer.headers["x-rate"] == "8000"
    async with calling.store.transaction(write=False) as records:
        events = await records.events("attempt", FIRST)
    assert [(each.actor, each.to_status) for each in events] == [("lijing", "listened")]
    assert "李静 11:00 旁听" in (await nurse.get("/contacts/c-live1")).text


async def over_soon(ward: Ward) -> None:
    """The call ends while it is listened to: the stream ends with it."""

    async def end() -> None:
        await asyncio.sleep(0.1)
        await over(ward)

    ward.ending = asyncio.create_task(end())  # type: ignore[attr-defined]


async def test_readers_who_are_not_of_the_ward_do_not_listen(calling: Ward) -> None:
    auditor = await calling.nurse("audit")
    assert (await auditor.get("/calls")).status_code == 200
    assert 'id="listen"' not in (await auditor.get("/calls")).text
    assert (await auditor.get(f"/calls/{FIRST}/sound")).status_code == 403


async def test_a_call_that_is_over_is_not_listened_to(calling: Ward, nurse: Browser) -> None:
    await over(calling)
    assert (await nurse.get(f"/calls/{FIRST}/sound")).status_code == 404


async def test_whoever_is_disabled_hears_no_more_of_a_call(
    calling: Ward, nurse: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_sound, "LOOK_SECONDS", 0.0)
    admin = await calling.nurse("admin")
    listening = asyncio.ensure_future(nurse.get(f"/calls/{FIRST}/sound"))
    await admin.post("/users/lijing/disable")
    async with asyncio.timeout(60):
        assert (await listening).status_code in (200, 303)


async def test_both_sides_are_heard_from_a_moment_ago_and_on_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_sound, "LOOK_SECONDS", 0.0)
    seed_live.speak(tmp_path, "call", 10.0)
    looks = 0

    async def still() -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            seed_live.speak(tmp_path, "call", 2.0)
        return looks < 3

    pieces = [piece async for piece in live_sound.sound(tmp_path / "call.wav", still)]
    samples = np.frombuffer(b"".join(pieces), "<i2")
    assert len(samples) == round((live_sound.BEHIND_SECONDS + 2.0) * 8000)
    spectrum = np.abs(np.fft.rfft(samples[:8000].astype(float)))
    assert set(np.argsort(spectrum)[-2:]) == {220, 440}


def test_two_loud_sides_do_not_wrap_around() -> None:
    loud = np.array([[30_000, 30_000], [-30_000, -30_000]], "<i2").tobytes()
    assert np.frombuffer(live_sound.mixed(loud, 2), "<i2").tolist() == [32767, -32768]


async def test_the_page_is_the_same_on_sqlite(calling: Ward, nurse: Browser, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    store = await open_store(url)
    await seed.seed(store, tmp_path, START)
    await seed_live.running_calls(store, tmp_path, START)
    other = await Ward(store, tmp_path).nurse()
    assert (await other.get("/calls/list")).text == (await nurse.get("/calls/list")).text
    await store.close()


async def test_words_that_are_being_said_are_asked_of_the_process_that_hears_them(
    calling: Ward,
) -> None:
    calling.app = create(replace(calling.deps(), hearing=lambda attempt_id: {FIRST: "我昨天晚上"}.get(attempt_id, "")))
    nurse = await calling.nurse()
    assert (await nurse.get(f"/calls/{FIRST}/hearing")).text == "我昨天晚上"
    assert (await nurse.get("/calls/a-live2/hearing")).text == ""


async def test_a_nurse_takes_a_call_over_to_her_own_telephone(calling: Ward, nurse: Browser) -> None:
    assert "接管" in (await nurse.get(f"/calls/{FIRST}")).text
    answer = await nurse.post(f"/calls/{FIRST}/take-over", number="138 0013 8000")
    assert "已告诉机器人，说完这句话就转接" in answer.text and 'id="take"' not in answer.text
    async with calling.store.transaction(write=False) as records:
        wish = await records.take_over(FIRST)
    assert wish is not None and (wish.asked_by, wish.number) == ("lijing", "+8613800138000")
    assert "李静 11:00 接管" in (await nurse.get("/contacts/c-live1")).text
    other = (await nurse.get("/calls/a-live2")).text
    assert "接管到 138 0013 8000" in other  # the next one takes one key
    plain = await nurse.post("/calls/a-live2/take-over", scripted=False, number="13800138000")
    assert plain.status_code == 303 and plain.headers["location"] == "/calls/a-live2"


@pytest.mark.parametrize("number", ["", "12345", "110", "4008001234", "找我"])
async def test_a_number_that_cannot_ring_is_refused_with_the_remedy(calling: Ward, nurse: Browser, number: str) -> None:
    answer = await nurse.post(f"/calls/{FIRST}/take-over", number=number)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    async with calling.store.transaction(write=False) as records:
        assert await records.take_over(FIRST) is None


async def test_a_call_that_is_over_or_rings_still_is_not_taken_over(calling: Ward, nurse: Browser) -> None:
    assert "接管" not in (await nurse.get("/calls/a-live9")).text
    assert (await nurse.post("/calls/a-live9/take-over", number="13800138000")).status_code == 409
    await over(calling)
    assert (await nurse.post(f"/calls/{FIRST}/take-over", number="13800138000")).status_code == 409


async def test_only_the_ward_takes_over(calling: Ward) -> None:
    coordinator = await calling.nurse("zhaomin")
    assert "接管" not in (await coordinator.get(f"/calls/{FIRST}")).text
    assert (await coordinator.post(f"/calls/{FIRST}/take-over", number="13800138000")).status_code == 403


async def test_a_call_is_taken_over_to_the_telephone_of_the_account(calling: Ward, nurse: Browser) -> None:
    assert "接管到" not in (await nurse.get(f"/calls/{FIRST}")).text
    admin = await calling.nurse("admin")
    form = {"display_name": "李静", "role": "nurse", "department": ""}
    assert "号码" in (wrong := await admin.post("/users/lijing/edit", **form, phone="12345")).text
    assert wrong.status_code == 422
    await admin.post("/users/lijing/edit", **form, phone="0571-88000009")
    assert "接管到 057188000009" in (await nurse.get(f"/calls/{FIRST}")).text
