"""The parts of a pathway in words a clinician reads. Pure."""

import re
from html import escape

from agent.model.answer import AnswerType
from agent.model.finding import Level
from agent.model.pathway import Approval, Condition, Question
from agent.model.reading_context import Limit, LimitSide

TYPES = {
    AnswerType.YES_NO: "是/否",
    AnswerType.CHOICE: "选项",
    AnswerType.NUMBER: "数值",
    AnswerType.BLOOD_PRESSURE: "血压",
    AnswerType.SCALE: "评分0–10",
    AnswerType.DATE: "日期",
    AnswerType.FREE_TEXT: "自由回答",
    AnswerType.ADHERENCE: "服药依从性",
}
LEVELS = {Level.RED: "红", Level.YELLOW: "黄", Level.NONE: "无"}
PARTS = {"systolic": "高压", "diastolic": "低压"}
MEASURES = PARTS | {
    "heart_rate": "心率",
    "weight_kg": "体重",
    "temp_c": "体温",
    "glucose": "血糖",
    "spo2": "血氧",
    "scale": "评分",
    "count": "次数",
}
FILLED_IN = {
    "name": "姓名",
    "hospital": "医院",
    "department": "科室",
    "callback": "随访电话",
    "patient": "患者称呼",
    "caregiver": "家属",
    "value": "读数或时间",
}


def when_text(when: Condition, question: Question) -> str:
    """A condition as a clinician says it: 是; 偶尔漏或停了; 高压高于160."""
    if when.unanswered:
        return "未能回答"
    labels = {"yes": "是", "no": "否"} | {option.key: option.label for option in question.options}
    words = ["或".join(labels.get(key, key) for key in when.is_)] if when.is_ else []
    part = PARTS.get(when.part, "")
    if when.above == 0 and when.below is None:
        return "有数值"
    words += [f"{part}高于{when.above:g}"] if when.above is not None else []
    words += [f"{part}不低于{when.at_least:g}"] if when.at_least is not None else []
    words += [f"{part}低于{when.below:g}"] if when.below is not None else []
    return "，".join(words)


def limit_text(limit: Limit) -> str:
    side = "低于" if limit.side is LimitSide.BELOW else "不低于" if limit.itself else "高于"
    return f"{MEASURES.get(limit.measurement, limit.measurement)}{side}{limit.value:g}"


def approval_text(approval: Approval) -> str:
    return f"{approval.by}，{approval.on}" if approval.given else "未签发"


def filled(sentence: str) -> str:
    """The sentence with what is put in at its place named in Chinese: 请问您是〔姓名〕本人吗？"""
    return re.sub("{(.*?)}", lambda found: f'<span class="form">〔{FILLED_IN[found[1]]}〕</span>', escape(sentence))
