"""The watched folder on real files: taken when whole, put away with a report, safe to repeat."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.exchange.hl7v2.receiver import Receiver
from agent.model.clock import HOSPITAL_ZONE, utc_now
from agent.store.ports import Unavailable
from intake.folder import Report, WatchedFolder
from settings import Settings
from tests.fakes.adt import PID, adt
from tests.fakes.memory_store import MemoryStore
from wiring.intake import parts_for, planner_for, taker

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def house(folder: Path) -> tuple[MemoryStore, WatchedFolder]:
    settings = Settings(data=folder / "data", inbox=folder / "inbox", calling_hours="always")
    store, planner = MemoryStore(), planner_for(settings)
    take = taker(settings, store, planner, Receiver(parts_for(settings, store, planner)))
    return store, WatchedFolder(folder / "inbox", take, lambda: NOW)


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def a_list(name: str = "王秀兰", heading: str = "诊断") -> bytes:
    today = utc_now().astimezone(HOSPITAL_ZONE).date()
    return f"姓名,电话,{heading},出院日期,分层\n{name},13490000001,心力衰竭,{today},高\n".encode("gbk")


async def looked(watched: WatchedFolder, times: int = 2) -> int:
    return sum([await watched.run_once() for _ in range(times)])


async def people(store: MemoryStore) -> int:
    async with store.transaction(write=False) as records:
        return len(await records.patients())


def put_away(folder: Path, where: str) -> list[str]:
    place = folder / "inbox" / where
    return sorted(path.name.split("-", 3)[3] for path in place.iterdir()) if place.is_dir() else []


async def test_a_file_is_taken_when_it_stopped_growing(tmp_path: Path) -> None:
    store, watched = house(tmp_path)
    path = put(tmp_path, "a.csv", a_list()[:30])
    assert await looked(watched, 1) == 0
    path.write_bytes(a_list())
    assert await looked(watched, 1) == 0
    assert await looked(watched, 1) == 1
    assert await people(store) == 1
    assert put_away(tmp_path, "done") == ["a.csv", "a.csv.report.txt"]
    assert not path.exists() and await looked(watched) == 0


async def test_the_same_file_twice_changes_nothing_and_overwrites_nothing(tmp_path: Path) -> None:
    store, watched = house(tmp_path)
    for name in ("a.csv", "b.csv"):
        put(tmp_path, name, a_list())
        assert await looked(watched) == 1
    assert await people(store) == 1
    report = next((tmp_path / "inbox" / "done").glob("*b.csv.report.txt")).read_text(encoding="utf-8")
    assert "未改动 1 行" in report


async def test_what_is_wrong_goes_to_failed_with_the_remedy(tmp_path: Path) -> None:
    store, watched = house(tmp_path)
    put(tmp_path, "a.csv", a_list(name="13490000001"))
    put(tmp_path, "b.xlsx", b"PK\x03\x04")
    put(tmp_path, "ignored.pdf", b"%PDF")
    put(tmp_path, "~$c.xlsx", b"lock")
    assert await looked(watched) == 2
    assert put_away(tmp_path, "failed") == ["a.csv", "a.csv.report.txt", "b.xlsx", "b.xlsx.report.txt"]
    report = next((tmp_path / "inbox" / "failed").glob("*a.csv.report.txt")).read_text(encoding="utf-8")
    assert "第 2 行「姓名」" in report
    assert await people(store) == 0


async def test_a_folder_below_is_a_source_with_headings_of_its_own(tmp_path: Path) -> None:
    store, watched = house(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "columns.yml").write_text("心内科:\n  离院诊断: 诊断\n", encoding="utf-8")
    put(tmp_path, "心内科/a.csv", a_list(heading="离院诊断"))
    put(tmp_path, "骨科/a.csv", a_list(heading="离院诊断"))
    assert await looked(watched) == 2
    assert await people(store) == 1
    assert put_away(tmp_path, "done")[0] == put_away(tmp_path, "failed")[0] == "a.csv"


async def test_messages_in_a_file_are_taken_one_by_one(tmp_path: Path) -> None:
    store, watched = house(tmp_path)
    batch = (
        b"FHS|^~\\&|HIS\rBHS|^~\\&\r"
        + adt("A03", "1")
        + adt("A03", "2", pid=PID.replace("13490000001", "1349"))
        + b"BTS|2\rFTS|1\r"
    )
    put(tmp_path, "day.hl7", batch)
    assert await looked(watched) == 1
    assert put_away(tmp_path, "failed") == ["day.hl7", "day.hl7.report.txt"]
    report = next((tmp_path / "inbox" / "failed").glob("*.report.txt")).read_text(encoding="utf-8")
    assert "共 2 条消息，1 条需要修复" in report and "./suifang intake repair" in report
    assert await people(store) == 1


async def test_a_store_that_is_gone_leaves_the_file_where_it_is(tmp_path: Path) -> None:
    gone = [True, False]

    async def take(path: Path, data: bytes) -> Report:
        if gone.pop(0):
            raise Unavailable("gone")
        return Report(True, "")

    watched = WatchedFolder(tmp_path / "inbox", take, lambda: NOW)
    path = put(tmp_path, "a.csv", a_list())
    with pytest.raises(Unavailable):
        await looked(watched)
    assert path.exists()
    assert await looked(watched) == 1 and not path.exists()
