"""The tails that tell a house from a heap: longest file and function, broad excepts, patches, clocks, unused stubs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("agent", "telephony", "dashboard", "commands", "machine", "bench", "drills", "wiring", "intake")
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
MOST_BROAD_EXCEPTS = 5


def sources() -> list[Path]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [*files, ROOT / "server.py", ROOT / "settings.py", ROOT / "folders.py", ROOT / "cli.py"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": length
        for path in sources()
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_nine_functions_in_ten_are_short() -> None:
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in sources() for node in functions(path))
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_broad_excepts_are_few_and_each_says_why() -> None:
    broad = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"except (Base)?Exception\b|except:", line)
    ]
    assert len(broad) <= MOST_BROAD_EXCEPTS, broad
    assert all(re.search(r":  # \S", line) for line in broad), broad


def test_only_the_clock_module_reads_the_wall_clock() -> None:
    reads = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    guilty = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path != ROOT / "agent" / "model" / "clock.py" and reads.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_the_folders_of_content_are_found_in_one_place() -> None:
    """folders.NLU_DATA and folders.PATHWAYS; the agent, which knows no settings, finds them for training alone."""
    by_hand = re.compile(r'/ "nlu_data"|"dialogs" / "pathways"|Path\("dialogs|ROOT / "dialogs/')
    allowed = {ROOT / "folders.py", ROOT / "agent" / "dialog" / "training.py", Path(__file__)}
    looked_at = {*sources(), *(ROOT / "tests").rglob("*.py")} - allowed
    guilty = [str(path.relative_to(ROOT)) for path in looked_at if by_hand.search(path.read_text(encoding="utf-8"))]
    assert guilty == []


def test_our_own_modules_are_not_patched_in_tests() -> None:
    patch = re.compile(r"\b(mock\.patch|patch\(|MagicMock|AsyncMock)")
    guilty = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if path.name != "test_architecture.py" and patch.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_migrations_form_one_line_and_are_named_after_their_number() -> None:
    """Two that were written side by side would both follow the same one."""
    files = sorted((ROOT / "agent" / "store" / "migrations" / "versions").glob("v*.py"))
    before: str | None = None
    for path in files:
        text = path.read_text(encoding="utf-8")
        number = path.stem[1:5]
        assert f'revision = "{number}"' in text.splitlines(), path.name
        assert f"down_revision = {before!r}".replace("'", '"') in text.splitlines(), path.name
        before = number


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_log_line_carries_words(path: Path) -> None:
    """Log calls name ids, codes and counts; never `.text`, `.words`, `.name` or `.phone` of anybody."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("log", "_log", "logger", "logging")):
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute):
                assert inner.attr not in ("text", "words", "phone", "raw", "surface"), f"{path}:{node.lineno}"
