"""Where words stand as an answer: each line is what a patient has said when he pauses."""

import pytest

from agent.model.turn import Expect
from agent.speech.completeness import Awaited, Completeness, believable, completeness

PRESSURES, NUMBER = Awaited(Expect.NUMBER, numbers=2), Awaited(Expect.NUMBER)
CLOSED, TOLD, WHO = Awaited(Expect.YES_NO), Awaited(Expect.FREE_TEXT), Awaited(Expect.IDENTITY)
UNFINISHED, OPEN, FINISHED = Completeness.UNFINISHED, Completeness.OPEN, Completeness.FINISHED


@pytest.mark.parametrize(
    ("awaited", "text", "stands"),
    [
        (PRESSURES, "", UNFINISHED),
        (PRESSURES, "高压一百四", UNFINISHED),
        (PRESSURES, "高压一百四十，低压", UNFINISHED),
        (PRESSURES, "高压一百四，低压八", UNFINISHED),
        (PRESSURES, "一百三……", UNFINISHED),
        (PRESSURES, "高压是", UNFINISHED),
        (PRESSURES, "高压一百四十，低压九十", FINISHED),
        (PRESSURES, "140/90", FINISHED),
        (PRESSURES, "一百四十五八十八", FINISHED),
        (PRESSURES, "一百六，一百", OPEN),
        (PRESSURES, "一百五，一百五十二", UNFINISHED),
        (PRESSURES, "一百五，一百五十二，九十五", FINISHED),
        (PRESSURES, "低压八十，高压一百三十五", FINISHED),
        (PRESSURES, "我看看啊", UNFINISHED),
        (PRESSURES, "都挺正常", FINISHED),
        (PRESSURES, "没量", FINISHED),
        (PRESSURES, "我家没有血压计", FINISHED),
        (NUMBER, "三十六点", UNFINISHED),
        (NUMBER, "大概", UNFINISHED),
        (NUMBER, "一百", UNFINISHED),
        (NUMBER, "三十八", OPEN),
        (NUMBER, "三十六点八", FINISHED),
        (NUMBER, "36.5", FINISHED),
        (NUMBER, "六十五公斤", FINISHED),
        (NUMBER, "三十六度五", FINISHED),
        (CLOSED, "没有。", FINISHED),
        (CLOSED, "好的", FINISHED),
        (CLOSED, "不疼", FINISHED),
        (CLOSED, "都吃了", FINISHED),
        (CLOSED, "嗯", UNFINISHED),
        (CLOSED, "胸口那儿", OPEN),
        (CLOSED, "那个", UNFINISHED),
        (CLOSED, "没有，就是", UNFINISHED),
        (CLOSED, "疼是不疼，但是", UNFINISHED),
        (CLOSED, "早上有点", UNFINISHED),
        (CLOSED, "哎呀，有点", OPEN),
        (CLOSED, "疼是不疼", UNFINISHED),
        (CLOSED, "对不对", OPEN),
        (CLOSED, "疼不疼", OPEN),
        (CLOSED, "又是", UNFINISHED),
        (CLOSED, "走快些时候", UNFINISHED),
        (CLOSED, "还", UNFINISHED),
        (CLOSED, "要是走远了", UNFINISHED),
        (CLOSED, "要是走远了就喘", OPEN),
        (CLOSED, "没怎么", UNFINISHED),
        (CLOSED, "喘", OPEN),
        (CLOSED, "我这两天", UNFINISHED),
        (TOLD, "嗯……", UNFINISHED),
        (TOLD, "阿司匹林和", UNFINISHED),
        (TOLD, "阿司匹林", OPEN),
        (TOLD, "就这些", FINISHED),
        (TOLD, "别的没有了", FINISHED),
        (WHO, "一九五七年", FINISHED),
        (WHO, "一九五", UNFINISHED),
        (WHO, "我是", UNFINISHED),
        (WHO, "是我", FINISHED),
    ],
)
def test_where_the_words_stand(awaited: Awaited, text: str, stands: Completeness) -> None:
    assert completeness(text, awaited) is stands


@pytest.mark.parametrize(
    ("text", "voiced_seconds", "words"),
    [
        ("对不对。", 0.26, ""),  # made of a 嗯
        ("没有", 0.2, "没有"),
        ("不知道", 0.4, "不知道"),
        ("我看看高压是", 0.4, ""),
        ("没有没有没有没有没有", 0.6, "没有没有没有没有没有"),  # whoever speaks long may speak fast
        (None, 0.1, None),
    ],
)
def test_a_short_sound_holds_few_words(text: str | None, voiced_seconds: float, words: str | None) -> None:
    assert believable(text, voiced_seconds) == words
