from collections.abc import Sequence

import pytest

from agent.hearing.number_phrases import spoken_number, with_spoken_digits
from agent.hearing.phrases import Phrase, PhraseBook
from agent.hearing.touches import touches
from agent.hearing.verifier import LogProbabilities, Verifier
from agent.model.turn import Hypothesis, Origin

CHEST = "您这两天有没有胸痛或者胸闷？"
OPEN = "还有什么不舒服吗？"


def sound_of(*likely: str, loss: float = 60.0) -> LogProbabilities:
    """A sound in which only texts with one of these words are likely; the recogniser's own text comes first."""

    def judge(texts: Sequence[str]) -> list[float]:
        return [
            -5.0 if at == 0 or any(word in text for word in likely) else -5.0 - loss for at, text in enumerate(texts)
        ]

    return judge


def find(verifier: Verifier, text: str, judge: LogProbabilities, question: str = OPEN) -> list[Hypothesis]:
    return verifier.find([Hypothesis(text, 0.6)], question, judge)


def test_a_phrase_that_the_sound_speaks_for_is_told(verifier: Verifier) -> None:
    found = find(verifier, "老头子风过去了一会儿", sound_of("昏过去"))
    assert found[0].text == "老头子昏过去了一会儿"
    assert found[0].origin is Origin.VERIFIED
    assert found[0].confidence >= 0.5


def test_a_phrase_that_the_sound_rules_out_is_not(verifier: Verifier) -> None:
    assert find(verifier, "老头子风过去了一会儿", sound_of()) == []


def test_confidence_falls_with_what_the_phrase_costs_the_text(verifier: Verifier) -> None:
    near = find(verifier, "我这两天老传不上来起", sound_of(loss=2.0))[0]
    far = find(verifier, "我这两天老传不上来起", sound_of(loss=12.0))[0]
    assert near.confidence > far.confidence


def test_a_denial_is_never_turned_into_another_finding() -> None:
    book = PhraseBook([Phrase("心口捂疼", "chest_pain")])
    assert touches([Hypothesis("心口无疼", 0.6)], book, 5)
    assert not touches([Hypothesis("心口不疼", 0.6)], book, 5)


def test_a_guessed_negation_stays_in_doubt(verifier: Verifier) -> None:
    guessed = [found for found in find(verifier, "手脚都好使", sound_of(loss=0.0)) if "不好使" in found.text]
    written = [found for found in find(verifier, "手脚布好使", sound_of(loss=0.0)) if "不好使" in found.text]
    assert [found.confidence < 0.5 for found in guessed] == [True]
    assert [found.confidence < 0.5 for found in written] == [False]


def test_the_bare_sensation_counts_only_where_it_was_asked_about(verifier: Verifier) -> None:
    asked = find(verifier, "一走路就腾", sound_of("就疼"), CHEST)
    assert any("就疼" in h.text and h.confidence >= 0.5 for h in asked)
    assert not any("就疼" in h.text for h in find(verifier, "一走路就腾", sound_of("就疼")))


def test_a_value_is_found_by_sound_when_it_was_asked_for(verifier: Verifier) -> None:
    found = find(verifier, "36度吧", sound_of("三十六度八"), "量过体温吗？")
    assert found[0].text == "三十六度八"
    assert find(verifier, "36度吧", sound_of("三十六度八"), CHEST) == []


@pytest.mark.parametrize("text", ["你是我什么事", "你是我神吗是"])
def test_what_is_it_at_the_beginning_of_a_call_is_no_wish_to_die(verifier: Verifier, text: str) -> None:
    assert find(verifier, text, sound_of("怎么死"), "请问您是周秀英本人吗？") == []


def test_a_number_said_of_a_pressure_is_no_wish_to_die(verifier: Verifier) -> None:
    confirm = "您说的是高压一百一十五，低压七十，对吗？"
    found = find(verifier, "不对是一百一十五的高压，七十八的低压", sound_of("去死吧"), confirm)
    assert not any("去死" in each.text for each in found)


def test_a_look_alike_of_everyday_speech_is_no_candidate(verifier: Verifier) -> None:
    assert not any("心痛" in h.text for h in find(verifier, "我心疼钱", sound_of(loss=0.0)))


def test_silence_has_nothing_to_verify(verifier: Verifier) -> None:
    assert verifier.find([], CHEST, sound_of()) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "零"), (8, "八"), (10, "十"), (36, "三十六"), (105, "一百零五"), (112, "一百一十二"), (200, "二百")],
)
def test_numbers_as_spoken(value: int, said: str) -> None:
    assert spoken_number(value) == said


def test_written_digits_become_spoken_ones() -> None:
    assert with_spoken_digits("58.6公斤，36度") == "五十八点六公斤，三十六度"


@pytest.mark.parametrize("text", ["美同", "美有同", "布同。"])
def test_a_pain_behind_what_sounds_like_a_no_is_only_a_doubt(verifier: Verifier, text: str) -> None:
    found = find(verifier, text, sound_of("痛", "疼"), CHEST)
    assert found
    assert max(each.confidence for each in found) < 0.5
    assert find(verifier, "很同", sound_of("痛", "疼"), CHEST)[0].confidence >= 0.5


def test_against_words_hardly_heard_a_phrase_that_fits_is_only_a_doubt(verifier: Verifier) -> None:
    text, sound = "老头子风过去了一会儿", sound_of("昏过去")
    assert verifier.find([Hypothesis(text, 0.3)], OPEN, sound)[0].confidence >= 0.5
    assert verifier.find([Hypothesis(text, 0.2)], OPEN, sound)[0].confidence < 0.5


def test_a_phrase_made_of_a_poorer_text_is_held_against_the_best_one(verifier: Verifier) -> None:
    def judge(texts: Sequence[str]) -> list[float]:
        return [-1.0 if text == "我都挺好的呀" else -20.0 for text in texts]

    best, poorer = Hypothesis("我都挺好的呀", 0.8), Hypothesis("老头子风过去了一会儿", 0.3)
    assert verifier.find([poorer], OPEN, judge)[0].confidence >= 0.5
    assert not [found for found in verifier.find([best, poorer], OPEN, judge) if found.confidence >= 0.5]
