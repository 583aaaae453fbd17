import pytest

from agent.speech.short_answers import ANSWERS, replaces, short_answer


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech", "answer"),
    [
        ("没有。", -1.2, 0.8, "没有"),
        ("没有", -2.6, 0.1, None),
        ("没有没有", -1.0, 0.1, "没有"),
        ("对。", -0.9, 0.3, "对"),
        ("对。", -0.9, 0.95, None),  # a tone sounds like it
        ("对。", -1.2, 0.3, None),
        ("没不", -0.5, 0.1, None),  # formed from the list's characters, but no answer
        ("", -0.1, 0.1, None),
    ],
)
def test_only_a_sure_answer_is_taken(text: str, log_probability: float, no_speech: float, answer: str | None) -> None:
    assert short_answer(text, log_probability, no_speech) == answer


def test_no_symptom_is_ever_guessed() -> None:
    for answer in ANSWERS:
        affirmed = set("疼痛喘肿晕闷血烧慌") & set(answer)
        assert not affirmed or answer.startswith(("不", "没"))


@pytest.mark.parametrize(
    ("answer", "freely", "first"),
    [
        ("没有", "名语", True),
        ("不行", "普通话。", True),
        ("是我", "是我你说吧", False),
        ("没有", "没有,就是新口疼", False),
    ],
)
def test_what_was_said_beside_the_answer_is_not_lost(answer: str, freely: str, first: bool) -> None:
    assert replaces(answer, freely) is first


def test_what_was_not_done_is_never_taken_for_an_assent() -> None:
    assert "对的没错" in ANSWERS
    assert not {"没错", "没有错"} & ANSWERS  # 没做 and 没说 sound like it
