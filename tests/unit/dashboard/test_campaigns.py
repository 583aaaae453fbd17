"""The page of one-off lists: a draft, set going, paused, stopped; only for those who may."""

from agent.campaigns import CampaignFiller
from agent.model.campaign import CampaignStatus
from agent.model.contact import ContactStatus
from agent.model.record import Role, User
from agent.schedule.calendar import CallingCalendar
from tests.fakes import seed
from tests.unit.dashboard.conftest import Browser, Ward

NEW = {"name": "秋季满意度", "pathway": "satisfaction", "department": "心血管内科"}


async def made(ward: Ward) -> tuple[Browser, str]:
    desk = await ward.nurse("zhaomin")
    assert (await desk.post("/campaigns", **NEW)).status_code == 303
    return desk, f"/campaigns/id{ward.ids:06}"


async def status(ward: Ward) -> CampaignStatus:
    async with ward.store.transaction(write=False) as records:
        return (await records.campaigns())[0].status


async def test_a_list_is_made_started_paused_and_stopped(ward: Ward) -> None:
    desk, where = await made(ward)
    page = (await desk.get("/campaigns")).text
    assert "秋季满意度" in page and "草稿" in page and "/ 7" in page
    await desk.post(f"{where}/start")
    filler = CampaignFiller(ward.store, CallingCalendar(), ward.clock, ward.new_id)
    assert await filler.run_once() == 7
    await desk.post(f"{where}/pause", until="2026-12-01")
    assert "已暂停" in (await desk.get("/campaigns")).text and await status(ward) is CampaignStatus.PAUSED
    await desk.post(f"{where}/stop")
    async with ward.store.transaction(write=False) as records:
        mine = [each for each in await records.contacts() if each.campaign_id]
        assert {each.status for each in mine} == {ContactStatus.WAIVED}
    assert await status(ward) is CampaignStatus.STOPPED


async def test_what_cannot_be_done_says_why(ward: Ward) -> None:
    desk, where = await made(ward)
    await desk.post(f"{where}/stop")
    answer = await desk.post(f"{where}/start")
    assert "已经停止" in (await desk.get(answer.headers["location"])).text
    assert (await desk.post("/campaigns/nothing/start")).status_code == 404
    assert (await desk.post(f"{where}/dance")).status_code == 404
    bad = await desk.post("/campaigns", **{**NEW, "discharged_since": "soon"})
    assert "看不懂" in (await desk.get(bad.headers["location"])).text


async def test_nurses_neither_see_nor_change_lists(ward: Ward, nurse: Browser) -> None:
    _, where = await made(ward)
    assert (await nurse.get("/campaigns")).status_code == 403
    assert (await nurse.post(f"{where}/start")).status_code == 403
    assert "/campaigns" not in (await nurse.get("/contacts")).text


async def test_a_departments_coordinator_lists_its_own_patients_only(ward: Ward) -> None:
    async with ward.store.transaction() as records:
        await records.add_user(User("bones", "骨科协调员", Role.COORDINATOR, seed.HASHED, department="骨科"))
    desk = await ward.nurse("bones")
    await desk.post("/campaigns", **NEW)
    async with ward.store.transaction(write=False) as records:
        made = (await records.campaigns())[0]
        listed = await records.campaign_waiting(made.id, limit=100)
        assert {(await records.patient(each)).department for each in listed} <= {"骨科"}


async def test_another_departments_list_is_neither_shown_nor_changed_by_its_address(ward: Ward) -> None:
    house, where = await made(ward)  # the cardiologists' list
    async with ward.store.transaction() as records:
        for name, department in (("bones", "骨科"), ("hearts", "心血管内科")):
            await records.add_user(User(name, name, Role.COORDINATOR, seed.HASHED, department=department))
    other, own = await ward.nurse("bones"), await ward.nurse("hearts")
    assert where not in (await other.get("/campaigns")).text
    assert (await other.post(f"{where}/stop")).status_code == 404
    assert await status(ward) is CampaignStatus.DRAFT
    assert where in (await own.get("/campaigns")).text
    assert (await own.post(f"{where}/start")).status_code == 303
    await house.post("/campaigns", **{**NEW, "department": ""})  # the whole house's
    houses = f"/campaigns/id{ward.ids:06}"
    assert houses != where and houses not in (await own.get("/campaigns")).text
    assert houses in (await house.get("/campaigns")).text
