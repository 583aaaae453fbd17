import pytest

from agent.model.finding import Polarity, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader


@pytest.mark.parametrize(
    ("words", "polarity"),
    [
        ("有", "yes"), ("有的", "yes"), ("是", "yes"), ("对", "yes"), ("嗯", "yes"), ("有一点", "yes"), ("偶尔", "yes"),
        ("没有", "no"), ("没", "no"), ("不是", "no"), ("还行", "no"), ("就那样", "no"), ("挺好的", "no"), ("都没有", "no"),
        ("好像没有", "no"), ("不知道", "unsure"), ("不太记得", "unsure"), ("说不好", "unsure"), ("今天星期三", "unknown"),
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
