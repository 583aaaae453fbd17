import pytest

from agent.hearing.hearing_reader import HearingReader
from agent.hearing.plain_answer import by_sound
from agent.model.finding import Polarity
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis

EITHER, ONLY_YES = frozenset({Polarity.YES, Polarity.NO}), frozenset({Polarity.YES})


def heard(text: str) -> list[Hypothesis]:
    """ "部队/补对": what the recogniser wrote, best first."""
    return [Hypothesis(one, 0.5) for one in text.split("/")]


def polarity(reader: HearingReader, text: str, by_sound: frozenset[Polarity] = EITHER) -> Polarity:
    hypotheses = heard(text)
    context = ReadingContext(question="对吗？", measurements=("systolic", "diastolic"), by_sound=by_sound)
    return reader.read(hypotheses[0].text, context, hypotheses).polarity


ASSENTS = (
    "递的没错。 比得没错 帝的没错。 记得没错。/记得没错/你的没错。 以下没错。/你得没错。/以下没有错。 "
    "对得没错。/对得美错。 对美错。/对没错。 人没错。/你没错。 是的美错。/是的没错。 堆的。 四的。 堆堆堆 "
    "是贵的。/是对的。 对事就要。/对是这样。 对是这样。 没有错。 对的没有错。 时我。 对。 是的，没错。"
)
REFUSALS = "部队。 不队 补对。/部队 普对 部队部队 不四 无是。/不是 说错来/说错了 不对。 不是没错。"
NO_ASSENTS = (
    "不是没错。 有没有错 没错吧？ 没错吧。/没错吧 是没错吧 错了 错了。 不对 没对 没对。 我对。/不对。 "
    "又对呀?/有队呀 普对。 误对 不得没错。/不订没错 别人没错 没做 没说。/没错 没脱。/没错。 没弄错 "
    "不对不对 对不起错了/对不起 不断 你听错了 说错了 部队 等一下 你说什么 头晕 胸口疼 腿肿 对了我想问一下 "
    "一百三十六 五十对的没错 再说一遍 不知道 没量 喂 谢谢"
)


@pytest.mark.parametrize("text", ASSENTS.split())
def test_an_assent_is_known_by_its_sound(reader: HearingReader, text: str) -> None:
    assert polarity(reader, text) is Polarity.YES


@pytest.mark.parametrize("text", REFUSALS.split())
def test_a_refusal_is_known_by_its_sound(reader: HearingReader, text: str) -> None:
    assert polarity(reader, text) is Polarity.NO


@pytest.mark.parametrize("text", NO_ASSENTS.split())
def test_nothing_else_is_ever_a_yes(reader: HearingReader, text: str) -> None:
    assert polarity(reader, text) is not Polarity.YES


def test_a_refusal_by_sound_ends_no_talk_and_dismisses_no_danger(reader: HearingReader) -> None:
    assert polarity(reader, "部队。", ONLY_YES) is Polarity.UNKNOWN
    assert polarity(reader, "不对。", ONLY_YES) is Polarity.NO
    assert polarity(reader, "递的没错。", ONLY_YES) is Polarity.YES


def test_to_a_question_for_symptoms_nothing_is_known_by_the_sound_of_an_assent(reader: HearingReader) -> None:
    assert polarity(reader, "堆的。", frozenset()) is Polarity.UNKNOWN


def test_words_that_name_something_are_read_not_listened_to(reader: HearingReader) -> None:
    assert by_sound(heard("一百四十没错")) is Polarity.UNKNOWN
    context = ReadingContext(question="对吗？", measurements=("systolic", "diastolic"), by_sound=EITHER)
    text = "高压一百四十没错"
    assert reader.read(text, context, heard(text)).measurements


def test_a_no_that_was_hardly_heard_is_asked_again(reader: HearingReader) -> None:
    context = ReadingContext(question="对吗？", measurements=("systolic", "diastolic"), by_sound=EITHER)
    assert reader.read("你的没", context, [Hypothesis("你的没", 0.13)]).polarity is Polarity.UNKNOWN
    assert reader.read("不对", context, [Hypothesis("不对", 0.13)]).polarity is Polarity.NO
