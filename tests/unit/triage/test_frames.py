"""What is told over a comma: the place behind the pain, what came up, what eased it; and words that only look so."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.forms import BadForm, expand, gap_pairs, whole
from agent.triage.reader import Reader

SWOLLEN = ReadingContext(question="脚肿不肿？", asked=("oedema",))


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("疼，就是心口那儿", "chest_pain"),
        ("疼得厉害，在前胸这一片", "chest_pain"),
        ("吐了一盆，里头都是红的", "vomiting_blood"),
        ("早上咳了一口，里头有红丝", "blood_in_sputum"),
        ("小腿肚子疼，一勾脚就疼得厉害", "leg_clot"),
        ("一着急吃了四片", "overdose"),
        ("含了三片硝酸甘油都不顶用", "heart_pain"),
        ("半拉身子发木", "stroke_limb"),
        ("嘴又歪了", "stroke_face"),
    ],
)
def test_a_frame_is_read(reader: Reader, words: str, concept: str) -> None:
    assert {f.concept for f in reader.read(words).findings if f.status is Status.PRESENT} >= {concept}


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("疼，胸口倒不疼", Level.NONE),
        ("膝盖疼，心口没事", Level.NONE),
        ("吐了一回，里头没有血", Level.YELLOW),  # the vomiting is still there
        ("胸口疼……倒是没有", Level.NONE),
        ("胸口疼，这个倒没有", Level.NONE),
        ("胸口疼，发烧倒没有", Level.RED),
        ("一上楼就喘不过气来都没有", Level.YELLOW),  # two answers in one breath: asked again
        ("硝酸甘油带着，一直没用上", Level.NONE),
        ("血压药花了二百块", Level.NONE),
        ("孩子冲我翻白眼，不听话", Level.NONE),
        ("我胸口长了个小痦子", Level.NONE),
        ("吃了四片面包", Level.NONE),
    ],
)
def test_what_stands_behind_decides(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


def test_a_place_elsewhere_grants_nothing(reader: Reader) -> None:
    assert reader.read("心口那儿", SWOLLEN).asked == ()
    assert dict(reader.read("小腿那儿", SWOLLEN).asked) == {"oedema": Status.PRESENT}


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("脉搏三十多", Level.YELLOW),  # read back first
        ("脉搏三十多，人发飘", Level.RED),  # what is felt bears it out
        ("血糖两块八，人直打晃", Level.RED),
        ("血糖试纸两块八一张", Level.NONE),
        ("外头三十九度，热得我不敢出门", Level.NONE),
        ("烧三天了，最高四十度", Level.RED),
        ("住院那会儿高压二百，现在一百三十五", Level.NONE),
        ("以前高压二百，现在还是二百", Level.RED),
        ("量了三遍都是二百出头", Level.RED),
        ("量了身高一百六十", Level.NONE),
        ("氧饱和八十五", Level.RED),
    ],
)
def test_numbers_of_the_body_and_others(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


def test_a_wide_gap_is_a_gap() -> None:
    assert gap_pairs("吐……(血|红的)") == [(["吐"], ["血", "红的"])]
    assert whole("吐……血") == []
    with pytest.raises(BadForm):
        expand("吐……血…")


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("昨天流了点鼻血", Level.YELLOW),
        ("擤鼻涕带了一丝丝血，就一回", Level.YELLOW),
        ("鼻血流了一会儿，早止住了", Level.NONE),
        ("鼻子淌血淌了半个钟头，堵也堵不住", Level.RED),
        ("鼻血止住了又流", Level.RED),
        ("腿上冒出来好多红点点，按了也不褪", Level.RED),
        ("吃了猪血，大便发黑", Level.RED),  # decision 0036
        ("吃铁剂呢，拉黑便", Level.RED),
    ],
)
def test_what_bleeding_is_red(reader: Reader, words: str, level: Level) -> None:
    assert reader.read(words).level is level


@pytest.mark.parametrize("words", ["够呛", "够受的"])
def test_a_bad_state_grants_what_was_asked(reader: Reader, words: str) -> None:
    asked = ReadingContext(question="喘不喘？", asked=("dyspnoea",))
    assert dict(reader.read(words, asked).asked) == {"dyspnoea": Status.PRESENT}


def test_plaster_is_no_palsy(reader: Reader) -> None:
    assert reader.read("左手打石膏呢，使不上劲").level is Level.YELLOW
    assert reader.read("左手使不上劲").level is Level.RED
