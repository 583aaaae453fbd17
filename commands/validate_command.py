"""`./suifang validate`: checks all content; every problem with its file, its line and what to write instead."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

import agent.answering.content as announcements
import agent.dialog.nlu_check as nlu
import agent.triage.check as lexicon
from agent.chat import content as chat_content
from agent.dialog.pathway_crosscheck import Known, unknown_names
from agent.dialog.pathway_loader import problems
from agent.dialog.pathway_pictures import picture_problems
from agent.dialog.pathway_versions import version_problems
from agent.dialog.problems_in_chinese import in_chinese
from agent.model.finding import Level
from agent.model.problem import ContentError, Problem
from agent.planning.plan_rules_file import rule_problems
from agent.points_file import points_problems
from agent.schedule.calendar_file import CalendarError, read_calendar
from agent.triage.content import load
from agent.triage.second_opinion.check import check_sentences
from agent.wechat import content as wechat_content
from folders import NLU_DATA, PATHWAYS
from wiring.calling_hours import HOUSE_TABLE
from wiring.planning import HOUSE_RULES, names_in
from wiring.points import HOUSE_POINTS

HALVES = {"斤", "市斤"}  # patients say them, the value is kept in kilograms


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of content and what finds its problems."""

    name: str
    run: Callable[[], Iterable[Problem]]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pathways", type=Path, default=PATHWAYS, help="folder of pathways (default: the product's)")
    parser.add_argument("--english", action="store_true", help="problems in English (usual: Chinese)")
    parser.add_argument("--nlu-data", type=Path, default=NLU_DATA, help="folder of lexicon, rules and intents")


def checks(pathways: Path, nlu_data: Path) -> list[Check]:
    broken = _told(problems(pathways))
    return [
        Check("pathways", lambda: broken),
        *([] if broken else [Check("pathways and lexicon", lambda: cross_check(pathways, nlu_data))]),
        *([] if broken else [Check("pathway pictures", lambda: _told(picture_problems(pathways)))]),
        *([] if broken else [Check("pathway versions", lambda: _told(version_problems(pathways)))]),
        Check("lexicon and rules", lambda: lexicon.check_content(nlu_data)),
        Check("second opinion", lambda: check_sentences(nlu_data)),
        Check("intents and FAQ", lambda: nlu.check_content(nlu_data, pathway_ids(pathways))),
        Check("announcements", lambda: announcements.check_content(nlu_data)),
        Check("chat and WeChat", lambda: replies(nlu_data)),
        Check("plan rules", lambda: _told(rule_problems(HOUSE_RULES, names_in(pathways)))),
        Check("points", lambda: _told(points_problems(HOUSE_POINTS))),
        Check("calling hours", lambda: calling_hours(HOUSE_TABLE)),
    ]


def _told(errors: Iterable[ContentError]) -> list[Problem]:
    return [error.problem for error in errors]


def pathway_ids(pathways: Path) -> set[str]:
    return {path.parent.name for path in pathways.glob("*/pathway.yml")}


def replies(nlu_data: Path) -> list[Problem]:
    found = []
    for load_replies in (chat_content.load, wechat_content.load):
        try:
            load_replies(nlu_data, drafts=True)
        except ContentError as error:
            found.append(error.problem)
    return found


def calling_hours(table: Path) -> list[Problem]:
    try:
        read_calendar(table.read_bytes(), table.name)
    except CalendarError as error:
        return [Problem(table.name, each.line, f"{each.field}：{each.reason}", each.remedy) for each in error.problems]
    return []


def cross_check(pathways: Path, nlu_data: Path) -> list[Problem]:
    """Names in pathways that triage does not know; nothing while either side can not be loaded by itself."""
    try:
        content = load(nlu_data)
    except ContentError:
        return []
    red = {rule.id: tuple(rule.any_of.union(*rule.all_of)) for rule in content.rules if rule.level is Level.RED}
    red |= {limit.id: () for limit in content.limits if limit.level is Level.RED}
    units = {
        name: {kind.unit, kind.unit.partition("/")[0], *kind.units} - HALVES
        for name, kind in content.measurements.items()
    }
    return _told(unknown_names(pathways, Known(content.concepts.keys(), units, red)))


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    wrong = 0
    words = str if args.english else in_chinese
    for check in checks(args.pathways, args.nlu_data):
        found = list(check.run())
        wrong += len(found)
        console.print(f"{check.name}: {f'{len(found)} wrong' if found else 'fine'}", style="red" if found else "green")
        for problem in sorted(found, key=lambda one: (one.file, one.line)):
            console.print(f"  {problem.file}:{problem.line}: {words(problem.message)}", markup=False)
            console.print(f"      {words(problem.remedy)}", style="dim", markup=False)
    return 1 if wrong else 0
