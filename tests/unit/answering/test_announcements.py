"""Which machine said this, and was it a machine at all: sentences as data in spoken.yml."""

from pathlib import Path

import pytest

from agent.answering.announcements import Announcements
from agent.answering.content import FILE, check_content, load
from agent.content_yaml import read_source
from agent.model.contact import AttemptOutcome
from folders import NLU_DATA

SPOKEN: dict[str, list[str]] = read_source(Path(__file__).parent / "spoken.yml").data
MACHINES = [(kind, text) for kind, texts in SPOKEN.items() if kind != "person" for text in texts]


@pytest.fixture(scope="module")
def announcements() -> Announcements:
    return load(NLU_DATA).announcements


def test_the_table_is_as_large_as_it_must_be() -> None:
    assert len(MACHINES) >= 60 and len(SPOKEN["person"]) >= 40


@pytest.mark.parametrize(("kind", "text"), MACHINES)
def test_a_machine_is_known_by_what_it_says(announcements: Announcements, kind: str, text: str) -> None:
    found = announcements.match(text)
    assert found is not None and found.kind == kind


@pytest.mark.parametrize("text", SPOKEN["person"])
def test_a_person_is_never_taken_for_a_machine(announcements: Announcements, text: str) -> None:
    assert announcements.match(text) is None


@pytest.mark.parametrize("text", ["喂？", "你好，哪位", "喂，您好", "", "……", "位"])
def test_a_bare_opening_waits_for_no_answer(announcements: Announcements, text: str) -> None:
    assert announcements.bare(text)


@pytest.mark.parametrize("text", ["我在开车", "喂我胸口疼", "是我", "我就是，什么事", "Hello", "打错了"])
def test_an_opening_with_something_in_it_is_kept_for_the_conversation(announcements: Announcements, text: str) -> None:
    assert not announcements.bare(text)


def test_every_kind_is_an_outcome_with_its_own_name(announcements: Announcements) -> None:
    outcomes = {kind.kind: kind.outcome for kind in announcements.kinds}
    assert outcomes.pop("waiting") is None
    assert outcomes["powered_off"] is AttemptOutcome.POWERED_OFF
    assert all(outcome is not None and outcome.value == kind for kind, outcome in outcomes.items())


def test_the_products_own_content_is_fine() -> None:
    assert check_content(NLU_DATA) == []
    message = load(NLU_DATA).message
    assert message.sentences and message.draft  # nobody has signed it


BROKEN = [
    ("kinds: {dancing: {title: x, phrases: [我在跳舞]}}\nbare_openings: [喂]", "dancing is no outcome"),
    ("kinds: {answered: {title: x, phrases: [我在跳舞]}}\nbare_openings: [喂]", "answered is no outcome"),
    ("kinds: {busy: {phrases: [用户正忙]}}\nbare_openings: [喂]", "lacks title or phrases"),
    ("kinds: {busy: {title: x, phrases: [正忙]}}\nbare_openings: [喂]", "too short"),
    ("kinds: {busy: {title: x, phrases: [busy]}}\nbare_openings: [喂]", "too short"),
    ("kinds: {busy: {title: x, phrases: [用户正忙…]}}\nbare_openings: [喂]", "too short"),
    ("kinds: {busy: {title: x, phrases: [用户正忙]}}", "bare_openings is no list"),
    ("kinds: {}\nbare_openings: [喂]\nvoicemail_message: {sentences: []}", "has no sentences"),
    ("kinds: {}\nbare_openings: [喂]\nvoicemail_message: {sentences: [您的手术后随访]}", "tells whoever listens"),
    (f"kinds: {{}}\nbare_openings: [喂]\nvoicemail_message: {{sentences: [{'好' * 41}]}}", "at most 40"),
    ("bare_openings: [喂]", "section kinds is missing"),
    ("kinds: [", "not readable as YAML"),
]


@pytest.mark.parametrize(("text", "complaint"), BROKEN)
def test_wrong_content_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    (problem,) = check_content(tmp_path)
    assert complaint in problem.message and problem.remedy
    assert problem.line > 0 or "missing" in complaint or "no list" in complaint
