"""`import --dry-run` and `intake` as a coordinator runs them, and rules that are edited while the house runs."""

import argparse
import asyncio
import os
from datetime import date
from pathlib import Path

import pytest

from agent.dialog.pathway_loader import load_all
from agent.exchange.hl7v2.receiver import Receiver
from agent.model.discharge import Discharge
from agent.model.people import Tier
from agent.store.open import migrate, open_store
from commands import import_command, intake_command
from folders import PATHWAYS
from settings import Settings
from tests.fakes.adt import PID, adt
from wiring.intake import parts_for, planner_for
from wiring.planning import FreshPlanner


def parsed(command: object, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.arguments(parser)  # type: ignore[attr-defined]
    return parser.parse_args(words)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SUIFANG_DATA", str(tmp_path))
    monkeypatch.setenv("SUIFANG_CONFIG", os.devnull)
    made = Settings(data=tmp_path)
    migrate(made.database)
    return made


def test_a_dry_run_prints_the_contacts_and_leaves_the_store_empty(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_command.run(parsed(import_command, "--sample", "--dry-run")) == 0
    said = capsys.readouterr().out
    assert "这份名单会产生这些联系" in said and "王秀兰" in said and "只发宣教" in said and "将新建计划 12 份" in said

    async def patients() -> int:
        store = await open_store(settings.database)
        try:
            async with store.transaction(write=False) as records:
                return len(await records.patients())
        finally:
            await store.close()

    assert asyncio.run(patients()) == 0
    assert import_command.run(parsed(import_command, "--sample")) == 0
    assert asyncio.run(patients()) == 12


def test_a_broken_message_is_listed_shown_and_repaired(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def receive() -> str:
        store = await open_store(settings.database)
        try:
            parts = parts_for(settings, store, planner_for(settings))
            await Receiver(parts).receive(adt("A03", "1", pid=PID.replace("13490000001", "1349")))
            async with store.transaction(write=False) as records:
                return (await records.inbound_failed())[0].id
        finally:
            await store.close()

    message_id = asyncio.run(receive())
    assert intake_command.run(parsed(intake_command, "list")) == 0
    assert "PID-13" in capsys.readouterr().out
    assert intake_command.run(parsed(intake_command, "show", message_id)) == 0
    assert "王^秀兰" in capsys.readouterr().out
    assert intake_command.run(parsed(intake_command, "repair", message_id)) == 1
    mended = tmp_path / "mended.hl7"
    mended.write_bytes(adt("A03", "1"))
    assert intake_command.run(parsed(intake_command, "repair", message_id, "--file", str(mended))) == 0
    assert "new_patient" in capsys.readouterr().out
    assert intake_command.run(parsed(intake_command, "repair", "no-such")) == 2
    assert intake_command.run(parsed(intake_command, "repair")) == 2


def test_rules_edited_while_the_house_runs_hold_and_a_broken_edit_does_not(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"

    def write(text: str, moment: int) -> None:
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(moment, moment))

    write("其余分层: 中\n", 1_000_000_000)
    planner = FreshPlanner(Settings(plan_rules=str(path)), lambda: load_all(PATHWAYS))
    one = Discharge("王秀兰", "+8613490000001", "高血压", date(2026, 11, 18), None)
    assert planner.plan_for(one).tier is Tier.MIDDLE
    write("其余分层: 低\n只做宣教: [低]\n", 2_000_000_000)
    assert planner.plan_for(one).education_only and Tier.LOW in planner.rules.education_only
    write("其余分层: 没有\n", 3_000_000_000)
    assert planner.plan_for(one).tier is Tier.LOW
