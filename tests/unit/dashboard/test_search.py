"""One search for names, numbers and words said."""

from collections.abc import Callable

from dashboard.views.search import around
from tests.unit.dashboard.conftest import Browser

Words = Callable[[str], str]


async def test_words_said_lead_to_the_sentence(nurse: Browser, text_of: Words) -> None:
    page = (await nurse.get("/search?q=心口疼")).text
    assert '<mark class="hit">心口疼</mark>' in page and 'href="/contacts/c0001-7#turn-tc0001-7-' in page
    assert "王秀英 女 73 岁" in text_of(page)


async def test_a_patient_is_found_by_name_and_by_a_number_as_it_is_read_out(nurse: Browser) -> None:
    assert 'href="/patients/p0003"' in (await nurse.get("/search?q=张桂")).text
    assert 'href="/patients/p0003"' in (await nurse.get("/search?q=133 0010 1111")).text
    nothing = (await nurse.get("/search?q=没有这样的话")).text
    assert "没有找到“没有这样的话”" in nothing
    assert "搜索患者和他们说过的话" in (await nurse.get("/search")).text


def test_a_long_sentence_is_cut_around_what_was_searched() -> None:
    pieces = around("一" * 30 + "头晕" + "二" * 90, "头晕")
    assert [piece.text for piece in pieces] == ["…" + "一" * 16, "头晕", "二" * 60 + "…"]
    assert [piece.text for piece in around("没有", "头晕")] == ["没有"]
