"""The first two seconds of a call: nobody who says 哪位 or 找谁 has the wrong number, and nothing was misheard."""

import pytest

from agent.dialog.first_words import asks_who_calls, only_calls
from agent.model.move import MoveKind
from tests.unit.dialog.talk import YES, Talk, reading

WHO = [
    "你谁啊",
    "哪位",
    "喂，哪位？",
    "你是哪里的",
    "什么事",
    "找谁",
    "你找谁啊",
    "干啥的",
    "谁啊你",
    "你哪个单位",
    "喂你好，请问哪位",
    "有事吗",
    "啥事啊",
]
CALLS = ["喂", "喂喂", "你好", "喂，你好", "您好", "听得见"]
OTHER = [
    "哎", "是我", "我是", "不是", "打错了", "我是他儿子", "你等一下", "他不在", "王建国", "不认识", "一九五八年",
    "找我爸啊", "谁都不在家", "没事", "你们医院哪个科的药吃了没事", "别打了", "嗯", "对",
]  # fmt: skip


@pytest.mark.parametrize("words", WHO)
def test_who_asks_is_told_who_calls_whatever_the_dialogue_server_thinks(words: str) -> None:
    assert asks_who_calls(words)
    for kind in (MoveKind.WRONG_PERSON, MoveKind.NONSENSE, MoveKind.GREET):
        talk = Talk().turn(words, kind, reading(words))
        assert talk.session.reply.sentences[0].startswith("您好，我是") and talk.said.endswith("王建国本人吗？")
        assert talk.session.end_reason == ""


@pytest.mark.parametrize("words", CALLS)
def test_who_only_calls_out_is_asked_again_without_an_apology(words: str) -> None:
    assert only_calls(words)
    talk = Talk().turn(words, MoveKind.GREET, reading(words))
    assert talk.said == "请问您是王建国本人吗？"


@pytest.mark.parametrize("words", OTHER)
def test_everything_else_is_left_to_the_dialogue(words: str) -> None:
    assert not asks_who_calls(words) and not only_calls(words)


def test_it_does_not_go_on_for_ever() -> None:
    talk = Talk()
    for _ in range(12):
        talk.turn("哪位", MoveKind.GREET, reading("哪位"))
    assert talk.session.end_reason == "identity_failed"


def test_a_family_that_knows_the_year_is_not_the_patient() -> None:
    talk = Talk().turn("我是他儿子", MoveKind.CAREGIVER).turn("1958年", MoveKind.ANSWER, reading("1958年"))
    assert not talk.session.verified and talk.said == "请问您是王建国本人吗？"
    assert Talk().turn("我是他儿子", MoveKind.CAREGIVER).turn("我是王建国，1958年", MoveKind.ANSWER).session.verified


def test_a_relative_who_says_yes_for_ever_ends_the_call() -> None:
    talk = Talk()
    for _ in range(12):
        talk.turn("是我", MoveKind.CAREGIVER, YES)
    assert talk.session.end_reason == "patient_away"
