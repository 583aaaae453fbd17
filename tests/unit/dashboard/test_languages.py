"""The second language: whole where it is offered, and nobody's words are touched."""

import re
from collections.abc import Callable

import pytest

from dashboard import words
from dashboard.languages import COMPLETE, HOME, LANGUAGES, RUN, catalogue, composed, said
from dashboard.web import HERE
from tests.unit.dashboard.conftest import Browser, Ward

Words = Callable[[str], str]
OTHERS = [language for language in LANGUAGES if language != HOME]
SHOWN = ("LEVELS", "KINDS", "ESCALATION_STATUS", "DISPOSITIONS", "CONTACT_STATUS", "OUTCOMES", "TRANSFERS", "CHANNELS",
         "FINDING_STATUS", "TIERS", "SEXES", "PLAN_STATUS", "ROLES", "MESSAGE_KINDS", "MESSAGE_STATUS")  # fmt: skip
"""What queue and patient page take from dashboard.words."""


def runs() -> dict[str, str]:
    """Every run of Chinese that must have another wording → where it stands."""
    found = {}
    scripts = [path for path in (HERE / "static").glob("*.js") if not path.name.startswith("practice")]
    for path in [*(HERE / "templates" / name for name in COMPLETE), *scripts]:
        text = re.sub(r"//[^\n]*|{#.*?#}", "", path.read_text(encoding="utf-8"))
        found |= dict.fromkeys(RUN.findall(text), path.name)
    for name in SHOWN:
        for value in getattr(words, name).values():
            found |= dict.fromkeys(RUN.findall(value), name)
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_lacks_its_wording(language: str) -> None:
    known = catalogue(language)
    assert {run: place for run, place in runs().items() if run not in known} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_wording_breaks_no_attribute_and_no_string(language: str) -> None:
    assert [each for each in catalogue(language).values() if re.search("[\"'`<>{}\\\\]", each)] == []


def test_only_whole_runs_are_reworded() -> None:
    assert said("接手 接手了", "en") == "Take 接手了"
    assert composed("心衰随访 · 第 7 天", "en") == "心衰随访 · day 7"
    assert composed("女 71 岁", "en") == "f 71 y" and composed("3 分钟前", "en") == "3 min ago"
    assert composed("第 7 天", HOME) == "第 7 天"


async def test_a_nurse_reads_english_and_the_patients_words_stay(ward: Ward, nurse: Browser, text_of: Words) -> None:
    answer = await nurse.post("/language", language="en")
    assert answer.headers["location"] == "/queue"
    page = (await nurse.get("/queue")).text
    shown = text_of(page)
    for said_there in ("Alerts", "Urgent", "Waiting", "Take", "王秀英", "day 7", "有黄水，一股味儿"):
        assert said_there in shown, said_there
    assert '<html lang="en">' in page
    patient = text_of((await nurse.get("/patients/p0003")).text)
    assert "Contact and consent" in patient and "completed" in patient and "张桂兰" in patient
    script = re.search(r'src="(/static/[0-9a-f]+/en/)app.js"', page)
    assert script and "Handed over" in (await nurse.get(script[1] + "queue.js")).text
    assert "待接手" in text_of((await (await ward.nurse("wangfang")).get("/queue")).text)
    assert (await nurse.post("/language", language="tlh")).status_code == 400
    await nurse.post("/language", language="zh")
    assert "待接手" in text_of((await nurse.get("/queue")).text)
