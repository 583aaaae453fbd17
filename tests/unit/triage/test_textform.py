from agent.simplified import simplified
from agent.triage import syllables
from agent.triage.textform import normal


def test_a_traditional_message_reads_like_the_simplified_one() -> None:
    assert normal("昨天夜裡後背麻痺，喘不過氣？！") == "昨天夜里后背麻痹，喘不过气？！"
    assert normal("效果显著，吃过药了么") == "效果显著，吃过药了么"


def test_days_as_said_in_the_north() -> None:
    assert normal("昨儿个喘，今儿好了") == "昨天个喘，今天好了"
    for other in ("如今儿子管着", "从前儿媳妇在", "以前儿科看过", "今儿子来了"):
        assert normal(other) == other


def test_the_table_says_what_the_converter_says_of_every_character() -> None:
    """Made anew after the converter or its dictionary changes: `python -m agent.triage.syllables`."""
    table = syllables.simplified()
    characters = [chr(code) for code in range(0x4E00, 0x9FA6)]
    assert {c: table.get(c, c) for c in characters} == {c: simplified(c) for c in characters}
