"""Findings and their status, sentence by sentence: (words, concept, status)."""

import pytest

from agent.model.finding import Level, Status
from agent.model.reading_context import ReadingContext
from agent.triage.reader import Reader

SENTENCES = [
    # lay words for danger
    ("心口疼", "chest_pain", "present"),
    ("心窝子难受", "chest_discomfort", "present"),
    ("胸口压着块石头", "chest_tightness", "present"),
    ("喘不上来气", "dyspnoea", "present"),
    ("憋得慌", "chest_tightness", "present"),
    ("晚上躺不平", "orthopnoea", "present"),
    ("夜里憋醒", "orthopnoea", "present"),
    ("这两天拉黑便", "black_stool", "present"),
    ("屙血了", "blood_in_stool", "present"),
    ("痰里带血丝", "blood_in_sputum", "present"),
    ("眼前一黑就倒了", "syncope", "present"),
    ("半边身子没劲", "stroke_limb", "present"),
    ("嘴歪了", "stroke_face", "present"),
    ("说话大舌头", "stroke_speech", "present"),
    ("脚肿得鞋都穿不上", "oedema", "present"),
    ("不想活了", "suicidal", "present"),
    # body part and verb apart
    ("胸部中间，一阵一阵地痛", "chest_pain", "present"),
    ("肚子左边这里有点隐隐的疼", "abdominal_pain", "present"),
    ("胸口和后背都疼", "chest_pain", "present"),
    # negation
    ("胸口不疼", "chest_pain", "denied"),
    ("没有胸闷、气短", "dyspnoea", "denied"),
    ("不怎么疼", "pain", "denied"),
    ("倒是不喘", "dyspnoea", "denied"),
    ("上三楼都不带喘的", "dyspnoea", "denied"),
    ("疼倒是不疼", "pain", "denied"),
    ("心不慌", "palpitations", "denied"),
    ("嘴没歪", "stroke_face", "denied"),
    ("胸痛啊气短啊，我都没有", "chest_pain", "denied"),
    ("烧退了", "fever", "denied"),
    ("从来没晕倒过", "syncope", "denied"),
    ("胸口没在疼", "chest_pain", "denied"),
    ("胸口疼没感觉到", "chest_pain", "denied"),
    ("没有那么疼了", "pain", "present"),
    # double negation and words that only look like one
    ("不是不疼", "pain", "present"),
    ("没有不疼的时候", "pain", "present"),
    ("忍不住咳嗽", "cough", "present"),
    ("特别疼", "pain", "present"),
    ("咳嗽不总有", "cough", "present"),
    # past
    ("前天疼过，现在好了", "pain", "past"),
    ("去年吐过血", "vomiting_blood", "past"),
    ("住院的时候喘得厉害", "dyspnoea", "past"),
    # hypothetical
    ("要是疼了怎么办", "pain", "hypothetical"),
    ("那个药吃了会不会拉黑便啊", "black_stool", "hypothetical"),
    # others
    ("我老伴胸疼，我没事", "chest_pain", "other_person"),
    ("邻居中风了", "stroke_disease", "other_person"),
    # not asserted
    ("吃的咳喘灵", "dyspnoea", "not_asserted"),
    ("吃了退烧药", "fever", "not_asserted"),
    ("怕得脑出血", "stroke_disease", "not_asserted"),
    # uncertain
    ("不知道是不是发烧", "fever", "uncertain"),
    ("怀疑是肺炎", "lung_disease", "uncertain"),
]


@pytest.mark.parametrize(("words", "concept", "status"), SENTENCES)
def test_status(reader: Reader, words: str, concept: str, status: str) -> None:
    found = [finding for finding in reader.read(words).findings if finding.concept == concept]
    assert [str(finding.status) for finding in found][:1] == [status], reader.read(words).findings
    assert found[0].reason


@pytest.mark.parametrize(
    "words",
    [
        "喘气挺顺当",
        "呼吸还行",
        "喘得过来气",
        "我心疼钱",
        "这事儿真让我头疼",
        "热得要死",
        "想死你了",
        "大夫您人真好",
        "明天去抽血",
        "血压一百三八十",
    ],
)
def test_everyday_talk_is_no_finding(reader: Reader, words: str) -> None:
    assert not reader.read(words).findings


def test_span_and_surface_agree(reader: Reader) -> None:
    reading = reader.read("昨天疼过，现在胸口不闷了，就是有点喘")
    assert [(f.concept, str(f.status)) for f in reading.findings] == [
        ("pain", "past"),
        ("chest_tightness", "denied"),
        ("dyspnoea", "present"),
    ]
    assert all(reading.text[f.span[0] : f.span[1]] == f.surface for f in reading.findings)


def test_full_width_and_traditional_characters(reader: Reader) -> None:
    assert {f.concept for f in reader.read("胸悶，喘不過氣").findings} == {"chest_tightness", "dyspnoea"}


def test_a_bare_sensation_belongs_to_the_body_part_of_the_question(reader: Reader) -> None:
    reading = reader.read("疼", ReadingContext(question="您胸口疼吗？"))
    assert [f.concept for f in reading.findings] == ["chest_pain"]


def test_a_relative_speaking_of_the_patient_is_no_other_person(reader: Reader) -> None:
    context = ReadingContext(question="请问患者现在情况怎么样？")
    reading = reader.read("老头子昏过去了一会儿", context)
    assert [(f.concept, f.status) for f in reading.findings] == [("syncope", Status.PRESENT)]


def test_statuses_of_given_spans_need_no_lexicon_word(reader: Reader) -> None:
    words = "没有眼冒绿光，有点肚脐发甜"
    assert reader.statuses(words, ReadingContext(), [(2, 6), (9, 13)]) == [Status.DENIED, Status.PRESENT]


def test_a_relative_who_answers_speaks_of_the_patient(reader: Reader) -> None:
    question = "您这两天有没有抽搐？"
    seized = reader.read("我妈刚才抽过去了", ReadingContext(question=question, caregiver=True))
    assert [f.status for f in seized.findings] == [Status.PRESENT]
    assert seized.level is Level.RED
    neighbour = reader.read("我邻居刚才抽过去了", ReadingContext(question=question, caregiver=True))
    assert [f.status for f in neighbour.findings] == [Status.OTHER_PERSON]


def test_a_parents_danger_is_asked_about_when_nobody_knows_who_speaks(reader: Reader) -> None:
    question = ReadingContext(question="您这两天有没有晕倒？")
    assert reader.read("我爸昨天晕倒了", question).level is Level.YELLOW
    assert reader.read("我爸年轻时晕倒过", question).level is Level.NONE


def test_western_punctuation_parts_clauses(reader: Reader) -> None:
    assert [f.status for f in reader.read("胸口不疼,气短").findings] == [Status.DENIED, Status.PRESENT]
    assert reader.read("你说的那些胸痛气短,我都没有。").level is Level.NONE


@pytest.mark.parametrize(
    "words",
    ["要是走快了就喘", "如果爬楼胸口就疼", "别的没有就是胸闷", "没走几步就喘", "其他都好就是胸口闷", "不光咳嗽还喘"],
)
def test_what_follows_a_condition_or_an_exception_is_felt(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED


@pytest.mark.parametrize("words", ["要是喘了怎么办", "预防心绞痛", "网上说会胸闷", "医生问我有没有胸闷，我说没有"])
def test_what_is_only_talked_of_is_no_alarm(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.NONE
