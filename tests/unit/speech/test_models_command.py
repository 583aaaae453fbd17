"""The command as a person uses it, on an empty data folder."""

import argparse
import os
import shutil
from pathlib import Path

import pytest

from commands import models_command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUIFANG_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SUIFANG_CONFIG", os.devnull)
    return tmp_path / "data"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    models_command.arguments(parser)
    return models_command.run(parser.parse_args(words))


def test_the_list_names_what_is_known_and_what_is_in_use(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    printed = capsys.readouterr().out
    assert "./suifang models get vosk-cn" in printed and "whisper-base" in printed
    assert "recogniser in use:" in printed and "voice in use:" in printed


def test_sentences_of_a_file_are_rendered(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    monkeypatch.setenv("SUIFANG_VOICE", "pyttsx3")
    (tmp_path / "texts").write_text("您好。\n\n再见。\n", encoding="utf-8")
    assert run("render", "--from", str(tmp_path / "texts")) == 0
    assert "2 ready, 0 could not" in capsys.readouterr().out
    assert len(list((data / "prompts").rglob("*.ulaw"))) == 2


def test_a_wrong_setting_is_told_not_thrown(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUIFANG_PORT", "many")
    assert run("list") == 1
    assert "SUIFANG_PORT" in capsys.readouterr().err


def test_an_unknown_model_is_refused_with_the_known_ones(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("get", "vosk-xx")
    assert "vosk-cn" in capsys.readouterr().err
