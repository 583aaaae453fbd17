"""Two numbers that were not written as numbers are looked for among the words of pressures; nothing else is."""

from collections.abc import Sequence
from typing import Protocol

import pytest

from agent.hearing.hearing_reader import HearingReader
from agent.hearing.pressure_heard import pressure
from agent.hearing.questions import context_of
from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.turn import Hypothesis, Origin
from agent.triage.reader import Reader
from tests.unit.hearing.test_verifying_decoder import OneSentence

ASKED = "最近一次血压是多少？"
PAIR = "高压一百七十四低压八十七"


class Find(Protocol):
    def __call__(self, heard: Sequence[Hypothesis], ear: "Ear", question: str = ASKED) -> Hypothesis | None: ...


class Ear:
    """Gives the same texts whatever came before, and remembers what that was."""

    def __init__(self, *texts: str, mean: float = -0.2) -> None:
        self.before: list[str] = []
        self._texts = [(text, mean) for text in texts]

    def __call__(self, before: str) -> list[tuple[str, float]]:
        self.before.append(before)
        return self._texts


@pytest.fixture
def find(plain_reader: Reader, reader: HearingReader) -> Find:
    def found(heard: Sequence[Hypothesis], ear: Ear, question: str = ASKED) -> Hypothesis | None:
        return pressure(heard, context_of(question, reader), plain_reader, ear)

    return found


@pytest.mark.parametrize("question", [ASKED, "血压计上，上面和下面两个数各是多少？", "那低压是多少？"])
def test_a_question_for_the_pressure_asks_for_both_numbers(reader: HearingReader, question: str) -> None:
    assert {"systolic", "diastolic"} <= set(context_of(question, reader).measurements)


def test_a_question_for_the_medicine_asks_for_no_number(reader: HearingReader) -> None:
    assert context_of("血压药按时吃了吗？", reader).measurements == ()


@pytest.mark.parametrize(
    ("heard", "ear", "found", "before"),
    [
        ("昨天亮的高压174D-87。", (PAIR,), "昨天亮的" + PAIR, "昨天亮的"),
        ("今天早商量的170次60亿", ("一百七十四六十一。",), "今天早商量的一百七十四六十一", "今天早商量的"),
        ("大概1.58.62", ("一百五十八六十二百",), "大概一百五十八六十二", "大概"),  # 百 is the 吧 behind it
        ("一百六十五公压", ("一百六十五", "一百六十五的高压八十四"), "一百六十五的高压八十四", ""),
        ("高压140以低压60", ("高压一百四十一低压六十七",), "高压一百四十一低压六十七", ""),
    ],
)
def test_both_numbers_are_found(find: Find, heard: str, ear: tuple[str, ...], found: str, before: str) -> None:
    listens = Ear(*ear)
    assert find([Hypothesis(heard, 0.6)], listens) == Hypothesis(found, 0.6) and listens.before == [before]


def test_what_is_found_is_never_so_sure_that_nobody_reads_it_back(find: Find) -> None:
    result = find([Hypothesis("昨天亮的高压174D80", 0.95)], Ear(PAIR))
    assert result is not None and result.confidence == 0.75


@pytest.mark.parametrize(
    ("heard", "confidence", "ear", "mean"),
    [
        ("高压174低压87", 0.6, PAIR, -0.2),  # the same
        ("高压174低压87", 0.9, "高压一百七十低压六十五", -0.2),  # sure as it was heard
        ("高压174低压61", 0.6, "高压一百七十四低压六十", -0.2),  # a syllable less than what was heard
        ("高压174D80", 0.6, PAIR, -0.7),  # the sound does not bear it
        ("高压174D80", 0.6, "高压一百七十四", -0.2),  # one number
        ("一百多把记不清。", 0.6, PAIR, -0.2),
        ("一百二十多GT忘了。", 0.6, PAIR, -0.2),
        ("我没量，血压计坏了", 0.6, PAIR, -0.2),
        ("高压一百三低压没看", 0.6, PAIR, -0.2),
        ("等一下我去拿", 0.6, PAIR, -0.2),  # no number in it
        ("高压174D80", 0.6, "一百三十八十八十八十", -0.1),  # a loop
    ],
)
def test_what_was_heard_stays(find: Find, heard: str, confidence: float, ear: str, mean: float) -> None:
    assert find([Hypothesis(heard, confidence)], Ear(ear, mean=mean)) is None


def test_no_other_question_looks_for_a_pressure(find: Find) -> None:
    listens = Ear(PAIR)
    assert find([Hypothesis("高压174D80", 0.6)], listens, "今天体温多少度？") is None
    assert find((), listens) is None and not listens.before


def test_the_pressure_found_is_the_first_thing_heard(verifier: Verifier, reader: HearingReader) -> None:
    ear = OneSentence("昨天亮的高压174D80", "高压一百七十四", pressures=[(PAIR, -0.2)])
    first, own, *_ = VerifyingDecoder(ear, verifier).asked(ASKED).decode(b"")
    assert (first.text, first.origin) == ("昨天亮的" + PAIR, Origin.RECOGNISED) and own.text == "昨天亮的高压174D80"
    told = reader.read(first.text, context_of(ASKED, reader), [first, own]).measurements
    assert {one.name: one.value for one in told} == {"systolic": 174.0, "diastolic": 87.0}
