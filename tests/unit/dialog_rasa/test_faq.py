import re
import shutil
from pathlib import Path

import pytest

from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.interruptions import BEFORE_IDENTITY
from agent.dialog.nlu_check import check_content
from agent.dialog.problems_in_chinese import in_chinese
from agent.dialog.spelling import normalise
from agent.model.move import Move, MoveKind
from agent.model.problem import ContentError
from folders import NLU_DATA, PATHWAYS

ENTRY = "  - id: salt\n    questions: [盐吃多少, 能吃咸菜吗, 太淡怎么办]\n    answer: 一天五克。\n"
HEAD = "topic: diet\ntitle: 饮食\nsources: [某指南]\nentries:\n"


def written(folder: Path, text: str, name: str = "diet.yml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_an_entry(tmp_path: Path) -> None:
    (entry,) = load_faq(written(tmp_path, HEAD + ENTRY))
    assert (entry.id, entry.topic, entry.answer, entry.draft) == ("salt", "diet", "一天五克。", True)


def test_signed_by_whom_and_when(tmp_path: Path) -> None:
    (entry,) = load_faq(written(tmp_path, HEAD + ENTRY + "    approval: {who: 李医生, when: 2026-11-01}\n"))
    assert not entry.draft


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD.replace("sources: [某指南]\n", "") + ENTRY, "sources"),
        (HEAD + ENTRY.replace("id: salt", "id:"), "id"),
        (HEAD + ENTRY.replace(", 太淡怎么办", ""), "three wordings"),
        (HEAD + ENTRY.replace("    answer: 一天五克。\n", ""), "answer"),
        (HEAD + ENTRY + "    hand_on: true\n", "hand_on"),
        (HEAD + ENTRY + ENTRY, "twice"),
        ("entries: [", r"diet.yml:\d: not readable as YAML"),
        ("just words", "entries"),
    ],
)
def test_errors_name_the_file_and_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ContentError, match=says) as caught:
        load_faq(written(tmp_path, text))
    assert "diet.yml" in str(caught.value)


def test_a_question_for_the_nurse_has_no_answer(tmp_path: Path) -> None:
    text = HEAD + ENTRY.replace("answer: 一天五克。", "hand_on: true")
    assert FaqBook(load_faq(written(tmp_path, text)), use_drafts=True).answer("salt") is None


class TestOurContent:
    entries = load_faq(NLU_DATA / "faq")

    def test_enough_entries(self) -> None:
        assert len(self.entries) >= 60

    def test_answers_can_be_spoken_in_one_breath_or_two(self) -> None:
        assert [entry.id for entry in self.entries if max(map(len, entry.answers()), default=0) > 75] == []

    def test_no_wording_belongs_to_two_entries(self) -> None:
        owners: dict[str, str] = {}
        for entry in self.entries:
            for question in entry.questions:
                assert owners.setdefault(normalise(question), entry.id) == entry.id

    def test_what_may_be_answered_to_a_stranger_exists(self) -> None:
        assert {entry.id for entry in self.entries} >= BEFORE_IDENTITY


def test_an_answer_that_promises_a_nurse_says_so(tmp_path: Path) -> None:
    (tmp_path / "diet.yml").write_text(HEAD + ENTRY + "    tell_nurse: true\n", encoding="utf-8")
    book = FaqBook(load_faq(tmp_path), use_drafts=True)
    asked = book.answered(Move(MoveKind.ASK, faq="salt"))
    assert (asked.faq_answer, asked.tell_nurse) == ("一天五克。", True)
    assert book.answered(Move(MoveKind.ASK, faq="unknown")) == Move(MoveKind.ASK, faq="unknown")


def test_every_answer_that_promises_a_nurse_for_certain_tells_one() -> None:
    promises = re.compile(r"[，。；](?:我把您的问题|请护士回复|护士会回复|我请(?:医生或)?护士(?:尽快)?(?:联系|回复)您)")
    entries = load_faq(NLU_DATA / "faq")
    unkept = [entry.id for entry in entries if promises.search(entry.answer) and not entry.tell_nurse]
    assert sorted(unkept) == ["no_subject", "painkiller"]  # both only in case of: 我答不了的, 疼得厉害


def test_an_answer_bound_to_a_pathway_goes_before_the_general_one(tmp_path: Path) -> None:
    bound = '    in:\n      stroke: {answer: 少盐。, tell_nurse: true}\n      checkup: {answer: ""}\n'
    (tmp_path / "diet.yml").write_text(HEAD + ENTRY + bound, encoding="utf-8")
    book = FaqBook(load_faq(tmp_path), use_drafts=True)
    asked = {name: book.answered(Move(MoveKind.ASK, faq="salt"), name) for name in ("", "stroke", "checkup")}
    assert (asked[""].faq_answer, asked[""].tell_nurse) == ("一天五克。", False)
    assert (asked["stroke"].faq_answer, asked["stroke"].tell_nurse) == ("少盐。", True)
    assert asked["checkup"].faq_answer is None  # a nurse replies
    said = {name: book.sentences(name) for name in asked}
    assert said == {"": ["一天五克。"], "stroke": ["少盐。"], "checkup": []}


def test_an_answer_for_a_pathway_that_is_none_is_named(tmp_path: Path) -> None:
    shutil.copytree(NLU_DATA, tmp_path / "nlu", ignore=shutil.ignore_patterns("second_opinion", "lexicon"))
    path = tmp_path / "nlu" / "faq" / "wound.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("      chemotherapy: {", "      chemo: {", 1), "utf-8")
    pathways = {each.parent.name for each in PATHWAYS.glob("*/pathway.yml")}
    (problem,) = check_content(tmp_path / "nlu", pathways)
    assert (problem.file, in_chinese(problem.message)) == ("wound.yml", "shower 里写了没有的路径 chemo")


@pytest.mark.parametrize(
    ("entry", "pathway", "says", "not_said"),
    [
        ("shower", "coronary_stent", "扎针的地方", "拆线"),
        ("shower", "joint_replacement", "拆线", "扎针"),
        ("shower", "paediatric_pneumonia", "孩子", "拆线"),
        ("swelling_leg", "heart_failure", "体重", "垫高"),
        ("missed_dose", "diabetes", "先量血糖", "补上"),
        ("sports", "joint_replacement", "下蹲也先不做", "太极、慢走"),
        ("bp_measure", "breast_surgery", "没开刀那边", "八十五"),
        ("vaccine", "chemotherapy", "活疫苗不能打", "多数疫苗可以打"),
        ("constipation", "general_surgery", "按出院交代的吃", "粗粮"),
        ("inhaler", "paediatric_pneumonia", "面罩", "屏气"),
    ],
)
def test_no_general_answer_misleads_where_it_is_wrong(entry: str, pathway: str, says: str, not_said: str) -> None:
    answer = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True).answer(entry, pathway)
    assert answer and says in answer and not_said not in answer


def test_a_childs_pulse_is_left_to_a_nurse() -> None:
    book = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True)
    assert book.answer("heart_rate", "paediatric_pneumonia") is None and book.answer("heart_rate", "stroke")
