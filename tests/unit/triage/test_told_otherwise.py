"""What a finding's surroundings make of it: whose, when, how often, and what of it an answer takes up."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

LEG = ReadingContext(question="有没有一条小腿又肿又疼？", asked=("leg_clot",))
THREE = ReadingContext(question="这个月有没有头痛、头晕或者胸闷？", asked=("headache", "dizziness", "chest_tightness"))
SINCE = ReadingContext(question="出院以后胸口有没有疼？", asked=("chest_pain",))


@pytest.mark.parametrize(
    ("words", "concept", "status"),
    [
        ("我老姐姐拉黑便，我倒没有", "black_stool", Status.OTHER_PERSON),
        ("我妈有高血压，我会不会也得", "hypertension", Status.OTHER_PERSON),
        ("大姐，我胸口疼", "chest_pain", Status.PRESENT),
        ("浑身疼我给停了", "limb_pain", Status.PRESENT),
        ("没吐之前肚子疼", "vomiting", Status.PRESENT),
        ("要不是头疼得厉害我也不来", "headache", Status.PRESENT),
        ("出血的话我该怎么办", "bleeding", Status.HYPOTHETICAL),
        ("胸闷是去年的事", "chest_tightness", Status.PAST),
        ("您说的那个心绞痛我知道，我没犯过", "heart_pain", Status.DENIED),
    ],
)
def test_whose_it_is_and_when(reader: Reader, words: str, concept: str, status: Status) -> None:
    assert {f.concept: f.status for f in reader.read(words).findings}[concept] is status


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("扫两下地就胸闷，歇歇又好了", Level.RED),  # brought on and eased: it will come back
        ("有只眼睛一下子看不见了，过几分钟又好了", Level.RED),  # an episode of these days
        ("以前胸闷，放了支架就好了", Level.NONE),
        ("一条腿比另一条粗好多", Level.RED),  # more than the other, not less than before
        ("老伴突然倒地手脚乱抽", Level.YELLOW),  # told of the other one at home: asked who it is
        ("我老伴有心绞痛", Level.NONE),
        ("有一回打完浑身起疹子", Level.YELLOW),
        ("昨天有一回晕过去了", Level.RED),
        ("饭后胃里顶着疼，一走路就来，歇了就过去", Level.RED),
        ("膝盖一走路就疼，歇了就过去", Level.NONE),
    ],
)
def test_episodes_are_not_healed(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


def test_half_of_a_twofold_finding_leaves_it_open(reader: Reader) -> None:
    assert dict(reader.read("疼", LEG).asked) == {"leg_clot": Status.UNCERTAIN}
    assert dict(reader.read("又肿又疼", LEG).asked) == {"leg_clot": Status.PRESENT}
    assert dict(reader.read("不肿不疼", LEG).asked) == {"leg_clot": Status.DENIED}


def test_a_danger_beside_a_harmless_yes_is_asked_for_by_itself(reader: Reader) -> None:
    reading = reader.read("头有点晕", THREE)
    assert reading.left_out == ("chest_tightness",)
    assert reading.level is Level.NONE


@pytest.mark.parametrize("words", ["前天有，这两天没了", "有，现在没有了"])
def test_what_was_there_in_the_days_asked_about_counts(reader: Reader, words: str) -> None:
    assert reader.read(words, SINCE).level is Level.RED


def test_a_danger_of_the_last_days_that_is_over_still_alarms(reader: Reader) -> None:
    asked = ReadingContext(question="大便发黑吗？", asked=("black_stool",))
    reading = reader.read("前天有，这两天没了", asked)
    assert dict(reading.asked) == {"black_stool": Status.PAST}
    assert reading.level is Level.RED
    assert reader.read("以前有，现在没有了", asked).level is Level.NONE


def test_it_healed_before_the_days_asked_about(reader: Reader) -> None:
    assert reader.read("没有了，好了", SINCE).level is Level.NONE
