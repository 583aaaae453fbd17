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


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("昨天夜裡開始頭暈，後來吐了兩次", "昨天夜里开始头晕，后来吐了两次"),
        ("為什麼胸口這麽悶", "为什么胸口这么闷"),
        ("傷口裏面滲血，一陣陣發燒", "伤口里面渗血，一阵阵发烧"),
        ("左手麻痺，揹不動東西", "左手麻痹，背不动东西"),
        ("乾咳，嘴乾，只有一隻腳腫", "干咳，嘴干，只有一只脚肿"),
        ("睡不著，著急，走著走著就喘", "睡不着，着急，走着走着就喘"),
        ("我姪子跟妳瞭解過", "我侄子跟你了解过"),
    ],
)
def test_a_traditional_sentence_becomes_the_simplified_one(heard: str, kept: str) -> None:
    assert tidy(heard) == kept


@pytest.mark.parametrize(
    "said", ["吃过药了么", "幺儿住在后面", "效果显著", "著名的专家，原著", "皇后街", "网路不好", "水分要控制"]
)
def test_simplified_words_stay_as_they_were_said(said: str) -> None:
    assert tidy(said) == said


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
