"""A discharge list from the browser: nothing is stored before it is confirmed."""

from collections.abc import Callable

import httpx

from agent.model.record import Role, User
from tests.fakes import desk, seed
from tests.unit.dashboard.conftest import Browser, Ward

Words = Callable[[str], str]


async def uploaded(browser: Browser, data: bytes = desk.LIST, **fields: str) -> httpx.Response:
    form = {"token": await browser.token(), "source": "心内科", **fields}
    return await browser.http.post("/import", data=form, files={"file": ("名单.csv", data, "text/csv")})


async def known(ward: Ward) -> int:
    async with ward.store.transaction(write=False) as records:
        return len(await records.patients())


async def test_columns_are_told_once_and_the_list_is_taken_in_when_it_is_confirmed(ward: Ward, text_of: Words) -> None:
    browser, before = await ward.nurse("zhaomin"), await known(ward)
    where = (await uploaded(browser)).headers["location"]
    page = text_of((await browser.get(where)).text)
    assert "这份名单现在还不能导入" in page and "缺少：分层" in page and "请在“列的对应”里选好" in page
    told = {"column-0": "姓名", "column-1": "电话", "column-2": "诊断", "column-3": "出院日期", "column-4": "分层",
            "column-5": "科室"}  # fmt: skip
    assert (await browser.post(f"{where}/columns", **told)).headers["location"] == where
    page = text_of((await browser.get(where)).text)
    counts = ("会产生 8 次随访", "新患者 2 行", "心衰出院随访 1 人")
    for said in (*counts, "钱桂芬", "第3天 11-22", "这个诊断没有对应的随访路径"):
        assert said in page, said
    assert "2 行不会写入" in page and await known(ward) == before
    assert "号码" in (await browser.get(f"{where}/problems.csv")).text

    assert (await browser.post(f"{where}/confirm")).headers["location"] == where
    page = text_of((await browser.get(where)).text)
    assert "已导入 2 行" in page and await known(ward) == before + 2
    await browser.post(f"{where}/confirm")
    assert await known(ward) == before + 2
    async with ward.store.transaction(write=False) as records:
        (event,) = await records.events("import", where.split("/")[-1])
    assert (event.actor, event.to_status) == ("zhaomin", "imported")
    assert event.reason == "心内科: 2 rows, 2 plans, 2 problems"

    again = (await uploaded(browser)).headers["location"]  # the same source: its headings are known
    page = text_of((await browser.get(again)).text)
    assert "都已在系统中，没有要新建的随访" in page


async def test_a_list_belongs_to_whoever_uploaded_it_and_for_half_an_hour(ward: Ward) -> None:
    browser, other = await ward.nurse("zhaomin"), await ward.nurse("admin")
    where = (await uploaded(browser)).headers["location"]
    assert (await other.get(where)).headers["location"] == "/import?said=gone"
    assert (await other.get(f"{where}/problems.csv")).status_code == 404
    ward.clock.passes(minutes=31)
    assert (await browser.post(f"{where}/confirm")).headers["location"] == "/import?said=gone"


async def test_what_is_no_list_says_what_to_do(ward: Ward, text_of: Words) -> None:
    browser = await ward.nurse("zhaomin")
    assert (await uploaded(browser, b"")).headers["location"] == "/import?said=empty"
    where = (await uploaded(browser, b"\xd0\xcf\x11\xe0old")).headers["location"]
    assert "请去掉密码，另存为 .xlsx" in text_of((await browser.get(where)).text)
    assert (await uploaded(browser, token="forged")).status_code == 403
    nurse = await ward.nurse()
    assert (await uploaded(nurse)).status_code == 403 and (await nurse.get("/import")).status_code == 403


async def test_a_departments_coordinator_brings_in_its_patients_only(ward: Ward, text_of: Words) -> None:
    async with ward.store.transaction() as records:
        await records.add_user(User("skin", "皮肤科协调员", Role.COORDINATOR, seed.HASHED, department="皮肤科"))
    browser = await ward.nurse("skin")
    data = desk.LIST.decode("gb18030").replace("危险度", "分层").replace("湿疹", "术后").encode()
    where = (await uploaded(browser, data)).headers["location"]
    page = text_of((await browser.get(where)).text)
    assert "新患者 1 行" in page and "韩志强" in page and "请只导入 皮肤科 的患者" in page
