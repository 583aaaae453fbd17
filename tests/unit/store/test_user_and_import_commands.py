"""The two commands as an administrator and a coordinator meet them, on a database of their own."""

import io
import os
import sqlite3
from pathlib import Path

import pytest

import cli

HEADER = "姓名,电话,诊断,出院日期,分层"


@pytest.fixture(autouse=True)
def own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SUIFANG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SUIFANG_CONFIG", os.devnull)
    monkeypatch.delenv("SUIFANG_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_a_user_is_added_once_and_the_password_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["user", "add", "lihua", "--role", "nurse", "--display-name", "李华", "--generate"]) == 0
    assert "shown once" in capsys.readouterr().out
    assert cli.main(["user", "add", "lihua", "--role", "nurse", "--generate"]) == 1
    assert "taken" in capsys.readouterr().err
    assert cli.main(["user", "list"]) == 0
    shown = capsys.readouterr().out
    assert "李华" in shown and "yes" in shown


def test_a_password_comes_from_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cli.main(["user", "add", "lihua", "--role", "nurse", "--generate"])
    monkeypatch.setattr("sys.stdin", io.StringIO("a good long password\n"))
    assert cli.main(["user", "password", "lihua"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert cli.main(["user", "password", "lihua"]) == 1
    assert cli.main(["user", "password", "nobody", "--generate"]) == 1
    told = capsys.readouterr()
    assert "at least" in told.err and "no user 'nobody'" in told.err
    assert "a good long password" not in told.out + told.err


def test_the_sample_is_imported_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", "--sample"]) == 0
    first = capsys.readouterr().out
    assert "新建计划 12 份" in first and "心力衰竭出院随访" in first and "现在" in first
    assert cli.main(["import", "--sample"]) == 0
    assert "未改动 12 行" in capsys.readouterr().out


def test_a_list_with_wrong_rows(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own_data / "list.csv"
    path.write_bytes(
        f"{HEADER}\n王秀兰,13490000001,心力衰竭,2026-01-02,高\n李四,123,心衰,2026-01-02,高\n".encode("gbk")
    )
    assert cli.main(["import", str(path), "--check"]) == 1
    assert "没有写入任何内容" in capsys.readouterr().out
    assert cli.main(["import", str(path)]) == 1
    told = capsys.readouterr().out
    assert "手机号应为 11 位" in told and "新建计划 1 份" in told and "有问题 1 行" in told


def test_what_cannot_be_read_at_all(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", str(own_data / "nowhere.csv")]) == 2
    (own_data / "x.csv").write_text("姓名,手机\n王秀兰,1\n", encoding="utf-8")
    assert cli.main(["import", str(own_data / "x.csv")]) == 2
    told = capsys.readouterr()
    assert "cannot read" in told.err and "表头缺少" in told.out
    assert not (own_data / "data").exists()


def test_the_contact_after_the_one_under_way_is_not_called_early(
    own_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["import", "--sample"])
    assert cli.main(["call", "王秀兰"]) == 0
    contact = capsys.readouterr().out.split("contact ")[-1].split()[0]
    with sqlite3.connect(own_data / "data" / "suifang.db") as database:
        database.execute("UPDATE contacts SET status = 'in_progress' WHERE id = ?", [contact])
    assert cli.main(["call", "王秀兰"]) == 1
    assert "being followed up at this moment (heart_failure, day 3)" in capsys.readouterr().err


def test_a_wechat_code_for_somebody_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = {"APP_ID": "wx0", "APP_SECRET": "s", "TOKEN": "tok", "AES_KEY": "k" * 43}
    for name, value in account.items():
        monkeypatch.setenv(f"SUIFANG_WECHAT_{name}", value)
    cli.main(["import", "--sample"])
    assert cli.main(["wechat", "code", "没有这个人"]) == 1
    assert "nobody has '没有这个人' in name or number" in capsys.readouterr().err


def test_looking_makes_no_database_and_importing_makes_one_for_its_owner_alone(
    own_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_data / "data").mkdir(mode=0o755)
    assert cli.main(["ledger"]) == 2
    assert "`./suifang import` makes it" in capsys.readouterr().err
    assert list((own_data / "data").iterdir()) == []
    (own_data / "data").rmdir()
    cli.main(["import", "--sample"])
    assert (own_data / "data").stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in (own_data / "data").glob("suifang.db*"))


def test_no_link_is_printed_that_opens_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["import", "--sample"])
    assert cli.main(["chatlink", "王秀兰"]) == 0
    assert cli.main(["chatlink", "郑永福"]) == 1
    assert "no contact to chat on" in capsys.readouterr().err
