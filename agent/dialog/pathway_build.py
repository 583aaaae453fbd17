"""Checked YAML data into the model; nothing here can fail on data the schema accepts."""

from dataclasses import replace
from typing import Any

from agent.model.answer import AnswerType
from agent.model.finding import Level
from agent.model.pathway import (
    Advice,
    AnswerAlarm,
    AppliesTo,
    Approval,
    Branch,
    Choice,
    Condition,
    Education,
    Node,
    Pathway,
    Question,
    RedFlag,
    Respondent,
    Wording,
)
from agent.model.reading_context import Limit, LimitSide

Raw = dict[str, Any]

_SOMEONE_NEAR = "someone_near"  # the shared closing question whether anybody is with the patient

ADHERENCE_OPTIONS: tuple[Raw, ...] = (  # read from the words by agent/dialog/adherence.py
    {"key": "as_prescribed", "label": "按时吃"},
    {"key": "missed_some", "label": "偶尔漏"},
    {"key": "stopped", "label": "停了"},
)


def build_pathway(raw: Raw, shared: Raw, version: str) -> Pathway:
    raw_questions = {key: _with_shared_limits(one, shared) for key, one in raw["questions"].items()}
    questions = {key: _question(key, one) for key, one in {**shared["questions"], **raw_questions}.items()}
    own = [_red_flag(one, needs_all=not one.get("advice_only", False)) for one in raw.get("red_flags", ())]
    by_answer = [flag for key, one in raw_questions.items() for flag in _answer_flags(key, one)]
    families = [_red_flag(one, needs_all=False) for one in shared["families"]]
    education = raw.get("education", {})
    respondent = Respondent(raw.get("respondent", "patient"))
    return Pathway(
        id=raw["id"],
        version=version,
        title=raw["title"],
        applies_to=_applies_to(raw["applies_to"]),
        nodes=tuple(_node(one) for one in raw["nodes"]),
        questions=questions,
        advice={key: _advice(key, one) for key, one in {**shared["advice"], **raw.get("advice", {})}.items()},
        red_flags=tuple(_put_to(respondent, flag) for flag in (*own, *by_answer, *families)),
        phrases={key: tuple(sentences) for key, sentences in shared["phrases"].items()},
        confirms={**shared["confirms"], **raw.get("confirms", {})},
        confirms_again={**shared.get("confirms_again", {}), **raw.get("confirms_again", {})},
        halves=dict(shared["halves"]),
        education={key: _education(key, one) for key, one in education.items()},
        sources=tuple(raw["sources"]),
        approval=_approval(raw["approval"]),
        shared_approval=_approval(shared["approval"]),
        respondent=respondent,
        patient_word=raw.get("patient_word", "孩子" if respondent is Respondent.PARENT else "患者"),
        ask_consent=raw.get("ask_consent", False),
        announces_next=raw.get("announces_next", True),
        last_question=raw.get("last_question", ""),
    )


def _approval(raw: Raw) -> Approval:
    return Approval(raw["who"], raw["when"])


def _applies_to(raw: Raw) -> AppliesTo:
    lists = {name: tuple(raw.get(name, ())) for name in ("icd10", "words", "without", "tags", "tiers")}
    return AppliesTo(**lists, priority=raw.get("priority", 0))


def _node(raw: Raw) -> Node:
    title = raw.get("title", f"出院第{raw['day']}天")
    return Node(raw["day"], title, tuple(raw["questions"]), tuple(raw.get("education", ())))


def _advice(key: str, raw: Raw) -> Advice:
    return Advice(key, tuple(raw["sentences"]), _approval(raw["approval"]))


def _education(key: str, raw: Raw) -> Education:
    """Its link is the last of its words, so that every channel carries it and the approval covers it."""
    text = " ".join(filter(None, (raw["text"], raw.get("link"))))
    picture = (raw.get("picture", ""), raw.get("picture_says", ""))
    return Education(key, raw["title"], text, _approval(raw["approval"]), *picture)


def _red_flag(raw: Raw, *, needs_all: bool) -> RedFlag:
    return RedFlag(
        raw["id"],
        tuple(raw["concepts"]),
        Level(raw["level"]),
        raw["reason"],
        raw.get("advice", ""),
        tuple(raw.get("closing", ())),
        needs_all,
        raw.get("transfer", False),
    )


def _put_to(respondent: Respondent, flag: RedFlag) -> RedFlag:
    """Whoever answers about a child is not asked whether anybody is near."""
    parent = respondent is Respondent.PARENT
    return replace(flag, closing=tuple(key for key in flag.closing if key != _SOMEONE_NEAR)) if parent else flag


def _answer_flags(question: str, raw: Raw) -> list[RedFlag]:
    """What to say when a red limit or a red answer fires, found by the same rule id as its alarm."""
    limits = [(limit_id(question, one), one) for one in raw.get("limits", ())]
    alarms = [(alarm_id(question, index), one) for index, one in enumerate(raw.get("alarms", ()), 1)]
    return [
        RedFlag(key, (), Level(one["level"]), one["reason"], one.get("advice", ""), tuple(one.get("closing", ())))
        for key, one in (*limits, *alarms)
        if one["level"] == "red"
    ]


def _with_shared_limits(raw: Raw, shared: Raw) -> Raw:
    """The question with the house's limits on what it measures, where it has none on that side and level itself."""
    measured = measurements_of(raw)
    own = {(one["measurement"], "below" in one, one["level"]) for one in raw.get("limits", ())}
    added = [
        one
        for one in shared["limits"]
        if one["measurement"] in measured and (one["measurement"], "below" in one, one["level"]) not in own
    ]
    return {**raw, "limits": [*raw.get("limits", ()), *added]} if added else raw


def measurements_of(raw: Raw) -> tuple[str, ...]:
    return tuple(raw.get("measurements", _default_measurements(AnswerType(raw["type"]))))


def limit_id(question: str, raw: Raw) -> str:
    bound = bound_of(raw)
    return str(raw.get("id") or f"{question}_{raw['measurement']}_{bound}_{raw[bound]:g}".replace(".", "_"))


def bound_of(raw: Raw) -> str:
    """`above` (高于), `at_least` (不低于) or `below` (低于)."""
    return next(word for word in ("above", "at_least", "below") if word in raw)


def alarm_id(question: str, index: int) -> str:
    return f"{question}_answer_{index}"


def _question(key: str, raw: Raw) -> Question:
    kind = AnswerType(raw["type"])
    low, high = raw.get("range", (None, None))
    options = raw.get("options", ADHERENCE_OPTIONS if kind is AnswerType.ADHERENCE else ())
    return Question(
        id=key,
        type=kind,
        label=raw["label"],
        was=tuple(raw.get("was", ())),
        wording=_wording(raw),
        asks=tuple(raw.get("asks", ())),
        also=tuple(raw.get("also", ())),
        measurements=measurements_of(raw),
        unit=raw.get("unit"),
        low=low,
        high=high,
        options=tuple(Choice(one["key"], one["label"], tuple(one.get("says", ()))) for one in options),
        branches=tuple(
            Branch(condition(one["when"]), tuple(one.get("ask", ())), tuple(one.get("say", ())))
            for one in raw.get("branches", ())
        ),
        alarms=tuple(
            AnswerAlarm(
                alarm_id(key, index),
                condition(one["when"]),
                Level(one["level"]),
                one["reason"],
                one.get("advice", ""),
                tuple(one.get("closing", ())),
            )
            for index, one in enumerate(raw.get("alarms", ()), 1)
        ),
        limits=tuple(_limit(key, one) for one in raw.get("limits", ())),
        nurse_if_unanswered=raw.get("if_unanswered", "note") == "nurse",
    )


def _default_measurements(kind: AnswerType) -> tuple[str, ...]:
    if kind is AnswerType.BLOOD_PRESSURE:
        return ("systolic", "diastolic")
    return ("scale",) if kind is AnswerType.SCALE else ()


def _wording(raw: Raw) -> Wording:
    voice: str = raw["voice"]
    return Wording(voice, raw.get("chat", voice), raw["elder"], raw.get("short", voice), raw.get("caregiver", ""))


def _limit(question: str, raw: Raw) -> Limit:
    bound = bound_of(raw)
    return Limit(
        id=limit_id(question, raw),
        measurement=raw["measurement"],
        side=LimitSide.BELOW if bound == "below" else LimitSide.ABOVE,
        value=raw[bound],
        level=Level(raw["level"]),
        reason=raw["reason"],
        itself=bound == "at_least",
    )


def condition(raw: Any) -> Condition:
    """`yes` and `no` unquoted arrive as booleans."""
    if isinstance(raw, dict):
        return Condition(**{key: raw[key] for key in ("above", "at_least", "below", "part") if key in raw})
    words = tuple(_word(one) for one in (raw if isinstance(raw, list) else [raw]))
    return Condition(unanswered=True) if words == ("unanswered",) else Condition(is_=words)


def _word(raw: Any) -> str:
    return {True: "yes", False: "no"}[raw] if isinstance(raw, bool) else str(raw)
