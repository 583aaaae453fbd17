"""A list of words as one pattern finds what the list tried one by one, the longest first, would find."""

import re

from hypothesis import given
from hypothesis import strategies as st

from agent.triage.cues import any_of

_FEW = "没有.什"
_WORDS = st.lists(st.text(_FEW, min_size=1, max_size=4), min_size=1, max_size=8)


def _one_by_one(words: list[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


@given(_WORDS, st.text(_FEW + "了", max_size=12))
def test_the_same_is_found_at_the_same_places(words: list[str], text: str) -> None:
    def spans(pattern: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(pattern, text)]

    assert spans(any_of(words)) == spans(_one_by_one(words))
    assert spans(f"{any_of(words)}了") == spans(f"{_one_by_one(words)}了")
    assert spans(f"{any_of(words)}+有") == spans(f"{_one_by_one(words)}+有")


def test_no_words_stand_everywhere() -> None:
    """As an empty alternation does: a list of cues may be empty."""
    assert re.fullmatch(f"疼{any_of([])}了", "疼了")
