"""Pictures of lessons: what is wrong with one, where, and what to do instead; the page a clinician signs shows them."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from agent.content_yaml import read_source
from agent.dialog.pathway_loader import load, problems
from agent.dialog.pathway_page import page
from agent.dialog.pathway_pictures import FOLDER, MOST_BYTES, embedded, picture_problems, pixels
from agent.dialog.pathway_versions import record, version_problems
from folders import PATHWAYS
from tests.unit.dialog.copied import copied, edit

NAME = "weigh_daily.png"
LINE = read_source(PATHWAYS / "heart_failure" / "pathway.yml").line(("education", "weigh_daily", "picture"))


def image(kind: str, width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#0757ba").save(written, kind)
    return written.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def shipped(folder: Path) -> Path:
    return folder / "heart_failure" / FOLDER / NAME


def test_what_is_shipped_is_in_order_and_small() -> None:
    assert [str(one) for one in picture_problems(PATHWAYS)] == []
    files = [path for path in PATHWAYS.glob(f"*/{FOLDER}/*") if path.suffix in (".png", ".jpg")]
    assert files and all(path.stat().st_size <= 60_000 for path in files)


@pytest.mark.parametrize(
    ("broken", "message", "remedy"),
    [
        (Path.unlink, "is not there", "Put it into heart_failure/pictures/"),
        (lambda file: file.write_bytes(b"no picture"), "not the kind its name says", "PNG (.png)"),
        (lambda file: file.write_bytes(image("JPEG", 720, 900)), "not the kind its name says", "JPEG (.jpg)"),
        (lambda file: file.write_bytes(image("GIF", 720, 900)), "not the kind its name says", "JPEG (.jpg)"),
        (lambda file: file.write_bytes(image("PNG", 200, 900)), "200 by 900 pixels", "400 to 2000 wide"),
        (lambda file: file.write_bytes(image("PNG", 720, 4000)), "720 by 4000 pixels", "200 to 3000 high"),
        (lambda file: file.write_bytes(image("PNG", 720, 900) + bytes(MOST_BYTES)), "has 2", "at most 2048 kB"),
    ],
)
def test_a_picture_no_telephone_would_show_is_named_with_its_line(
    folder: Path, broken: Callable[[Path], object], message: str, remedy: str
) -> None:
    broken(shipped(folder))
    (problem,) = picture_problems(folder)
    assert (problem.file, problem.line) == ("heart_failure/pathway.yml", LINE)
    assert message in problem.message and NAME in problem.message and remedy in problem.remedy


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("    picture_says: 四步图", "    # picture_says: 四步图", "picture_says missing"),
        (f"    picture: {NAME}\n", "", "picture missing"),
        (f"picture: {NAME}", "picture: ../../../secret.png", "has the wrong form"),
        (f"picture: {NAME}", "picture: weigh_daily.gif", "has the wrong form"),
    ],
)
def test_a_picture_needs_its_words_and_lies_in_its_folder(folder: Path, before: str, after: str, message: str) -> None:
    edit(folder, before, after)
    (problem,) = problems(folder)
    assert message in problem.message and abs(problem.line - LINE) <= 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_size_is_read_from_the_head_and_every_stump_is_no_picture_or_the_same(kind: str) -> None:
    whole = image(kind, 640, 480)
    assert pixels(whole) == (640, 480)
    assert {pixels(whole[:end]) for end in range(len(whole))} <= {None, (640, 480)}


def test_a_picture_that_is_gone_stops_nobody(folder: Path) -> None:
    shipped(folder).unlink()
    assert problems(folder) == [] and embedded(folder, load(folder / "heart_failure")) == {}


def test_another_picture_is_another_version(folder: Path) -> None:
    record(folder)
    shipped(folder).write_bytes(image("PNG", 720, 900))
    (problem,) = version_problems(folder)
    assert "no longer that of version" in problem.message


def test_the_page_to_sign_holds_the_picture_and_its_words() -> None:
    heart = load(PATHWAYS / "heart_failure")
    html = page(heart, pictures=embedded(PATHWAYS, heart))
    held = base64.b64encode(shipped(PATHWAYS).read_bytes()).decode()
    assert f'src="data:image/png;base64,{held}"' in html
    assert html.count(heart.education["weigh_daily"].picture_says) == 2  # beside it, and for whoever cannot see it
