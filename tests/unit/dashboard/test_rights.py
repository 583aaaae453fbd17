"""Roles by one table, departments by the store."""

from dataclasses import replace

import pytest
from fastapi.routing import APIRoute

from agent.model.record import Role, User
from dashboard.app import PAGES
from dashboard.rights import PUBLIC, RIGHTS, SIGNED_IN, Permission, open_to
from tests.fakes import seed
from tests.unit.dashboard.conftest import Browser, Ward


def routes() -> set[tuple[str, str]]:
    found = (route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute))
    return {(method, route.path) for route in found for method in route.methods - {"HEAD"}}


def test_every_route_stands_in_the_table_and_nothing_else_does() -> None:
    assert routes() == PUBLIC | SIGNED_IN | set(RIGHTS)


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.NURSE, Permission.ACT, True),
        (Role.NURSE, Permission.RELEASE, False),
        (Role.NURSE, Permission.INSIGHT, False),
        (Role.DOCTOR, Permission.RELEASE, True),
        (Role.COORDINATOR, Permission.ACT, False),
        (Role.COORDINATOR, Permission.IMPORT, True),
        (Role.AUDITOR, Permission.ACT, False),
        (Role.AUDITOR, Permission.ARRANGE, False),
        (Role.AUDITOR, Permission.INSIGHT, True),
        (Role.CLINICIAN, Permission.USERS, False),
        (Role.NURSE, Permission.HOUSE, False),
        (Role.COORDINATOR, Permission.HOUSE, True),
        (Role.ADMIN, Permission.USERS, True),
    ],
)
def test_what_a_role_may(role: Role, permission: Permission, may: bool) -> None:
    wanted = [key for key, needs in RIGHTS.items() if needs is permission]
    assert all(open_to(role, *key) is may for key in wanted)


def test_what_stands_in_no_table_is_closed() -> None:
    assert not open_to(Role.ADMIN, "GET", "/new-page")
    assert not open_to(Role.ADMIN, "DELETE", "/queue")
    assert open_to(Role.AUDITOR, "HEAD", "/recordings/{recording_id}.wav")


async def test_a_route_that_the_role_may_not_use_says_so(ward: Ward) -> None:
    auditor = await ward.nurse("audit")
    answer = await auditor.get("/practice")
    assert answer.status_code == 403 and "没有权限" in answer.text
    coordinator = await ward.nurse("zhaomin")
    assert (await coordinator.post("/contacts/c0001-7/turns/tc0001-7-2/missed")).status_code == 403


async def surgeon(ward: Ward) -> Browser:
    """A nurse of the surgeons' ward, where 陈志明 lies."""
    async with ward.store.transaction() as records:
        theirs = (await records.patient("p0004")).department
        assert theirs and theirs != (await records.patient("p0001")).department
        await records.add_user(User("surgery", "外科护士", Role.NURSE, seed.HASHED, department=theirs))
    return await ward.nurse("surgery")


async def test_a_department_sees_its_own_patients_everywhere(ward: Ward) -> None:
    nurse = await surgeon(ward)
    queue = (await nurse.get("/queue")).text
    assert "陈志明" in queue and "王秀英" not in queue
    listed = (await nurse.get("/patients")).text
    assert "陈志明" in listed and "王秀英" not in listed
    assert "王秀英" not in (await nurse.get("/contacts")).text
    for path in ("/escalations/e0001", "/patients/p0001", "/contacts/c0001-7", "/recordings/rc0001-7/peaks",
                 "/recordings/rc0001-7.wav"):  # fmt: skip
        assert (await nurse.get(path)).status_code == 404, path
    assert (await nurse.get("/escalations/e0004")).status_code == 200


async def test_a_department_acts_on_its_own_cards_alone_and_can_give_them_to_whom_may_see_them(ward: Ward) -> None:
    nurse = await surgeon(ward)
    assert (await nurse.post("/escalations/e0001/take")).status_code == 404
    assert (await nurse.post("/escalations/e0004/take")).status_code == 200
    other = await ward.nurse("lijing")
    assert (await other.post("/escalations/e0001/assign", to="surgery")).status_code == 404
    assert (await nurse.post("/escalations/e0004/assign", to="wangfang")).status_code == 200


async def test_a_patient_of_no_department_is_everybodys(ward: Ward) -> None:
    async with ward.store.transaction() as records:
        await records.save_patient(replace(await records.patient("p0001"), department=None))
    assert (await (await surgeon(ward)).get("/escalations/e0001")).status_code == 200
