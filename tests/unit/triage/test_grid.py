"""The grid puts sentences into frames a clinician writes and counts what falls silent or alarms for nothing."""

from pathlib import Path

import pytest

from agent.triage.reader import Reader
from bench.grid import measure
from bench.grid_frames import BadFrame, Group, groups


def test_the_frames_of_the_tree_are_whole() -> None:
    assert {"behind", "ahead", "run_on", "time", "hedge", "kin", "calm_speech"} <= {group.name for group in groups()}


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("{say: loud, expect: red, frames: ['{}']}", "say must"),
        ("{say: danger, expect: loud, frames: ['{}']}", "expect must"),
        ("{say: danger, expect: red, frames: [没事]}", "needs one"),
        ("{say: danger, expect: red}", "needs one"),
    ],
)
def test_a_broken_group_is_named(tmp_path: Path, entry: str, wrong: str) -> None:
    file = tmp_path / "frames.yml"
    file.write_text(f"odd: {entry}\n", encoding="utf-8")
    with pytest.raises(BadFrame, match=f"odd: .*{wrong}"):
        groups(file)


def test_a_relative_says_it_of_the_patient_and_a_recogniser_writes_no_stops() -> None:
    relative = Group("kin", "danger", "red", ("我妈{}",), relative=True)
    assert relative.said("我妈{}", "我胸口疼") == "我妈胸口疼"
    run_on = Group("run_on", "danger", "red", ("{}，没发烧",), run_on=True)
    assert run_on.said("{}，没发烧", "胸口疼，出汗") == "胸口疼出汗没发烧"


def test_own_sentences_are_sorted_by_how_they_read_and_counted(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_text("胸口疼得厉害。\n\n今天天气不错\n", encoding="utf-8")
    figures = measure(reader, ["--sentences", str(file), "--only", "behind,calm_speech"])
    assert (figures["dangers"], figures["calm"], figures["silent"], figures["false_red"]) == (1, 1, 0, 0)
    assert set(figures["groups"]) == {"silent: behind", "false red: calm_speech"}


def test_a_danger_that_stays_red_where_it_must_not_is_a_false_red_with_its_frame(
    reader: Reader, tmp_path: Path
) -> None:
    file, frames = tmp_path / "own.txt", tmp_path / "frames.yml"
    file.write_text("胸口疼得厉害\n", encoding="utf-8")
    frames.write_text(
        "mine: {say: danger, expect: calm, frames: ['{}啊']}\n"
        "over: {say: danger, expect: red, frames: ['{}，那是去年']}\n",
        encoding="utf-8",
    )
    figures = measure(reader, ["--sentences", str(file), "--frames", str(frames), "--only", "mine,over"])
    assert figures["groups"]["false red: mine"]["by_frame"] == {"{}啊": 1}
    assert figures["groups"]["false red: mine"]["examples"] == ["胸口疼得厉害啊"]
    assert figures["groups"]["silent: over"]["faults"] == figures["silent"]


def test_the_same_seed_reads_the_same_sample(reader: Reader) -> None:
    asked = ["--only", "hedge", "--share", "0.05", "--seed", "7"]
    first = measure(reader, asked)
    assert first == measure(reader, asked)
    assert 0 < first["read"] < 400


def test_an_unknown_group_is_refused(reader: Reader) -> None:
    with pytest.raises(SystemExit):
        measure(reader, ["--only", "nobody"])
