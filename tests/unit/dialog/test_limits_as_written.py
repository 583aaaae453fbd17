"""Every limit alarms where its Chinese sentence says: 不低于140 at 140, 高于7 only beyond 7, 低于90 not at 90."""

import re

import pytest

from agent.dialog.pathway_loader import load_all
from agent.dialog.pathway_text import limit_text
from agent.model.reading_context import Limit, LimitSide
from agent.triage import content
from folders import NLU_DATA, PATHWAYS

LIMITS = {
    f"{pathway.id}.{question.id}.{limit.id}": limit
    for pathway in load_all(PATHWAYS).values()
    for question in pathway.questions.values()
    for limit in question.limits
}
HOUSE = {f"house.{limit.id}": limit for limit in content.load(NLU_DATA).limits}
SAYS = re.compile(r"(不低于|不少于|高于|低于|次以上|分以上)")
ITSELF = frozenset({"不低于", "不少于", "次以上", "分以上"})


@pytest.mark.parametrize("limit", [pytest.param(one, id=key) for key, one in {**LIMITS, **HOUSE}.items()])
def test_a_limit_alarms_where_its_sentence_says(limit: Limit) -> None:
    said = SAYS.search(limit.reason)
    assert said, f"{limit.reason} does not say whether the value itself counts"
    number = re.findall(r"\d+(?:\.\d+)?", limit.reason)[0]
    assert float(number) == limit.value
    assert limit.crossed_by(limit.value) is (said[1] in ITSELF)
    beyond = -0.1 if limit.side is LimitSide.BELOW else 0.1
    assert limit.crossed_by(limit.value + beyond) and not limit.crossed_by(limit.value - beyond)
    assert (limit.side is LimitSide.BELOW) is (said[1] == "低于")


@pytest.mark.parametrize("limit", [pytest.param(one, id=key) for key, one in LIMITS.items()])
def test_the_page_a_clinician_signs_says_the_same(limit: Limit) -> None:
    word = "低于" if limit.side is LimitSide.BELOW else "不低于" if limit.itself else "高于"
    assert limit_text(limit).endswith(f"{word}{limit.value:g}")


def test_the_house_says_the_same_in_both_places() -> None:
    """A value told in passing and one that was asked for alarm alike."""
    both = [(limit, HOUSE[key]) for limit in LIMITS.values() if (key := f"house.{limit.id}") in HOUSE]
    assert both
    for own, house in both:
        assert (own.side, own.value, own.itself, own.reason) == (house.side, house.value, house.itself, house.reason)
