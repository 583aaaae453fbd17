import pytest

from agent.model.finding import Polarity, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader


@pytest.mark.parametrize(
    ("words", "polarity"),
    [
        ("有", "yes"), ("有的", "yes"), ("是", "yes"), ("对", "yes"), ("嗯", "yes"), ("有一点", "yes"),
        ("偶尔", "yes"), ("没有", "no"), ("没", "no"), ("不是", "no"), ("还行", "no"), ("就那样", "no"),
        ("挺好的", "no"), ("都没有", "no"),
        ("好像没有", "no"), ("不知道", "unsure"), ("不太记得", "unsure"), ("说不好", "unsure"),
        ("今天星期三", "unknown"),
        ("嗯，没有", "no"), ("哎，没有，挺舒服的", "no"), ("嗯嗯，不疼", "no"), ("嗯，有点", "yes"),
        ("嗯，昨天开始的", "yes"),
    ],
)  # fmt: skip
def test_polarity(reader: Reader, words: str, polarity: str) -> None:
    assert reader.read(words).polarity is Polarity(polarity)


@pytest.mark.parametrize(
    ("question", "surfaces", "answer", "statuses"),
    [
        ("有没有反酸烧心胃疼？", ["反酸", "烧心", "胃疼"], "没有", ["denied", "denied", "denied"]),
        ("有没有反酸烧心胃疼？", ["反酸", "烧心", "胃疼"], "有点反酸，别的没有", ["present", "denied", "denied"]),
        ("有没有恶心、呕吐？", ["恶心", "呕吐"], "没有恶心", ["denied", "uncertain"]),
        ("咳嗽多久了？", ["咳嗽"], "三天了", ["present"]),
        ("除了发烧还有别的吗？", ["发烧"], "没有", ["present"]),
        ("胸口疼吗？", ["胸口疼"], "还行", ["denied"]),
        ("胸口疼吗？", ["胸口疼"], "跟以前一样", ["present"]),
        ("胸口疼吗？", ["胸口疼"], "不太记得", ["uncertain"]),
        ("是左腿麻还是右腿麻？", ["左腿麻", "右腿麻"], "左腿", ["present", "denied"]),
        ("现在还发烧吗？", ["发烧"], "退了", ["denied"]),
        ("胸口疼吗？", ["胸口疼"], "嗯，没有", ["denied"]),
        ("胸口疼吗？", ["胸口疼"], "嗯", ["present"]),
    ],
)
def test_answers_in_context(
    reader: Reader, question: str, surfaces: list[str], answer: str, statuses: list[str]
) -> None:
    assert [str(s) for s in reader.asked_statuses(answer, question, surfaces)] == statuses


def test_asked_concepts_get_a_status_each(reader: Reader) -> None:
    context = ReadingContext(question="有没有胸痛或者气短？", asked=("chest_pain", "dyspnoea"))
    reading = reader.read("胸口疼，气短没有", context)
    assert reading.asked == (("chest_pain", Status.PRESENT), ("dyspnoea", Status.DENIED))


CHEST = ReadingContext(question="出院以后胸口有没有疼或者发闷？", asked=("chest_pain", "chest_tightness"))


@pytest.mark.parametrize(
    ("answer", "status", "level"),
    [
        ("没有", "denied", "none"),
        ("有", "present", "red"),
        ("疼", "present", "red"),
        ("疼过一次", "present", "red"),
        ("早就不疼了", "denied", "none"),
        ("说不好", "uncertain", "yellow"),
        ("好像有吧，也可能没有，记不住了", "uncertain", "yellow"),
        ("好着呢", "denied", "none"),
    ],
)
def test_a_live_question_about_the_chest(reader: Reader, answer: str, status: str, level: str) -> None:
    reading = reader.read(answer, CHEST)
    assert str(dict(reading.asked)["chest_pain"]) == status
    assert str(reading.level) == level


@pytest.mark.parametrize("words", ["就是难受", "就是心里不舒服", "没怎么走路", "没去医院", "没出门", "只是有点咳嗽"])
def test_words_beside_the_question_deny_no_danger(reader: Reader, words: str) -> None:
    assert Status.DENIED not in dict(reader.read(words, CHEST).asked).values()


@pytest.mark.parametrize("words", ["喂？", "今天天气不错", "你说什么"])
def test_words_that_do_not_answer_leave_the_question_open(reader: Reader, words: str) -> None:
    assert reader.read(words, CHEST).asked == ()


def test_the_asked_finding_is_meant_before_others_the_question_names(reader: Reader) -> None:
    asked = ReadingContext(question="脚或者小腿肿不肿？", asked=("oedema",))
    assert [f.concept for f in reader.read("肿", asked).findings] == ["oedema"]
    assert dict(reader.read("早上不肿晚上肿", asked).asked) == {"oedema": Status.PRESENT}


def test_the_half_of_a_question_that_is_not_spoken_of_raises_nothing(reader: Reader) -> None:
    reading = reader.read("胸口不疼", CHEST)
    assert reading.level == "none"
    assert "chest_tightness" not in {finding.concept for finding in reading.findings}
