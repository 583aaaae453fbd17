"""README and docs name files, commands, options and settings that exist."""

import argparse
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import COMMANDS
from settings import ACCOUNTS, Settings

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MADE_BY_THE_READER = {
    "suifang.toml",
    "columns.yml",
    "nlu_data/labelled",
    "nlu_data/faq/proposed.yml",
    "dialogs/pathways/heart_failure/cases/thirst.yml",
    "out.json",
}
OF_THE_SCRIPT = {"SUIFANG_CONFIG", "SUIFANG_RASA_PYTHON", "SUIFANG_AXE"}  # read outside settings.py
KINDS = r"py|yml|md|toml|html|js|css|csv|json|lock"
ENDS_A_COMMAND = re.compile(r"[`|;#]|&&| {3,}|（|，|\)")


def every_path() -> set[str]:
    """Tracked files, new ones that git does not ignore, and all their folders, from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    files = {name for name in listed if (ROOT / name).exists()}
    return files | {str(folder) for name in files for folder in Path(name).parents}


def named_paths(text: str) -> Iterator[str]:
    """What looks like a path: in code, in links, and with a folder and a file's ending anywhere."""
    spans = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4,}(.+)$", text, re.M)]
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    for span in [*spans, *links]:
        for word in re.findall(r"(?<![\w./<>*~-])[\w][\w./<>*-]*", span):
            name = word.rstrip("/.")
            if "/" in name or re.fullmatch(r"[\w-]+\.(?:py|yml|md|toml|html|js|css)", name):
                yield name
    yield from re.findall(rf"(?<![\w/.~-])\w[\w-]*/[\w/-]+\.(?:{KINDS})\b", text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_exists(document: Path) -> None:
    paths = every_path()
    tops, names = {path.split("/")[0] for path in paths}, {path.split("/")[-1] for path in paths}
    wrong = set()
    for word in named_paths(document.read_text(encoding="utf-8")):
        if re.search(r"[<*]|NAME|PATHWAY", word) or word in MADE_BY_THE_READER:
            continue
        near = (document.parent / word).resolve()
        found = word in paths or (near.is_relative_to(ROOT) and str(near.relative_to(ROOT)) in paths)
        if "/" not in word:
            found = found or word in names
        elif word.split("/")[0] not in tops:
            continue  # an address, a fraction, another machine's file
        if not found:
            wrong.add(word)
    assert wrong == set()


def commands_in(text: str) -> Iterator[tuple[str, list[str]]]:
    """(command, the words behind it) of every ./suifang in the text."""
    for line in text.replace("\\\n", " ").splitlines():
        for rest in re.findall(r"\./suifang ([a-z].*)", line):
            words = ENDS_A_COMMAND.split(rest.replace("…", ""))[0].split()
            yield words[0].rstrip(",."), words[1:]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= set(action.choices).union(*(options_of(one) for one in action.choices.values()))
    return found


def known_words(command: str, words: list[str]) -> set[str]:
    """Options of the command; those of a bench or drill stand in its module and the modules beside it."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"commands.{command}_command").arguments(parser)
    if command in ("bench", "drill") and words:
        name = re.sub(r"\W", "", words[0])
        modules = [*ROOT.glob(f"{'bench' if command == 'bench' else 'drills'}/{name}*.py"),
                   *ROOT.glob(f"drills/{name}/*.py")]  # fmt: skip
        assert modules, f"there is no {command} {name}"
        return {name for path in modules for name in re.findall(r'"(--[\w-]+)"', path.read_text(encoding="utf-8"))}
    return options_of(parser)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_and_option_exists(document: Path) -> None:
    wrong = []
    for command, words in commands_in(document.read_text(encoding="utf-8")):
        if command not in COMMANDS:
            wrong.append(command)
            continue
        options = [re.split(r"[=,]", word)[0] for word in words if word.startswith("--")]
        known = known_words(command, words) if options or command in ("bench", "drill") else set()
        wrong += [f"{command} {option}" for option in options if option not in known]
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    unknown = set(re.findall(r"\bSUIFANG_[A-Z0-9_]*[A-Z0-9]", text)) - setting_names() - OF_THE_SCRIPT
    assert unknown == set()


def setting_names() -> set[str]:
    """Every environment variable that a setting is read from."""
    names = {f"SUIFANG_{name.upper()}" for name in Settings.model_fields if name not in ACCOUNTS}
    for account in ACCOUNTS:
        fields = type(getattr(Settings(), account)).model_fields
        names |= {f"SUIFANG_{account}_{name}".upper() for name in fields}
    return names | {f"SUIFANG_{account.upper()}" for account in ACCOUNTS}


def test_every_setting_is_described() -> None:
    """In docs/operations.md, or in a how-to of the part it belongs to; a run of names may be written by their ends."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    missing = [name for name in Settings.model_fields if name not in ACCOUNTS and not described(name.upper(), text)]
    assert missing == []


def described(name: str, text: str) -> bool:
    ends = [name[at:] for at in range(len(name)) if name[at] == "_"]
    return f"SUIFANG_{name}`" in text or any(f"`{end}`" in text for end in ends)
