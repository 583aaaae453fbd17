import pytest

from agent.triage.forms import BadForm, breadth, expand, gap_pairs


@pytest.mark.parametrize(
    ("form", "surfaces"),
    [
        ("心慌", ["心慌"]),
        ("喘不(上|过)气", ["喘不上气", "喘不过气"]),
        ("出(了|)血", ["出了血", "出血"]),
        ("里(面|头|)(有|带)血", ["里面有血", "里面带血", "里头有血", "里头带血", "里有血", "里带血"]),
        ("吐(的(东西|)|)血", ["吐的东西血", "吐的血", "吐血"]),
    ],
)
def test_expand(form: str, surfaces: list[str]) -> None:
    assert expand(form) == surfaces


@pytest.mark.parametrize("form", ["喘不(上", "喘不上)", "a…b…c"])
def test_broken_forms_are_refused(form: str) -> None:
    with pytest.raises(BadForm):
        expand(form)


def test_a_gap_outside_brackets_keeps_both_sides_together() -> None:
    assert gap_pairs("心口…(疼|痛)") == [(["心口"], ["疼", "痛"])]


def test_a_gap_with_nothing_before_it_is_refused() -> None:
    with pytest.raises(BadForm):
        gap_pairs("…疼")


def test_a_form_that_unfolds_too_far_is_refused_before_it_is_unfolded() -> None:
    wide = "(a|b|c|d|e|f|g|h)" * 10
    assert breadth(wide) == 8**10 and breadth("喘不(上|过|)(气|)") == len(expand("喘不(上|过|)(气|)"))
    with pytest.raises(BadForm, match="surfaces"):
        expand(wide)
