import pytest

from agent.speech.transcript import collapse_repetitions, tidy, without_credits


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("我不知道我不知道我不知道", "我不知道"),
        ("疼疼疼疼疼疼", "疼疼"),
        ("疼，疼，疼", "疼，疼，疼"),
        ("是是是，对", "是是是，对"),
        ("没有没有", "没有"),
        ("是我。是我。", "是我。"),
        ("没有没有，就是头晕", "没有没有，就是头晕"),
        ("一三五一三五", "一三五一三五"),
        ("一一一一二二二二", "一一一一二二二二"),
        ("138000000008", "138000000008"),
        ("一百二一百二一百二", "一百二一百二一百二"),
    ],
)
def test_loops_are_collapsed_and_numbers_kept(heard: str, kept: str) -> None:
    assert collapse_repetitions(heard) == kept


def test_traditional_forms_and_gaps_go() -> None:
    assert tidy(" 頭 暈 兩 天 了 ") == "头晕两天了"
    assert tidy("血压 120 over 80") == "血压 120 over 80"


@pytest.mark.parametrize("credit", ["字幕由志愿者提供", "请不吝点赞订阅转发打赏", "谢谢观看", "字幕 by 某某"])
def test_subtitle_credits_are_nobody_s_words(credit: str) -> None:
    assert tidy(credit) == ""
    assert tidy(f"胸口疼，{credit}") == "胸口疼，"


def test_the_prompt_s_echo_is_dropped_but_not_the_patient() -> None:
    assert without_credits("以下是普通话的句子。我头晕。", "以下是普通话的句子。") == "我头晕。"


@pytest.mark.parametrize("slip", ["所以是普通话的句子。", "以下是普通的句子", "以下是普通。"])
def test_the_prompt_with_a_slip_is_nobody_s_words_either(slip: str) -> None:
    prompt = "以下是普通话的句子。"
    assert tidy(slip, prompt) == ""
    assert tidy("我说的是普通话", prompt) == "我说的是普通话"


@pytest.mark.parametrize("nothing", ["", "。", "……", " , "])
def test_punctuation_alone_is_nothing(nothing: str) -> None:
    assert tidy(nothing) == ""
