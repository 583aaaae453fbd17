"""`./suifang validate`: checks all content; every problem with its file, its line and what to write instead."""

import argparse
import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.console import Console

from agent.dialog.pathway_crosscheck import Known, unknown_names
from agent.dialog.pathway_loader import problems
from agent.dialog.plan_rules_file import rule_problems
from agent.dialog.problems_in_chinese import in_chinese
from agent.model.finding import Level
from agent.points_file import points_problems
from agent.schedule.calendar_file import CalendarError, read_calendar
from agent.triage.content import load
from agent.triage.problem import ContentError
from wiring.calling_hours import HOUSE_TABLE
from wiring.planning import HOUSE_RULES, names_in
from wiring.points import HOUSE_POINTS

ROOT = Path(__file__).resolve().parent.parent
PATHWAYS = ROOT / "dialogs" / "pathways"
NLU_DATA = ROOT / "nlu_data"


class Problem(Protocol):
    """What every check reports; `line` counts from 1, 0 means the whole file."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def message(self) -> str: ...
    @property
    def remedy(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Wrong:
    file: str
    line: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of content: where it lies and what finds its problems."""

    name: str
    folder: Path
    run: Callable[[Path], Iterable[Problem]]


# (name, folder, module, function taking the folder); a part that is not built yet is left out
OPTIONAL = (
    ("lexicon and rules", NLU_DATA, "agent.triage.check", "check_content"),
    ("intents and FAQ", NLU_DATA, "agent.dialog.nlu_check", "check_content"),
    ("announcements", NLU_DATA, "agent.answering.content", "check_content"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pathways", type=Path, default=PATHWAYS, help="folder of pathways (default: the product's)")
    parser.add_argument("--english", action="store_true", help="problems in English (usual: Chinese)")
    parser.add_argument("--nlu-data", type=Path, default=NLU_DATA, help="folder of lexicon, rules and intents")


def checks(pathways: Path, nlu_data: Path) -> list[Check]:
    found = [Check("pathways", pathways, problems)]
    if not problems(pathways):
        found.append(Check("pathways and lexicon", pathways, lambda folder: cross_check(folder, nlu_data)))
    for name, _, module, function in OPTIONAL:
        if importlib.util.find_spec(module) is not None:
            found.append(Check(name, nlu_data, getattr(importlib.import_module(module), function)))
    found.append(Check("plan rules", HOUSE_RULES.parent, lambda _: rule_problems(HOUSE_RULES, names_in(pathways))))
    found.append(Check("points", HOUSE_POINTS.parent, lambda _: points_problems(HOUSE_POINTS)))
    found.append(Check("calling hours", HOUSE_TABLE.parent, calling_hours))
    return found


def calling_hours(folder: Path) -> list[Problem]:
    try:
        read_calendar((folder / HOUSE_TABLE.name).read_bytes(), HOUSE_TABLE.name)
    except CalendarError as error:
        wrong = error.problems
        return [Wrong(HOUSE_TABLE.name, each.line, f"{each.field}：{each.reason}", each.remedy) for each in wrong]
    return []


def cross_check(pathways: Path, nlu_data: Path) -> list[Problem]:
    """Names in pathways that triage does not know; nothing while either side can not be loaded by itself."""
    try:
        content = load(nlu_data)
    except ContentError:
        return []
    red = {rule.id: tuple(rule.any_of.union(*rule.all_of)) for rule in content.rules if rule.level is Level.RED}
    red |= {limit.id: () for limit in content.limits if limit.level is Level.RED}
    return list(unknown_names(pathways, Known(content.concepts.keys(), content.measurements.keys(), red)))


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    wrong = 0
    words = str if args.english else in_chinese
    for check in checks(args.pathways, args.nlu_data):
        found = list(check.run(check.folder))
        wrong += len(found)
        console.print(f"{check.name}: {f'{len(found)} wrong' if found else 'fine'}", style="red" if found else "green")
        for problem in sorted(found, key=lambda one: (one.file, one.line)):
            console.print(f"  {problem.file}:{problem.line}: {words(problem.message)}", markup=False)
            console.print(f"      {words(problem.remedy)}", style="dim", markup=False)
    return 1 if wrong else 0
