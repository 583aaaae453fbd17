import pytest

from agent.speech.spoken_numbers import confidence, spoken_number, stays_first


@pytest.mark.parametrize(
    ("text", "mean_log_probability", "number"),
    [
        ("高压一百五十八，低压九十六。", -0.2, "高压一百五十八，低压九十六"),
        ("三十八度二。", -0.5, "三十八度二"),
        ("三十八度二。", -0.6, None),
        ("三天了", -0.1, None),  # one numeral: too little to go by
        ("斌了两次一", -0.1, None),  # a character that only the pieces of others could form
        ("。", -0.1, None),
        ("零十零零零零零零", -0.1, None),  # a loop
        ("一斤一斤一斤一斤", -0.1, None),
        ("一一", -0.1, None),
    ],
)
def test_only_a_likely_number_is_taken(text: str, mean_log_probability: float, number: str | None) -> None:
    assert spoken_number(text, mean_log_probability, "") == number


def test_a_number_does_not_stand_for_a_longer_sentence() -> None:
    assert spoken_number("一百二十三", -0.1, "123斤吧") == "一百二十三"
    assert spoken_number("半夜一十三", -0.1, "半夜腿抽筋,抽了一下就好了") is None
    assert spoken_number("一百二十三", -0.1, "今天早上称的是123斤") is None


@pytest.mark.parametrize(
    ("freely", "sure", "stays"),
    [
        ("1957年", 0.65, True),
        ("1957年", 0.5, False),
        ("以周五七年", 0.66, False),
        ("1918年1919191919191919", 0.86, False),
        ("六十一公斤", 0.64, True),
    ],
)
def test_a_sure_number_of_the_free_decoding_stays_first(freely: str, sure: float, stays: bool) -> None:
    assert stays_first(freely, sure) is stays


def test_a_number_is_never_surer_than_what_was_heard_freely_allows() -> None:
    assert confidence(0.9, 0.4) == pytest.approx(0.6)
    assert confidence(0.9, None) < 0.5
