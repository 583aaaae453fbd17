"""Broken YAML is told of at the line that its writer has to mend."""

from pathlib import Path

import pytest

from agent.content_yaml import Source, read_source
from agent.model.problem import ContentError


def told(text: str) -> ContentError:
    with pytest.raises(ContentError) as broken:
        Source("file.yml", text)
    return broken.value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: "one\nb: 2\nc: "three"\nd: 4\n', 1),
        ("a: 'one\nb: 2\nc: 'three'\n", 1),
        ('a: "one"\nb:\n  - "two\n  - "three"\n', 3),
        ('a: 1\nb: "never closed\nc: 3\n', 2),
    ],
)
def test_a_quote_left_open_is_named_where_it_was_opened(text: str, line: int) -> None:
    error = told(text)
    assert (error.line, error.message) == (line, "a quote is opened and not closed")


@pytest.mark.parametrize(
    "above", ["# the nurse's own words", "a: the nurse's own words", "a: 1 # it's so", 'a: "over\n  two lines"']
)
def test_another_slip_below_a_lone_quote_is_no_open_quote(above: str) -> None:
    error = told(f"{above}\nb:\n\tc: 2\n")
    assert "tab" in error.remedy and error.line > 1


@pytest.mark.parametrize(
    ("text", "line", "place"),
    [("a: 1\nb: 2\na: 3\n", 3, "a"), ("a:\n  - b: 1\n  - b: 1\n    c: 2\n    b: 3\n", 5, "a.1.b")],
)
def test_a_key_written_twice_is_refused_where_it_comes_again(text: str, line: int, place: str) -> None:
    assert str(told(text)) == f"file.yml:{line}: {place} is written twice. Keep one of the two"


def test_a_file_that_is_missing_or_no_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"words/a\.yml:0: the file is missing"):
        read_source(tmp_path / "a.yml", "words/a.yml")
    (tmp_path / "a.yml").write_bytes("词: 心口疼".encode("gb18030"))
    with pytest.raises(ContentError, match=r"^a\.yml:1: cannot be read\. Save it as UTF-8"):
        read_source(tmp_path / "a.yml")
