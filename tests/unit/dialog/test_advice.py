"""Each danger has its own first words; taking a family out of shared/safety.yml turns this red."""

import pytest

from tests.unit.dialog.talk import Talk, red

FIRST_WORDS = {
    "stroke": "请马上拨打120",
    "stroke_speech": "记住发病时间",
    "chest_pain": "马上坐下别动",
    "chest_tightness": "马上坐下别动",
    "dyspnoea": "坐起来，别躺平",
    "orthopnoea": "坐起来，别躺平",
    "syncope": "请躺下",
    "seizure": "请马上拨打120",
    "confusion": "请马上拨打120",
    "suicidal": "12356",
    "overdose": "别自己催吐",
    "allergy_severe": "停用可疑的药",
    "vomiting_blood": "先不要吃东西",
    "black_stool": "请马上拨打120",
    "blood_in_urine": "别用力",
    "nosebleed_heavy": "能按住的先用力按住",
    "wound_bleeding": "能按住的先用力按住",
    "severe_abdominal_pain": "马上去医院急诊",
    "leg_clot": "不要按揉那条腿",
    "wound_infection": "不要挤",
    "high_fever": "今天就到医院看发热",
    "hypoglycaemia": "吃糖或喝半杯糖水",
    "glucose_low": "吃糖或喝半杯糖水",
    "glucose_very_high": "今天就要到医院看",
    "severe_hypertension": "过五分钟再量一次",
    "hypotension": "坐下或躺下",
    "heart_rate_very_low": "坐下或躺下",
    "spo2_low": "坐起来，别躺平",
    "anuria": "马上去医院急诊",
    "head_injury": "别急着起来",
    "fall_with_injury": "别急着起来",
    "weight_gain_and_oedema": "今天就要到医院看",
    "a_rule_nobody_wrote_for": "马上重视",
}


@pytest.mark.parametrize(("rule", "words"), FIRST_WORDS.items(), ids=list(FIRST_WORDS))
def test_the_danger_speaks_its_own_advice(rule: str, words: str) -> None:
    talk = Talk().identified().turn("…", read=red("…", rule))
    assert words in talk.said
    assert not talk.last.reply.interruptible
    closing = talk.session.queue
    assert len(closing) <= 1  # one closing question is being asked, at most one more follows
