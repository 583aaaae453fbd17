"""`./suifang validate`: what the product ships is right; what triage does not know is named with line and remedy."""

import argparse
import shutil
from pathlib import Path

import pytest

from agent.dialog.pathway_crosscheck import Known, unknown_names
from agent.dialog.pathway_loader import problems
from agent.triage.content import load
from commands import validate_command
from folders import NLU_DATA, PATHWAYS
from tests.unit.dialog.copied import copied, edit

CONTENT = load(NLU_DATA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def run(pathways: Path, *, english: bool = False) -> int:
    return validate_command.run(argparse.Namespace(pathways=pathways, nlu_data=NLU_DATA, english=english))


def test_the_shipped_pathways_use_only_what_triage_knows() -> None:
    assert [str(one) for one in validate_command.cross_check(PATHWAYS, NLU_DATA)] == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("asks: [orthopnoea]", "asks: [orthopnea]", "concept orthopnea is unknown"),
        ("measurements: [weight_kg]", "measurements: [weight]", "measurement weight is unknown"),
        (
            "concepts: [palpitations, presyncope]",
            "concepts: [palpitation, presyncope]",
            "concept palpitation is unknown",
        ),
    ],
)
def test_a_name_triage_lacks(folder: Path, before: str, after: str, message: str) -> None:
    edit(folder, before, after)
    found = validate_command.cross_check(folder, NLU_DATA)
    assert [one for one in found if message in one.message and "Perhaps" in one.remedy and one.line > 1]


def test_a_red_rule_nobody_speaks_for(folder: Path) -> None:
    known = Known(CONTENT.concepts.keys(), dict.fromkeys(CONTENT.measurements, ()), {"new_danger": ("rare_thing",)})
    assert any("new_danger" in one.message for one in unknown_names(folder, known))


def test_the_exit_code_and_the_words_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, "type: yes_no", "type: yesno")
    assert run(folder) == 1
    printed = capsys.readouterr().out
    assert "heart_failure/pathway.yml" in printed and "'yesno'" in printed and "yes_no" in printed
    assert "不在可选的值里" in printed and "is not one" not in printed
    assert run(folder, english=True) == 1
    assert "is not one of the choices" in capsys.readouterr().out


@pytest.mark.parametrize("unit", ["斤", "磅", "mmHg"])
def test_a_unit_the_value_is_not_kept_in(folder: Path, unit: str) -> None:
    edit(folder, "unit: 公斤", f"unit: {unit}")
    (found,) = validate_command.cross_check(folder, NLU_DATA)
    assert "is not kept in" in found.message and "公斤" in found.remedy
    assert "unit:" in Path(found.file).read_text(encoding="utf-8").splitlines()[found.line - 1]


def test_a_quote_that_is_not_closed_is_named_where_it_stands(folder: Path) -> None:
    edit(folder, "voice: 脚或者小腿肿不肿？", 'voice: "脚或者小腿肿不肿？')
    (found,) = problems(folder)
    lines = (folder / "heart_failure" / "pathway.yml").read_text(encoding="utf-8").splitlines()
    assert "脚或者小腿" in lines[found.line - 1] and "quote" in found.message


def test_a_pathway_that_is_no_utf8_is_named_among_the_others(folder: Path) -> None:
    path = folder / "heart_failure" / "pathway.yml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "cannot be read" in str([str(one) for one in problems(folder)])


def test_a_reply_of_chat_or_wechat_that_is_not_written(tmp_path: Path) -> None:
    shutil.copytree(NLU_DATA / "chat", tmp_path / "chat")
    assert validate_command.replies(tmp_path) == []
    edit(tmp_path, "  no_date:", "  no_data:", "chat/wechat.yml")
    edit(tmp_path, "words:", "word:", "chat/chat.yml")
    assert [(one.file, one.message) for one in validate_command.replies(tmp_path)] == [
        ("chat/chat.yml", "words missing"),
        ("chat/wechat.yml", "no_date missing"),
    ]
