"""Answers that deny and tell the asked word, ask in return, count, or ask what the word means."""

import pytest

from agent.model.finding import Status
from agent.triage.reader import Reader

PRESENT, DENIED = Status.PRESENT, Status.DENIED


@pytest.mark.parametrize(
    ("question", "answer", "words", "wanted"),
    [
        ("胳膊疼不疼？", "放着不疼，抬高就疼", ["疼"], [PRESENT]),
        ("喝水呛咳吗？", "小口喝不呛，大口喝总呛", ["呛咳"], [PRESENT]),
        ("心口还疼吗？", "疼啥疼，天天下地干活", ["疼"], [DENIED]),
        ("腿还酸胀吗？", "酸胀么事哟，早好了", ["酸胀"], [DENIED]),
        ("刀口疼吗？", "咋不疼，夜里疼醒两回", ["疼"], [PRESENT]),
        ("有没有乏力？", "这岁数谁不乏力", ["乏力"], [PRESENT]),
        ("胸痛、气短、发热，哪样有？", "没有，没有，有", ["胸痛", "气短", "发热"], [DENIED, DENIED, PRESENT]),
        ("胸痛、气短、发热，有没有？", "第二个有", ["胸痛", "气短", "发热"], [None, PRESENT, None]),
        ("有没有心悸？", "什么叫心悸", ["心悸"], [None]),
        ("有没有反酸、嗳气、腹胀？", "一样都没得", ["反酸", "嗳气", "腹胀"], [DENIED, DENIED, DENIED]),
        ("有没有红肿，或者流水？", "红是红水倒没有", ["红肿", "流水"], [PRESENT, DENIED]),
        ("脚踝肿吗？", "早上起来好好的到了晚上袜子一道深印", ["肿"], [PRESENT]),
        ("喘不喘？", "喘是不喘就是没劲", ["喘"], [DENIED]),
        ("耳朵流脓吗？", "冇流，干的", ["流脓"], [DENIED]),
    ],
)
def test_what_a_conversation_takes_it_for(
    reader: Reader, question: str, answer: str, words: list[str], wanted: list[Status | None]
) -> None:
    assert reader.settled_statuses(answer, question, words) == wanted


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("还疼吗？", "原先咳得睡不着，现在不咳了", "咳"),  # then and now, the other way about
        ("干咳吗？", "换了药就不咳了，原先咳得不行", "干咳"),
        ("肚子痛吗？", "隔壁床的痛，我不痛", "肚子痛"),
    ],
)
def test_then_and_another_are_not_said_both_ways(reader: Reader, question: str, answer: str, words: str) -> None:
    assert reader.asked_statuses(answer, question, [words])[0] is not PRESENT


def test_dialect_noes_keep_their_length(reader: Reader) -> None:
    reading = reader.read("我冇胸口痛，木有喘，勿晕")

    assert {finding.status for finding in reading.findings} == {DENIED}
    assert all(reading.text[f.span[0] : f.span[1]] == f.surface for f in reading.findings)
