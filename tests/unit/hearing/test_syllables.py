import pytest

from agent.hearing.phrases import Phrase, PhraseBook, rewritten, syllables_of
from agent.hearing.syllables import costs, numbered, split


def cost(one: str, other: str) -> float:
    numbers = numbered()
    return float(costs()[numbers[one], numbers[other]])


@pytest.mark.parametrize(
    ("syllable", "parts"),
    [
        ("chuan", ("ch", ("u", "a", "n"))),
        ("xue", ("x", ("v", "e", ""))),
        ("yi", ("", ("", "i", ""))),
        ("yao", ("", ("i", "a", "u"))),
        ("wen", ("", ("u", "e", "n"))),
        ("zhi", ("zh", ("", "I", ""))),
        ("liu", ("l", ("i", "o", "u"))),
        ("xiong", ("x", ("v", "o", "ng"))),
    ],
)
def test_a_syllable_is_taken_apart(syllable: str, parts: tuple[str, tuple[str, str, str]]) -> None:
    assert split(syllable) == parts


def test_what_is_confused_on_the_telephone_is_near_and_what_is_not_is_far() -> None:
    assert cost("teng", "teng") == 0
    assert cost("zhang", "zan") < 0.15
    assert cost("teng", "tang") < 0.25
    assert cost("bie", "die") < 0.3
    assert cost("xiong", "ma") > 0.7
    assert cost("teng", "bu") > 0.7


def test_every_cost_is_symmetric_and_within_bounds() -> None:
    table = costs()
    assert (table == table.T).all()
    assert table.min() >= 0
    assert table.max() <= 1


def test_a_phrase_is_found_where_the_text_sounds_like_it() -> None:
    book = PhraseBook([Phrase("喘不上气", "dyspnoea"), Phrase("胸口疼", "chest_pain")])
    syllables, places = syllables_of("今天，传不上起了")
    (found,) = book.alike(syllables, 0.2)
    assert found.phrase.meaning == "dyspnoea"
    assert found.cost < 0.15
    assert (places[found.start], places[found.end - 1]) == (3, 6)


def test_a_syllable_between_costs_little_and_an_unlike_text_is_not_found() -> None:
    book = PhraseBook([Phrase("胸口疼", "chest_pain")])
    assert book.alike(syllables_of("胸口又腾")[0], 0.2)
    assert not book.alike(syllables_of("下礼拜我去")[0], 0.34)
    assert not book.alike(syllables_of("")[0], 0.34)


def test_the_phrase_is_put_where_it_sounds_and_what_stands_between_stays() -> None:
    assert rewritten("胸口又腾", "胸口疼") == "胸口又疼"
    assert rewritten("风过去", "昏过去") == "昏过去"
