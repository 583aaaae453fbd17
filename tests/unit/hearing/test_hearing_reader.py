import pytest

from agent.hearing.hearing_reader import HearingReader
from agent.hearing.questions import context_of
from agent.model.finding import Level, Polarity, Reading
from agent.model.turn import Hypothesis, Origin
from agent.triage.reader import Reader

CHEST = "您这两天有没有胸痛或者胸闷？"
BREATH = "有没有气短、喘不上气的情况？"
OPEN = "还有什么不舒服吗？"


def read(reader: HearingReader, text: str, question: str = OPEN, **verified: float) -> Reading:
    heard = [Hypothesis(other, confidence, Origin.VERIFIED) for other, confidence in verified.items()]
    return reader.read(text, context_of(question, reader), [Hypothesis(text, 0.6), *heard])


def test_a_verified_danger_is_red_and_says_how_it_was_heard(reader: HearingReader) -> None:
    reading = read(reader, "老头子风过去了一会儿", 老头子昏过去了一会儿=0.8)
    assert reading.level is Level.RED
    alarm = reading.alarms[0]
    assert alarm.by_sound
    assert alarm.confidence <= 0.8
    assert "录音" in alarm.reason
    assert reading.confirm is None


def test_of_one_pain_in_the_chest_two_texts_are_one_danger(reader: HearingReader) -> None:
    reading = read(reader, "就是今天早上开始心口疼。", 就是今天早上开始心口不舒服=0.9)
    assert [alarm.rule for alarm in reading.red_words] == ["chest_pain"]
    also = read(reader, "就是今天早上开始心口疼。", 就是今天早上老头子昏过去了=0.9)
    assert {alarm.rule for alarm in also.red_words} == {"chest_pain", "syncope"}


def test_a_danger_in_doubt_is_asked_again_and_raises_nothing(reader: HearingReader) -> None:
    reading = read(reader, "老头子风过去了一会儿", 老头子昏过去了一会儿=0.3)
    assert reading.level is Level.NONE
    assert reading.confirm == "syncope"


def test_two_syllables_to_another_question_hide_no_doubtful_danger(reader: HearingReader) -> None:
    assert read(reader, "是我。", "请问您是王秀兰本人吗？", 不想活了=0.4).confirm is None
    assert read(reader, "我下货了", "请问您是王秀兰本人吗？", 不想活了=0.8).level is Level.RED  # the sound is sure
    assert read(reader, "胸燃", CHEST, 胸闷=0.4).confirm in ("chest_tightness", "chest_pain")  # asked about


def test_a_wish_to_die_needs_a_likelier_sound_unless_it_was_asked_about(reader: HearingReader) -> None:
    assert read(reader, "你是我神吗是", 你不想活了=0.3).confirm is None
    assert read(reader, "你是我神吗是", 你不想活了=0.45).confirm == "suicidal"
    assert read(reader, "你是我神吗是", 你胸口疼死=0.3).confirm == "chest_pain"


def test_the_figures_of_an_answer_are_no_wish_to_die_in_doubt(reader: HearingReader) -> None:
    back = "您说的是高压一百三十六，低压八十八，对吗？"
    assert read(reader, "不对，低压七十八吧", back, 不对低压去死吧=0.45).confirm is None
    assert read(reader, "血糖七点八", "今天的空腹血糖是多少？", 血糖去死吧=0.45).confirm is None
    assert read(reader, "不对，低压七十八吧", OPEN, 不对低压去死吧=0.45).confirm == "suicidal"  # none asked for


def test_a_plain_answer_hides_no_doubtful_danger_that_was_not_asked_about(reader: HearingReader) -> None:
    back = "您说的是高压一百三十六，低压七十八，对吗？"
    assert read(reader, "帝的没错。", back, 跌地没知觉=0.4).confirm is None
    assert read(reader, "没错，老头子风过去了", back, 没错老头子昏过去了=0.4).confirm == "syncope"
    assert read(reader, "风没错", CHEST, 胸闷没错=0.4).confirm in ("chest_tightness", "chest_pain")  # asked about


def test_who_takes_leave_hides_no_doubtful_danger_that_was_not_asked_about(reader: HearingReader) -> None:
    asked = "这个月有没有头痛、头晕或者胸闷？"
    for heard in ("我还有事先挂了再见。", "我还有事先挂了再骗。", "我还有事，先挂了。"):
        assert read(reader, heard, asked, 我还有事线断了再见=0.4).confirm is None, heard
    assert read(reader, "先挂了两瓶水", asked, 线断了两瓶水=0.4).confirm == "wound_infection"


def test_a_verified_text_much_longer_than_what_was_heard_is_not_believed(reader: HearingReader) -> None:
    reading = read(reader, "是我。", "请问您是周志强本人吗？", 盼着死我=0.9, 巴不得早点死我=0.9)
    assert (reading.level, reading.confirm) == (Level.NONE, None)
    assert read(reader, "生啊。", CHEST, 胸口闷啊=0.9).level is Level.RED  # it was asked about


def test_a_verified_danger_that_is_denied_raises_nothing(reader: HearingReader) -> None:
    reading = read(reader, "我从来没运倒过", 我从来没晕倒过=0.9)
    assert reading.level is Level.NONE
    assert reading.confirm is None


def test_somebody_elses_danger_raises_nothing(reader: HearingReader) -> None:
    assert read(reader, "我老伴兄闷", 我老伴胸闷=0.9).level is not Level.RED


def test_a_danger_asked_about_and_not_answered_is_still_open(reader: HearingReader) -> None:
    def open_after(text: str, question: str) -> str | None:
        return reader.unanswered(read(reader, text, question), context_of(question, reader))

    assert open_after("田雄后辈楼糖", CHEST) in ("chest_pain", "chest_tightness")
    assert open_after("田雄后辈楼糖", OPEN) is None
    assert open_after("没有", CHEST) is None


def test_the_same_as_before_is_asked_again_instead_of_red(reader: HearingReader) -> None:
    reading = read(reader, "跟以前一样", BREATH)
    assert reading.level is not Level.RED
    assert reading.confirm == "dyspnoea"


def test_typed_words_are_read_as_ever(reader: HearingReader, plain_reader: Reader) -> None:
    context = context_of(BREATH, reader)
    assert reader.read("跟以前一样", context) == plain_reader.read("跟以前一样", context)


def test_western_commas_part_clauses_too(reader: HearingReader) -> None:
    assert read(reader, "你说的那些胸痛气短,我都没有。").level is Level.NONE


def test_a_value_by_sound_is_doubtful_and_raises_no_alarm(reader: HearingReader) -> None:
    reading = read(reader, "许腾起点发", "今天血糖是多少？", 许腾两点八=0.9)
    (value,) = reading.measurements
    assert (value.name, value.value, value.doubtful) == ("glucose", 2.8, True)
    assert reading.level is not Level.RED


def test_a_longer_value_by_sound_replaces_the_shorter_one(reader: HearingReader) -> None:
    reading = read(reader, "36度吧", "量过体温吗？", 三十六度八=0.9)
    assert [(m.name, m.value) for m in reading.measurements] == [("temp_c", 36.8)]


def test_a_value_clearly_recognised_stays(reader: HearingReader) -> None:
    reading = read(reader, "三十六度五", "量过体温吗？", 三十六度八=0.9)
    assert [m.value for m in reading.measurements] == [36.5]


@pytest.mark.parametrize("text", ["没错。", "没有错。", "哎哎", "诶。"])
def test_what_is_written_for_a_short_no_is_no_yes_to_a_symptom(
    reader: HearingReader, plain_reader: Reader, text: str
) -> None:
    for question in (CHEST, "脚或者小腿肿不肿？"):
        reading = read(reader, text, question)
        assert (reading.polarity, reading.findings, reading.level) == (Polarity.UNKNOWN, (), Level.NONE)
    typed = plain_reader.read(text, context_of("脚或者小腿肿不肿？", plain_reader))
    assert typed.polarity is Polarity.YES
