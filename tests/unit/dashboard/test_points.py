"""The page of points: sums for the coordinator, every deed in the table, nobody else's patients."""

from datetime import timedelta

from agent.model.points import Deed, PointsEarned
from agent.model.record import Role, User
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward


async def earn(ward: Ward) -> tuple[str, str]:
    """Two deeds of one patient; the name and department."""
    async with ward.store.transaction() as records:
        contact = (await records.contacts())[0]
        for n, deed in enumerate((Deed.CONTACT_COMPLETED, Deed.EDUCATION_READ)):
            at = START - timedelta(days=n)
            await records.add_points(PointsEarned(f"d{n}", contact.patient_id, contact.id, deed, 10 - n, at))
        who = await records.patient(contact.patient_id)
    return who.name, who.department or ""


async def test_sums_and_the_table(ward: Ward) -> None:
    name, _ = await earn(ward)
    desk = await ward.nurse("zhaomin")
    page = (await desk.get("/points")).text
    assert name in page and "19" in page
    sent = await desk.get("/points?file=csv")
    assert "attachment" in sent.headers["content-disposition"]
    rows = sent.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "完成随访" in rows[2] and name in rows[1]
    assert name not in (await desk.get(f"/points?first={START.date()}&last={START.date()}")).text.replace(name, "", 1)
    assert "没有积分" in (await desk.get("/points?first=2020-01-01&last=2020-01-02")).text
    assert (await desk.get("/points?first=soon")).status_code == 404


async def test_nurses_and_other_departments_do_not_see_them(ward: Ward, nurse: Browser) -> None:
    name, department = await earn(ward)
    assert (await nurse.get("/points")).status_code == 403
    async with ward.store.transaction() as records:
        await records.add_user(User("far", "别科协调员", Role.COORDINATOR, seed.HASHED, department=f"不是{department}"))
    desk = await ward.nurse("far")
    assert name not in (await desk.get("/points")).text and name not in (await desk.get("/points?file=csv")).text
