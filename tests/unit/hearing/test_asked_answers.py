from collections.abc import Sequence

import pytest

from agent.hearing.asked_answers import Settled, settle, words_of
from agent.hearing.hearing_reader import HearingReader
from agent.hearing.verifier import Verifier
from agent.model.finding import Level, Polarity
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis, Origin

SWELLING = "脚或者小腿肿不肿？"
CHEST = "出院以后胸口有没有疼或者发闷？"


class Sound:
    """Bears the texts it is given, each at its log-probability; any other hardly at all."""

    def __init__(self, **bears: float) -> None:
        self.bears, self.asked = bears, 0

    def __call__(self, texts: Sequence[str]) -> list[float]:
        self.asked += 1
        return [self.bears.get(text.strip("。"), -25.0) for text in texts]


def heard(*texts: str) -> list[Hypothesis]:
    return [Hypothesis(text, 0.5) for text in texts]


def settled(text: str, question: str, **bears: float) -> Settled | None:
    return settle(heard(text), question, Sound(**bears))


def test_a_no_in_the_questions_words_is_settled_by_the_sound() -> None:
    found = settled("美有动", SWELLING, 美有动=-2, 没有肿=-7, 肿=-20)
    assert found is not None
    assert (found.text, found.denied) == ("没有肿。", True)


def test_a_yes_is_settled_too() -> None:
    found = settled("有点重", SWELLING, 有点重=-2, 有点肿=-4, 不肿=-20)
    assert found is not None
    assert (found.text, found.denied) == ("有点肿。", False)


def test_a_no_and_a_yes_that_are_nearly_as_likely_settle_nothing() -> None:
    assert settled("美动", SWELLING, 美动=-2, 没肿=-5, 肿=-7) is None


def test_what_the_sound_hardly_bears_settles_nothing() -> None:
    assert settled("美动", SWELLING, 美动=-2, 没肿=-12, 肿=-25) is None


def test_what_does_not_sound_like_it_settles_nothing() -> None:
    assert settled("你说什么", SWELLING, 你说什么=-2, 没有肿=-3) is None


@pytest.mark.parametrize("text", ["没有。", "有。", "不知道", "小腿有点肿", "我昨天去医院看过了啊"])
def test_an_answer_that_was_understood_and_a_long_one_are_not_judged(text: str) -> None:
    sound = Sound(没有肿=0)
    assert settle(heard(text), SWELLING, sound) is None
    assert sound.asked == 0


def test_a_question_that_names_no_sensation_has_no_such_answer() -> None:
    assert words_of("复查的时间约好了吗？") == []
    assert words_of("有没有头晕？") == ["头晕"]
    assert settled("没有动", "复查的时间约好了吗？", 没有肿=0) is None


def test_the_settled_no_is_stored_as_one(verifier: Verifier, reader: HearingReader) -> None:
    found = verifier.settled(heard("哎哎"), SWELLING, Sound(哎哎=-2, 不肿=-3, 肿=-20))
    assert [each.text for each in found] == ["哎哎"], "nothing like 不肿 was heard"
    found = verifier.settled(heard("布重"), SWELLING, Sound(布重=-2, 不肿=-3, 肿=-20))
    context = ReadingContext(question=SWELLING, asked=("oedema",))
    assert reader.read(found[0].text, context, found).polarity is Polarity.NO


def test_a_settled_no_and_a_danger_borne_out_are_asked_about(verifier: Verifier, reader: HearingReader) -> None:
    verified = Hypothesis("美痛", 0.6, Origin.VERIFIED)
    sound = Sound(美同=-2, 没疼=-3, 疼=-20)
    found = verifier.settled([*heard("美同"), verified], CHEST, sound)
    context = ReadingContext(question=CHEST, asked=("chest_pain", "chest_tightness"))
    reading = reader.read(found[0].text, context, found)
    assert (found[0].text, reading.level) == ("美同", Level.NONE)
    assert reading.confirm in ("chest_pain", "chest_tightness")


def test_a_settled_yes_to_a_danger_is_asked_about(verifier: Verifier, reader: HearingReader) -> None:
    found = verifier.settled(heard("有点糖"), CHEST, Sound(有点糖=-2, 有点疼=-3, 不疼=-20))
    context = ReadingContext(question=CHEST, asked=("chest_pain", "chest_tightness"))
    reading = reader.read(found[0].text, context, found)
    assert (found[0].text, reading.level) == ("有点糖", Level.NONE)
    assert reading.confirm in ("chest_pain", "chest_tightness")
