import pytest

from agent.model.reading_context import LimitSide


@pytest.mark.parametrize("side", LimitSide)
@pytest.mark.parametrize(("value", "beyond"), [(181, LimitSide.ABOVE), (179, LimitSide.BELOW)])
def test_a_value_beside_the_limit_passes_it_on_its_own_side(side: LimitSide, value: float, beyond: LimitSide) -> None:
    assert side.passed(value, 180) is side.passed(value, 180, itself=True) is (side is beyond)


@pytest.mark.parametrize("side", LimitSide)
def test_the_limit_itself_counts_where_it_is_said_to(side: LimitSide) -> None:
    assert [side.passed(180, 180), side.passed(180, 180, itself=True)] == [False, True]
