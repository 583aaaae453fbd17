"""Pathway files: what is wrong in them, where, and what to write instead; versions that are kept."""

import re
from pathlib import Path

import pytest

from agent.dialog.pathway_loader import PathwayShelf, load, load_all, problems
from agent.model.finding import Level
from agent.model.problem import ContentError
from folders import PATHWAYS
from tests.unit.dialog.copied import copied, edit

EXPECTED = {
    "heart_failure": (3, 7, 14, 30),
    "coronary_stent": (7, 30, 90, 180),
    "acute_infarction": (7, 14, 21, 28, 35, 42, 49, 56),
    "hypertension": (30, 60, 90, 120, 150, 180),
    "diabetes": (30, 60, 90, 120, 150, 180),
    "copd": (3, 7, 30, 90),
    "stroke": (7, 30, 90, 180),
    "general_surgery": (3, 7, 14, 30),
    "joint_replacement": (3, 7, 14, 30, 90),
    "breast_surgery": (7, 30, 90, 180, 365),
    "chemotherapy": (3, 7, 14, 21),
    "paediatric_pneumonia": (2, 7, 14),
    "checkup": (2, 30, 90),
    "medication_reminder": (1, 7, 14, 30, 90),
    "satisfaction": (90, 180, 270, 360),
    "flu_vaccine": (0,),
    "recall": (0,),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_every_pathway_is_there_with_its_nodes() -> None:
    found = load_all(PATHWAYS)
    assert {name: tuple(node.day for node in pathway.nodes) for name, pathway in found.items()} == EXPECTED


def test_every_pathway_names_its_sources_and_is_a_draft() -> None:
    for pathway in load_all(PATHWAYS).values():
        assert pathway.sources and pathway.draft, pathway.id


def test_whatever_measures_a_vital_sign_has_the_house_limits() -> None:
    for pathway in load_all(PATHWAYS).values():
        for question in pathway.questions.values():
            if "systolic" in question.measurements:
                red = {limit.id for limit in question.limits if limit.level == Level.RED}
                assert {"severe_hypertension", "severe_hypertension_low", "hypotension"} <= red


@pytest.mark.parametrize(
    ("before", "after", "message", "remedy"),
    [
        ("type: yes_no", "type: yesno", "'yesno' is not one of the choices", "yes_no"),
        ("    elder: 平时走几步路，会不会喘不上气？\n", "", "elder missing", "`elder:`"),
        ("voice: 这几天走路或者上楼，喘不喘？", f"voice: {'很' * 41}", "41 characters", "shorter"),
        ("questions: [breath, night,", "questions: [breathing, night,", "breathing, which is not written", "breath"),
        ("ask: [swelling_worse]", "ask: [worse]", "worse, which is not written", "swelling_worse"),
        ("say: [weigh_tomorrow]", "say: [weigh_today]", "weigh_today is not written", "`advice:`"),
        ("{when: stopped, level: yellow", "{when: gone, level: yellow", "can not be gone", "stopped"),
        (
            "measurement: heart_rate, above: 100",
            "measurement: pulse, above: 100",
            "does not ask for pulse",
            "heart_rate",
        ),
        ("advice: call_120_breath, ", "", "red rule without advice", "`advice:`"),
        ("    label: 情绪低落\n", "    label: 情绪低落\n    colour: blue\n", "unknown colour", "Allowed here"),
        ("day: 7, title: 出院第7天", "day: 3, title: 出院第7天", "days must rise", "Order"),
        ("  night:\n", "  breath:\n", "is written twice", "one of the two"),
        ("  night:\n", "  night\n", "not readable as YAML", "colons"),
        ("unit: 公斤", "range: [1, 2]", "is written twice", "one of the two"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_remedy(
    folder: Path, before: str, after: str, message: str, remedy: str
) -> None:
    line = (folder / "heart_failure/pathway.yml").read_text(encoding="utf-8").split(before)[0].count("\n") + 1
    edit(folder, before, after)
    found = problems(folder)
    assert any(message in error.message for error in found), [str(error) for error in found]
    error = next(error for error in found if message in error.message)
    assert remedy in error.remedy
    assert error.file.endswith("heart_failure/pathway.yml")
    assert abs(error.line - line) <= 6 and error.line > 1
    with pytest.raises(ContentError):
        load(folder / "heart_failure")


def test_a_promise_without_a_nurse_is_a_mistake(folder: Path) -> None:
    edit(folder, "      - {when: no, level: yellow, reason: 需要帮助：预约复诊}\n", "")
    edit(folder, "    alarms:\n\n", "\n")
    assert any("promises somebody's help" in error.message for error in problems(folder))


def test_a_pathway_is_a_draft_until_every_sentence_is_signed(folder: Path) -> None:
    assert load(folder / "heart_failure").draft
    for file in folder.glob("*/*.yml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('{who: "", when: ""}', '{who: 李医生, when: "2026-03-01"}'), encoding="utf-8")
    assert not load(folder / "heart_failure").draft
    edit(folder, '{who: 李医生, when: "2026-03-01"}', '{who: "", when: ""}', "shared/phrases.yml")
    assert load(folder / "heart_failure").draft


def test_a_question_nobody_asks_is_a_mistake(folder: Path) -> None:
    edit(folder, "medicine, walking]", "medicine]")
    assert [error.message for error in problems(folder)] == ["no node or branch asks walking"]


def test_a_missing_shared_phrase_is_a_mistake(folder: Path) -> None:
    edit(folder, '  deceased: ["', '  deceased_person: ["', "shared/phrases.yml")
    assert "phrase deceased is missing" in problems(folder)[0].message


def test_an_edit_needs_no_restart(folder: Path) -> None:
    shelf = PathwayShelf(folder)
    first = shelf.get("heart_failure")
    assert shelf.get("heart_failure") is first
    edit(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚肿不肿？")
    second = shelf.get("heart_failure")
    assert second.questions["swelling"].wording.voice == "脚肿不肿？"
    assert second.version != first.version and second.version.partition("+")[0] == first.version.partition("+")[0]


def test_a_contact_keeps_the_version_it_began_with_across_restarts(folder: Path, tmp_path: Path) -> None:
    keep = tmp_path / "kept"
    began = PathwayShelf(folder, keep).get("heart_failure")
    edit(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚肿不肿？")
    after_restart = PathwayShelf(folder, keep)
    assert after_restart.get("heart_failure").version != began.version
    kept = after_restart.get("heart_failure", began.version)
    assert kept == began
    assert kept.questions["swelling"].wording.voice == "脚或者小腿肿不肿？"


def test_a_shared_sentence_is_part_of_the_version(folder: Path) -> None:
    shelf = PathwayShelf(folder)
    before = shelf.get("heart_failure").version
    edit(folder, "问完了，谢谢您的配合。", "谢谢您。", "shared/phrases.yml")
    assert shelf.get("heart_failure").version != before


def test_a_version_nobody_kept_gives_the_current_one_and_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = PathwayShelf(folder, folder / "kept")
    assert shelf.get("heart_failure", "0.9+00000000") is shelf.get("heart_failure")
    shelf.get("heart_failure", "0.9+00000000")
    assert caplog.text.count("was not kept") == 1


def test_a_kept_version_gets_the_sentences_the_programme_has_learnt_since(folder: Path) -> None:
    keep = folder / "kept"
    began = PathwayShelf(folder, keep).get("heart_failure")
    bundle = keep / "heart_failure" / f"{began.version}.json"
    before_that = re.sub(r"  technical: [^\\]*\\n", "", bundle.read_text(encoding="utf-8"))
    bundle.write_text(before_that, encoding="utf-8")
    edit(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚肿不肿？")
    edit(folder, "问完了，谢谢您的配合。", "谢谢您。", "shared/phrases.yml")
    found = PathwayShelf(folder, keep).get("heart_failure", began.version)
    assert found.version == began.version
    assert found.questions["swelling"].wording.voice == "脚或者小腿肿不肿？"
    assert found.phrases["closing"] == began.phrases["closing"]
    assert found.phrases["technical"] == began.phrases["technical"]


def test_a_kept_version_that_can_not_run_gives_way(folder: Path) -> None:
    keep = folder / "kept"
    began = PathwayShelf(folder, keep).get("heart_failure")
    bundle = keep / "heart_failure" / f"{began.version}.json"
    bundle.write_text(bundle.read_text(encoding="utf-8").replace("type: yes_no", "type: gone"), encoding="utf-8")
    edit(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚肿不肿？")
    found = PathwayShelf(folder, keep).get("heart_failure", began.version)
    assert found.version != began.version


def test_what_begins_now_runs_todays_file_and_the_planned_one_while_that_is_broken(folder: Path) -> None:
    keep = folder / "kept"
    planned = PathwayShelf(folder, keep).get("heart_failure")
    edit(folder, "voice: 脚或者小腿肿不肿？", "voice: 脚肿不肿？")
    shelf = PathwayShelf(folder, keep)
    assert shelf.starting("heart_failure", planned.version).questions["swelling"].wording.voice == "脚肿不肿？"
    edit(folder, "voice: 脚肿不肿？", "voice: [")
    assert PathwayShelf(folder, keep).starting("heart_failure", planned.version) == planned


def test_a_kept_version_runs_while_the_file_is_broken_and_the_process_is_new(folder: Path) -> None:
    began = PathwayShelf(folder, folder / "kept").get("heart_failure")
    edit(folder, "type: yes_no", "type: yesno")
    assert PathwayShelf(folder, folder / "kept").get("heart_failure", began.version) == began


def test_a_broken_edit_is_refused_and_the_running_version_stays(folder: Path) -> None:
    shelf = PathwayShelf(folder)
    began = shelf.get("heart_failure")
    edit(folder, "type: yes_no", "type: yesno")
    with pytest.raises(ContentError):
        shelf.get("heart_failure")
    assert shelf.get("heart_failure", began.version) is began


def test_an_unknown_pathway_says_so(folder: Path) -> None:
    with pytest.raises(ContentError, match="no such file"):
        PathwayShelf(folder).get("no_such_pathway")


def test_a_lesson_may_end_with_a_link_and_nothing_but_a_safe_one(folder: Path) -> None:
    before = load(folder / "heart_failure").education["weigh_daily"].text
    edit(folder, "    title: 每天称体重\n", "    title: 每天称体重\n    link: https://h.cn/weigh\n")
    assert load(folder / "heart_failure").education["weigh_daily"].text == f"{before} https://h.cn/weigh"
    edit(folder, "link: https:", "link: http:")
    with pytest.raises(ContentError):
        load(folder / "heart_failure")


@pytest.mark.parametrize(
    ("before", "after", "line", "remedy"),
    [
        ("advice: call_120_breath, closing", "advice: call_120_breathe, closing", 34, "you mean call_120_breath"),
        ("questions: [breath, night,", "questions: [breath, nihgt,", 18, "Perhaps you mean night"),
        ("education: [activity]", "education: [activty]", 20, "Perhaps you mean activity"),
        ("type: blood_pressure", "type: bloodpressure", 83, "Perhaps you mean blood_pressure"),
        ("range: [25, 200]", "range: [200, 25]", 70, "smaller number first"),
        ('approval: {who: "", when: ""}', "approval: {who: 张医生, when: 昨天}", 8, "2026-03-01"),
        ("    label: 体重\n", "    label：体重\n", 65, "not ："),
        ("  breath:\n", "\tbreath:\n", 24, "there is a tab"),
    ],
)
def test_the_usual_slips_get_a_remedy_on_their_line(
    folder: Path, before: str, after: str, line: int, remedy: str
) -> None:
    edit(folder, before, after)
    found = problems(folder)
    assert any(one.line == line and remedy in one.remedy for one in found), [(o.line, o.remedy) for o in found]
