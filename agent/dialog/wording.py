"""What is said, from the pathway's approved sentences: which form, with which facts filled in."""

import re
from dataclasses import replace
from datetime import date

from agent.dialog.phrases import PLACEHOLDERS, Phrase
from agent.dialog.spoken import spoken_day, spoken_integer, spoken_number
from agent.model.answer import AnswerType
from agent.model.contact import Channel
from agent.model.pathway import Pathway, Question, Respondent
from agent.model.session import Detour, DetourKind, Session
from agent.model.turn import Expect, Option

YES_NO = (Option("1", "是"), Option("2", "不是"))
EXPECTS = {
    AnswerType.YES_NO: Expect.YES_NO,
    AnswerType.CHOICE: Expect.CHOICE,
    AnswerType.ADHERENCE: Expect.CHOICE,
    AnswerType.NUMBER: Expect.NUMBER,
    AnswerType.BLOOD_PRESSURE: Expect.NUMBER,
    AnswerType.SCALE: Expect.NUMBER,
    AnswerType.DATE: Expect.FREE_TEXT,
    AnswerType.FREE_TEXT: Expect.FREE_TEXT,
}
PATIENCE = {Expect.NUMBER: 12.0, Expect.FREE_TEXT: 10.0, Expect.IDENTITY: 10.0}
USUAL_PATIENCE = 8.0
SPOKEN_UNITS = {"%": ("百分之", ""), "mmol/L": ("", "")}  # before and behind the number; others as written
UNHURRIED = 1.25
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")


def expects(question: Question) -> Expect:
    return EXPECTS[question.type]


def patience(expect: Expect, *, unhurried: bool = False) -> float:
    """Seconds of silence after a prompt; old people look for their glasses before a number."""
    return PATIENCE.get(expect, USUAL_PATIENCE) * (UNHURRIED if unhurried else 1.0)


def numbers_wanted(question: Question | None, session: Session) -> int:
    """How many values a whole answer holds: two pressures, unless one of them is known already."""
    half = session.detour is not None and session.detour.kind is DetourKind.HALF
    return 2 if question is not None and question.type is AnswerType.BLOOD_PRESSURE and not half else 1


def options(question: Question) -> tuple[Option, ...]:
    if question.type is AnswerType.YES_NO:
        return YES_NO
    return tuple(Option(str(index), choice.label) for index, choice in enumerate(question.options, 1))


def fill(sentence: str, session: Session, pathway: Pathway, value: str = "") -> str:
    """The sentence with its placeholders filled in."""
    if "{" not in sentence:
        return sentence
    facts = session.facts
    values = {
        "name": facts.name,
        "hospital": facts.hospital,
        "department": facts.department,
        "callback": facts.callback or "医院公开的电话",
        "caregiver": facts.caregiver or "家属",
        "patient": pathway.patient_word if session.caregiver else "您",
        "value": value,
    }
    return sentence.format(**{name: values[name] for name in PLACEHOLDERS})


def phrase(which: Phrase, session: Session, pathway: Pathway, value: str = "") -> tuple[str, ...]:
    """A shared sentence; outside the telephone its `_chat` form where there is one."""
    key = f"{which}_chat" if session.channel is not Channel.PHONE and f"{which}_chat" in pathway.phrases else which
    return tuple(fill(sentence, session, pathway, value) for sentence in pathway.phrases[key])


def question_text(question: Question, session: Session, pathway: Pathway, form: str = "") -> str:
    """One question as `form`: "" (the channel's), "elder" or "short"; about the patient when family answers."""
    wording = question.wording
    if form == "elder":
        text = wording.elder
    elif form == "short":
        text = wording.short
    else:
        text = wording.voice if session.channel is Channel.PHONE else wording.chat
    if not session.caregiver:
        return text
    if wording.caregiver and form != "elder":
        return wording.caregiver
    return text if pathway.respondent is Respondent.PARENT else text.replace("您", pathway.patient_word)


def choices_text(question: Question, session: Session, pathway: Pathway) -> tuple[str, ...]:
    """How to answer a question by keypad or by number."""
    phone = session.channel is Channel.PHONE
    if question.type is AnswerType.YES_NO:
        return phrase(Phrase.KEYPAD_YES_NO if phone else Phrase.CHAT_YES_NO, session, pathway)
    if question.options:
        verb = "请按" if phone else "请回复"
        return tuple(f"{choice.label}{verb}{index}。" for index, choice in enumerate(question.options, 1))
    if question.type is AnswerType.BLOOD_PRESSURE and phone:
        return phrase(Phrase.KEYPAD_PRESSURE, session, pathway)
    if question.type in (AnswerType.NUMBER, AnswerType.SCALE) and phone:
        return phrase(Phrase.KEYPAD_NUMBER, session, pathway)
    return ()


def value_words(question: Question, value: str | float, *, written: bool = False) -> tuple[str, ...]:
    """A value as it is read back, in pieces: 高压一百五十, 低压九十五; `written` 高压150, 低压95."""
    number = "{:g}".format if written else spoken_number
    if question.type is AnswerType.BLOOD_PRESSURE:
        upper, _, lower = str(value).partition("/")
        return (f"高压{number(float(upper))}，", f"低压{number(float(lower))}，")
    if not isinstance(value, float):
        return (f"{value}，",)
    unit = "分" if question.type is AnswerType.SCALE else question.unit or ""
    if written:
        return (f"{question.label}{number(value)}{unit}，",)
    before, after = SPOKEN_UNITS.get(unit, ("", unit))
    return (f"{question.label}{before}{number(value)}{after}，",)


def in_sentences(answer: str) -> list[str]:
    """An answer as it is spoken: the first sentence does not wait until the last is rendered."""
    return _SENTENCE.findall(answer)


def next_contact_words(session: Session, pathway: Pathway) -> str:
    """The day of the next contact: 十二月一日, or 七天以后 where only the node is known; empty after the last node and
    where a contact stands alone."""
    if session.facts.one_off or not pathway.announces_next:
        return ""
    if session.facts.next_contact:
        return spoken_day(date.fromisoformat(session.facts.next_contact))
    later = [node.day for node in pathway.nodes if node.day > session.node_day]
    return f"{spoken_integer(min(later) - session.node_day)}天以后" if later else ""


def fixed_sentences(pathway: Pathway, session: Session) -> list[str]:
    """Every fixed sentence of this contact in the order of likely need, without repeats."""
    node = pathway.node(session.node_day)
    said: list[str] = []
    for which in (Phrase.GREETING, Phrase.RECORDING, Phrase.ASK_PERSON, Phrase.ASK_BIRTH_YEAR, Phrase.INTRO):
        said += phrase(which, session, pathway)
    reached = [pathway.questions[key] for key in reach(pathway, node.questions)]
    for form in ("", "short", "elder"):
        said += [question_text(question, session, pathway, form) for question in reached]
    said += [sentence for advice in pathway.advice.values() for sentence in advice.sentences]
    said += [sentence for question in reached for sentence in choices_text(question, session, pathway)]
    after = next_contact_words(session, pathway)
    said += phrase(Phrase.NEXT_CONTACT, session, pathway, after) if after else ()
    if session.facts.caregiver or pathway.respondent is Respondent.PARENT:
        family = replace(session, caregiver=True)
        said += [question_text(question, family, pathway, form) for form in ("", "elder") for question in reached]
    said += [*pathway.confirms.values(), *pathway.confirms_again.values(), *pathway.halves.values()]
    for one in (session, replace(session, caregiver=True)):
        for which in Phrase:
            if not any("{value}" in sentence for sentence in pathway.phrases[which]):
                said += phrase(which, one, pathway)
    return list(dict.fromkeys(said))


def doubt_text(pathway: Pathway, detour: Detour) -> str:
    """How the pathway puts a doubt, the second time perhaps in other words; "" for a concept it has no words for."""
    concept = detour.value
    if detour.question and concept in pathway.halves:
        return pathway.halves[concept]
    again = pathway.confirms_again.get(concept) if detour.tries else None
    return again or pathway.confirms.get(concept, "")


def reach(pathway: Pathway, start: tuple[str, ...]) -> list[str]:
    """The questions that may be asked when these are: with branches, closing questions and the last one."""
    found: list[str] = []
    ahead = [*start, pathway.last_question, *(key for flag in pathway.red_flags for key in flag.closing)]
    while ahead:
        key = ahead.pop(0)
        if key and key not in found:
            found.append(key)
            ahead += [wanted for branch in pathway.questions[key].branches for wanted in branch.ask]
    return found
