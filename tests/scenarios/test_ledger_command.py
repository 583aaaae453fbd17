"""`ledger` and `call` as a coordinator uses them, on a real store."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.model.clock import utc_now
from agent.model.contact import Channel, ContactStatus
from agent.model.message import Message, MessageKind, MessageStatus
from agent.store.open import migrate, open_store
from folders import ROOT
from tests.fakes import rows


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Three patients, each with a contact that fell due a minute ago."""
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)

    async def fill() -> None:
        store = await open_store(url)
        async with store.transaction() as records:
            for number in (1, 2, 3):
                await records.add_patient(rows.patient(number))
                due = utc_now() - timedelta(minutes=1) if number < 3 else utc_now() + timedelta(days=3)
                await records.add_plan(rows.plan(number), [rows.contact(number, due_at=due, planned_for=date.min)])
        await store.close()

    asyncio.run(fill())
    return url


def suifang(database: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"SUIFANG_DATABASE_URL": database, "PATH": "/usr/bin:/bin", "SUIFANG_CONFIG": os.devnull}
    return subprocess.run(
        [sys.executable, "cli.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def change(database: str, **changes: object) -> None:
    async def write() -> None:
        store = await open_store(database)
        async with store.transaction() as records:
            contact = await records.contact("c0001-3")
            await records.save_contact(rows.replace(contact, **changes))
        await store.close()

    asyncio.run(write())


def test_the_day_is_closed_when_everything_is_done_or_has_a_date(database: str) -> None:
    change(database, status=ContactStatus.WAIVED, reason="deceased")
    said = suifang(database, "ledger", "--json")
    account = json.loads(said.stdout)
    assert said.returncode == 0 and account["closed"]
    assert (account["due"], account["waived"], account["open"], account["adrift"]) == (2, 1, 1, 0)


def test_a_contact_that_nobody_moves_is_named_and_the_command_fails(database: str) -> None:
    change(database, status=ContactStatus.IN_PROGRESS)  # and no attempt: its process died between two writes
    said = suifang(database, "ledger")
    assert said.returncode == 1
    assert "没有结平" in said.stdout and "c0001-3" in said.stdout


def write_message(database: str, **changes: object) -> None:
    async def write() -> None:
        store = await open_store(database)
        async with store.transaction() as records:
            message = Message("m1", Channel.SMS, "+8613900000001", MessageKind.STAFF, "演习", utc_now())
            await records.add_message(rows.replace(message, **changes))
        await store.close()

    asyncio.run(write())


def test_a_message_that_failed_is_in_the_sum_with_its_reason(database: str) -> None:
    write_message(database, status=MessageStatus.FAILED, failed_why="bad_address")
    said = suifang(database, "ledger", "--json")
    messages = json.loads(said.stdout)["messages"]
    assert said.returncode == 0
    assert (messages["written"], messages["failed"], messages["failures"]) == (1, 1, {"bad_address": 1})


def test_a_message_that_nobody_sends_fails_the_command(database: str) -> None:
    write_message(database, created_at=utc_now() - timedelta(hours=2))
    said = suifang(database, "ledger")
    assert said.returncode == 1 and "一小时以上没有发出" in said.stdout


def test_a_contact_is_brought_forward_by_name_or_number(database: str) -> None:
    said = suifang(database, "call", "病人3")
    assert said.returncode == 0 and "c0003-3" in said.stdout, said.stderr
    assert json.loads(suifang(database, "ledger", "--json").stdout)["brought_forward_from_earlier_days"] == 0
    many = suifang(database, "call", "病人")
    assert many.returncode == 1 and "3 patients fit" in many.stderr
    nobody = suifang(database, "call", "张三")
    assert nobody.returncode == 1 and "nobody" in nobody.stderr
