"""Rehearsals by text: the same seed gives the same bytes, and what went wrong is seen."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.model.answer import Answer
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus, Evidence
from agent.model.finding import Level
from agent.model.turn import TurnKind
from bench.rehearsal.call import Call
from bench.rehearsal.judge import Verdict, judge
from bench.rehearsal.run import Wish, by_text, planned, results
from bench.rehearsal.text_run import START
from settings import Settings
from tests.fakes.decider import ScriptedDecider


async def rehearsed(out: Path, seed: int = 1, patients: int = 24) -> list[Call]:
    wish = Wish("heart_failure", patients, seed, None, 0.03, out)
    return await by_text(wish, Settings(data=out), ScriptedDecider())


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """One run of 24 patients; a test changes copies."""
    return asyncio.run(rehearsed(tmp_path_factory.mktemp("rehearsal")))


async def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    pages = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        out = tmp_path / name
        calls = await rehearsed(out, seed, patients=6)
        results(Wish("heart_failure", 6, seed, None, 0.03, out), calls, "文字")
        pages.append(((out / "conversations.json").read_bytes(), (out / "report.html").read_bytes()))
    assert pages[0] == pages[1]
    assert pages[0][0] != pages[2][0]


def test_a_run_ends_every_call_and_the_report_stands_alone(calls: list[Call], tmp_path: Path) -> None:
    summary = results(Wish("heart_failure", 24, 1, None, 0.03, tmp_path), calls, "文字")
    assert summary["patients"] == 24 and summary["faults"] == 0
    assert summary["red_flags"]["said"] > 0
    assert {exchange.said.kind for call in calls for exchange in call.exchanges} >= {
        TurnKind.SPEECH, TurnKind.DIGITS, TurnKind.SILENCE, TurnKind.UNHEARD, TurnKind.HANGUP,
    }  # fmt: skip
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "http" not in page and "<script" not in page
    assert all(f'id="c{call.number}"' in page for call in calls)
    json.dumps(summary, ensure_ascii=False, default=str)


def test_what_was_understood_is_held_against_what_was_meant(calls: list[Call]) -> None:
    call = replace(next(one for one in calls if one.answers and judge(one).count(Verdict.RIGHT)))
    right = next(one for one in judge(call).answers if one.verdict is Verdict.RIGHT and one.understood is not None)
    stored = next(answer for answer in call.answers if answer.question == right.question)

    def verdict() -> Verdict:
        return next(one.verdict for one in judge(call).answers if one.question == right.question)

    call.answers = tuple(other_value(one) if one is stored else one for one in call.answers)
    assert verdict() is Verdict.WRONG
    call.answers = tuple(one for one in call.answers if one.question != right.question)
    assert verdict() is Verdict.MISSING


def other_value(answer: Answer) -> Answer:
    return replace(answer, value=not answer.value if isinstance(answer.value, bool) else "something else")


def test_an_answer_nobody_gave_is_invented(calls: list[Call]) -> None:
    call = replace(next(one for one in calls if one.persona.id == "stranger"))
    breath = call.pathway.questions["breath"]
    wrong = not call.truth.values["breath"]
    call.answers = (Answer("breath", breath.type, wrong, "", 1.0, "t"),)
    assert [one.verdict for one in judge(call).answers] == [Verdict.INVENTED]


def test_a_danger_without_a_red_card_is_missed(calls: list[Call]) -> None:
    call = replace(next(one for one in calls if judge(one).dangers and not judge(one).missed))
    assert judge(call).dangers[0].level == Level.RED
    call.escalations = ()
    assert [one.level for one in judge(call).missed] == [""] * len(judge(call).dangers)


def test_a_red_card_behind_which_nothing_was_said_is_false(calls: list[Call]) -> None:
    call = replace(next(one for one in calls if not any(exchange.said.danger for exchange in one.exchanges)))
    call.escalations = ()
    assert judge(call).false_red == ()
    evidence = Evidence("", (0, 0), "", "", None, 1.0, False)
    call.escalations = (Escalation("e", "p", call.contact_id, EscalationKind.RED_FLAG, Level.RED, "r", "测试", evidence,
                                   EscalationStatus.OPEN, START + timedelta(seconds=5)),)  # fmt: skip
    assert judge(call).false_red == ("测试",)


def test_a_node_or_persona_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no node of day 5; it has 3, 7"):
        planned(Wish("heart_failure", 1, 1, 5, 0.0, tmp_path))
    with pytest.raises(ValueError, match="no persona ghost"):
        planned(Wish("heart_failure", 1, 1, None, 0.0, tmp_path, ("ghost",)))
