"""Broken YAML is told of at the line that its writer has to mend."""

import pytest

from agent.content_yaml import Source
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
