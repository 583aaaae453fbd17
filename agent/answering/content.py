"""Reads nlu_data/answering/announcements.yml, and finds what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.answering.announcements import GAP, Announcement, Announcements
from agent.answering.sounds import letters, sounds
from agent.model.contact import OPEN_OUTCOMES, AttemptOutcome
from agent.model.problem import ContentError, Problem
from agent.triage.yaml_source import YamlSource, read_yaml

FILE = Path("answering") / "announcements.yml"
WAITING = "waiting"
LONGEST_SENTENCE = 40
FEWEST_LETTERS = 8  # a shorter English phrase turns up in anything
FEWEST_SYLLABLES = 3
MEDICAL = ("医", "病", "药", "护士", "手术", "随访", "出院", "复查", "检查", "康复", "患者", "症", "科")
"""What a message must not say to whoever listens to it."""


@dataclass(frozen=True, slots=True)
class VoicemailMessage:
    """What a machine that takes messages hears. Without both approval fields it is a draft."""

    sentences: tuple[str, ...] = ()
    approved_by: str = ""
    approved_on: str = ""

    @property
    def draft(self) -> bool:
        return not (self.approved_by and self.approved_on)


@dataclass(frozen=True, slots=True)
class AnsweringContent:
    announcements: Announcements
    message: VoicemailMessage


def load(folder: Path) -> AnsweringContent:
    """The content below the nlu_data folder. Raises ContentError for the first thing that is wrong."""
    source = read_yaml(folder, folder / FILE)
    for problem in _problems(source):
        raise ContentError(problem.file, problem.line, problem.message, problem.remedy)
    kinds = [
        Announcement(key, raw["title"], None if key == WAITING else AttemptOutcome(key), tuple(raw["phrases"]))
        for key, raw in source.section("kinds").items()
    ]
    raw = source.section("voicemail_message", optional=True)
    approval = raw.get("approval") or {}
    message = VoicemailMessage(
        tuple(raw.get("sentences", ())), str(approval.get("who") or ""), str(approval.get("when") or "")
    )
    return AnsweringContent(Announcements(kinds, source.data["bare_openings"]), message)


def check_content(folder: Path) -> list[Problem]:
    """Every problem of the file, in file order."""
    try:
        source = read_yaml(folder, folder / FILE)
        return sorted(_problems(source), key=lambda problem: problem.line)
    except ContentError as error:
        return [error.problem]


def _problems(source: YamlSource) -> Iterator[Problem]:
    for key, raw in source.section("kinds").items():
        yield from _kind_problems(source, key, raw)
    if not _texts(source.data.get("bare_openings")):
        yield _at(source, "bare_openings", "bare_openings is no list of words", "write `bare_openings: [喂, 你好]`")
    if "voicemail_message" in source.data:
        yield from _message_problems(source, source.data["voicemail_message"])


def _kind_problems(source: YamlSource, key: str, raw: Any) -> Iterator[Problem]:
    known = {outcome.value for outcome in AttemptOutcome if outcome not in OPEN_OUTCOMES} | {WAITING}
    if key not in known:
        yield _at(source, f"{key}:", f"{key} is no outcome of an attempt", f"write one of {', '.join(sorted(known))}")
    elif not isinstance(raw, dict) or not raw.get("title") or not _texts(raw.get("phrases")):
        yield _at(source, f"{key}:", f"{key} lacks title or phrases", "write `title: …` and `phrases:` with a list")
    else:
        for phrase in raw["phrases"]:
            if not _long_enough(phrase):
                near = f"- {phrase}\n" if f"- {phrase}\n" in source.text else phrase
                yield _at(source, near, f"「{phrase}」 is too short: people say it too", "write more of it")


def _texts(raw: Any) -> bool:
    return isinstance(raw, list) and bool(raw) and all(isinstance(one, str) and one for one in raw)


def _long_enough(phrase: str) -> bool:
    if not all(part.strip() for part in phrase.split(GAP)):
        return False
    spoken, latin = sounds(phrase), letters(phrase)
    return len(spoken) >= FEWEST_SYLLABLES if spoken else len(latin) >= FEWEST_LETTERS


def _message_problems(source: YamlSource, raw: Any) -> Iterator[Problem]:
    sentences = raw.get("sentences") if isinstance(raw, dict) else None
    if not isinstance(sentences, list) or not _texts(sentences):
        yield _at(source, "voicemail_message", "voicemail_message has no sentences", "write `sentences: [ … ]`")
        return
    for sentence in sentences:
        if len(sentence) > LONGEST_SENTENCE:
            message = f"{len(sentence)} characters, at most {LONGEST_SENTENCE} are spoken"
            yield _at(source, sentence, message, "write it shorter, or in two sentences")
        told = [word for word in MEDICAL if word in sentence]
        if told:
            message = f"「{told[0]}」 tells whoever listens that a patient is meant"
            yield _at(source, sentence, message, "say only that we called and will call again")


def _at(source: YamlSource, near: str, message: str, remedy: str) -> Problem:
    return Problem(source.name, source.line_of(near), message, remedy)
