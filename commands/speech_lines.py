"""Which sentences are worth rendering ahead: what the robot says in any contact of the sample patients, and what the
simulator's patients say."""

import csv
import io
from pathlib import Path

from agent.dialog import engine
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.pathway_loader import load_all
from agent.dialog.wording import value_words
from agent.model.answer import AnswerType
from agent.model.contact import Channel
from agent.model.pathway import Question
from agent.model.session import Facts
from agent.model.step import Opening
from agent.turn.opening import spoken_title
from folders import NLU_DATA, PATHWAYS, SAMPLE_LIST
from settings import Settings, load
from telephony.simulator.persona import load_personas

_COMMON = {  # values read back often, per measurement: first, last, step; the others are rendered when they are heard
    "systolic": (90, 190, 1),
    "diastolic": (50, 110, 1),
    "heart_rate": (45, 120, 1),
    "temp_c": (36, 40, 0.1),
    "weight_kg": (40, 90, 0.5),
    "spo2": (85, 100, 1),
    "glucose": (4, 16, 0.1),
    "scale": (0, 10, 1),
    "count": (0, 10, 1),
}
_SEX = {"男": "male", "女": "female"}


def patient_lines(folder: Path) -> list[tuple[str, str]]:
    """(voice, text) of every line of the simulator's patients."""
    personas = load_personas(folder).values()
    lines = [(line.voice or persona.voice, line.say) for persona in personas for line in persona.every_line if line.say]
    return list(dict.fromkeys(lines))


def sample_rows(path: Path = SAMPLE_LIST) -> list[dict[str, str]]:
    """The sample list's rows; its first line is a title."""
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text[text.index("姓名") :])))


def _opening(row: dict[str, str], day: int, settings: Settings, draft: bool) -> Opening:
    sex = _SEX.get(row["性别"])
    facts = Facts(
        name=row["姓名"],
        title=spoken_title(row["姓名"], sex),
        birth_year=int(row["出生年份"]) if row["出生年份"] else None,
        id_last4=row["身份证后四位"] or None,
        phone_last4=row["电话"][-4:],
        sex=sex,
        caregiver=row["家属姓名"] or None,
        hospital=settings.hospital,
        department=row["科室"],
        callback=settings.callback_number,
    )
    return Opening("", day, Channel.PHONE, facts, recording=True, draft=draft)


def _steps(measurement: str) -> list[float]:
    first, last, step = _COMMON[measurement]
    return [round(float(first + step * n), 1) for n in range(round((last - first) / step) + 1)]


def read_backs(question: Question) -> list[str]:
    """The pieces with which common values of a question are read back: a call must not wait for them."""
    if question.type is AnswerType.BLOOD_PRESSURE:
        uppers = [value_words(question, f"{upper}/60")[0] for upper in _steps("systolic")]
        return uppers + [value_words(question, f"120/{lower}")[1] for lower in _steps("diastolic")]
    if question.type not in (AnswerType.NUMBER, AnswerType.SCALE):
        return []
    known = [name for name in question.measurements if name in _COMMON]
    return [value_words(question, value)[0] for name in known for value in _steps(name)]


def prompt_texts() -> list[str]:
    """Every fixed sentence of every pathway's first contact with each sample patient, the common values as they are
    read back, and the answers to patients' own questions, without repeats."""
    from wiring.dialling import APOLOGY  # the composition root imports all there is

    settings = load()
    texts = [APOLOGY]
    faq = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True)
    for pathway in load_all(PATHWAYS).values():
        for row in sample_rows():
            for draft in (False, True) if pathway.draft else (False,):
                opening = _opening(row, pathway.nodes[0].day, settings, draft)
                texts += engine.open(opening, pathway).reply.sentences
                texts += engine.all_sentences(pathway, opening)
        texts += faq.sentences(pathway.id)
        for question in pathway.questions.values():
            texts += read_backs(question)
    return list(dict.fromkeys(text for text in texts if text.strip()))
