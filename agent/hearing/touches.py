"""Where hypotheses sound like something that matters: candidates to be held against the sound."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.hearing.phrases import Likeness, PhraseBook, rewritten, syllables_of
from agent.hearing.syllables import UNKNOWN, costs, index_of
from agent.model.turn import Hypothesis
from agent.triage.syllables import table

_HYPOTHESES = 3
_HIGHEST_COST = 0.2
_HIGHEST_COST_SHORT = 0.17  # of two syllables: any text sounds somewhat like one of them
_NEGATIONS = frozenset("不没")
_NOES = frozenset({("mei",), ("bu",), ("mei", "you")})
_SAME_WORD = str.maketrans("痛", "疼")  # reading knows both; 心疼钱 must not become 心痛
_SAME_NEGATION = 0.2
_WORTH_PER_SYLLABLE = 0.36  # how much one syllable that is the same says for the phrase


@dataclass(frozen=True, slots=True)
class Touch:
    """`text` is hypothesis number `source` with the phrase in place of what sounds like it; `worth` grows with the
    phrase's length and its likeness."""

    text: str
    source: int
    likeness: Likeness
    worth: float
    heard: str  # the stretch that sounds like it
    asked: bool = False
    before: str = ""  # what the text says before it

    @property
    def follows_a_no(self) -> bool:
        """Nothing but what sounds like 没, 没有 or 不 stands before it: 美痛 may be 没痛."""
        return tuple(table().get(each, "") for each in self.before if each.isalnum()) in _NOES

    @property
    def syllables(self) -> int:
        return len(self.likeness.phrase.text)

    @property
    def shares_a_character(self) -> bool:
        return bool(set(self.heard) & set(self.likeness.phrase.text))

    @property
    def negation_guessed(self) -> bool:
        """The phrase says 不 or 没 where nothing like it was heard: 手脚都好使 is not 手脚不好使."""
        unlike, index = costs(), index_of()
        heard = [index.get(character, UNKNOWN) for character in self.heard]
        said = [index[character] for character in self.likeness.phrase.text if character in _NEGATIONS]
        return any(min(unlike[syllable, other] for other in heard) > _SAME_NEGATION for syllable in said)


def touches(
    hypotheses: Sequence[Hypothesis], book: PhraseBook, most: int, asked: bool = False, limit: float = _HIGHEST_COST
) -> list[Touch]:
    """The best `most` phrases of the book that the best hypotheses sound like and do not spell, worthiest first."""
    found: dict[str, Touch] = {}
    for source, hypothesis in enumerate(hypotheses[:_HYPOTHESES]):
        syllables, places = syllables_of(hypothesis.text)
        kept: list[Likeness] = []
        for worth, likeness in _worthiest(book.alike(syllables, limit), asked):
            if len(kept) >= most:
                break
            if any(_same_place(likeness, other) for other in kept):
                continue
            kept.append(likeness)
            start, end = places[likeness.start], places[likeness.end - 1] + 1
            heard = hypothesis.text[start:end]
            said = rewritten(heard, likeness.phrase.text)
            text = hypothesis.text[:start] + said + hypothesis.text[end:]
            if said.translate(_SAME_WORD) == heard.translate(_SAME_WORD):
                continue
            if _NEGATIONS & set(heard) - set(said):  # 不疼 is never taken for another pain
                continue
            if text not in found or found[text].worth < worth:
                found[text] = Touch(text, source, likeness, worth, heard, asked, hypothesis.text[:start])
    return sorted(found.values(), key=lambda touch: -touch.worth)[:most]


def _worthiest(alike: Iterable[Likeness], asked: bool) -> list[tuple[float, Likeness]]:
    worths = [
        ((_WORTH_PER_SYLLABLE - likeness.cost) * len(likeness.phrase.text), likeness)
        for likeness in alike
        if asked or len(likeness.phrase.text) > 2 or likeness.cost <= _HIGHEST_COST_SHORT
    ]
    return sorted(worths, key=lambda pair: -pair[0])


def _same_place(one: Likeness, other: Likeness) -> bool:
    """The same finding heard in the same stretch: one phrase of it is enough."""
    same = one.phrase.meaning == other.phrase.meaning
    return same and one.start < other.end and other.start < one.end
