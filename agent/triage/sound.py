"""Matches the lexicon by sound: a recogniser writes 性扣疼 for 心口疼. Tones are ignored and easily confused
initials and finals count as one, so that a sound-alike becomes an equal code and one automaton finds them all."""

import re
from array import array

import ahocorasick

from agent.triage.content import Content
from agent.triage.forms import whole
from agent.triage.spotter import Spot, Spotted
from agent.triage.syllables import is_common, table

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]*)")
_MIN_LOOSE = 3  # syllables from which confusable initials and finals are let pass
_MAX = 8
_MIN_CONTENT = 2  # characters that carry meaning: 喘得很 has one, and sounds like 穿的很
_NEGATION = re.compile("[不没无别]")
_EVERYDAY = frozenset(
    "的了我你他她它们这那有在不就都也还要会能说去来和一个人上下吃看做到得过着吧吗呢啊呀大小多少好很是为可以没再又让被把给跟从对向"
)


def loose(syllable: str) -> str:
    """The syllable with confusable sounds merged: n/l, f/h, zh/z, ch/c, sh/s, ang/an, eng/en, ing/in."""
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return syllable
    initial, final = match.groups()
    for long, short in _MERGED:
        initial = short if initial == long else initial
    initial = {"n": "l", "f": "h"}.get(initial, initial)
    if final.endswith("ng") and final != "ong" and final != "iong":
        final = final[:-1]
    return initial + final


class _Words:
    """Words and their concepts by number, in one string: there are 100,000 of them, and a pair for each takes 15 MB."""

    def __init__(self) -> None:
        self._text = ""
        self._parts: list[str] = []
        self._ends = array("I", [0])
        self._concepts: dict[str, int] = {}
        self._names: list[str] = []
        self._of = array("H")

    def add(self, concept: str, word: str) -> int:
        if concept not in self._concepts:
            self._concepts[concept] = len(self._names)
            self._names.append(concept)
        self._parts.append(word)
        self._ends.append(self._ends[-1] + len(word))
        self._of.append(self._concepts[concept])
        return len(self._of) - 1

    def close(self) -> None:
        """Nothing is added any more."""
        self._text, self._parts = "".join(self._parts), []

    def __getitem__(self, number: int) -> tuple[str, str]:
        return self._names[self._of[number]], self._text[self._ends[number] : self._ends[number + 1]]


class SoundMatcher:
    """Finds red-flag words by sound where the written words are others."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._codes: dict[str, str] = {}
        syllables = table()
        exact = {syllable: self._code("=" + syllable) for syllable in set(syllables.values())}
        merged = {syllable: self._code("~" + loose(syllable)) for syllable in exact}
        self._exact = {character: exact[syllable] for character, syllable in syllables.items()}
        self._loose = {character: merged[syllable] for character, syllable in syllables.items()}
        self._short = ahocorasick.Automaton(ahocorasick.STORE_INTS)  # words of two syllables, which must sound alike
        self._long = ahocorasick.Automaton(ahocorasick.STORE_INTS)  # by merged sounds
        self._words = _Words()
        self._like: dict[int, list[int]] = {}  # words of other sounds that are one when sounds are merged
        ordinary = {word for alike in content.look_alikes for word in alike.words}
        self._ordinary = frozenset(ordinary)
        self._vague = frozenset(feel.alone for feel in content.sensations.values() if feel.alone)
        for concept in content.concepts.values():
            if concept.sound:
                self._add(concept.id, concept.words)
        for part_id, feel_id in (pair for c in content.concepts.values() if c.sound for pair in c.combine):
            self._add_pair(part_id, feel_id)
        self._short.make_automaton()
        self._long.make_automaton()
        self._words.close()

    def _code(self, key: str) -> str:
        return self._codes.setdefault(key, chr(0x4E00 + len(self._codes)))

    def _add(self, concept: str, forms: tuple[str, ...]) -> None:
        for form in forms:
            for word in whole(form):
                self._add_word(concept, word)

    def _add_pair(self, part_id: str, feel_id: str) -> None:
        if not self._content.sensations[feel_id].sound:
            return
        concept = next(c.id for c in self._content.concepts.values() if (part_id, feel_id) in c.combine)
        for part in self._content.parts[part_id].words:
            for feel in self._content.sensations[feel_id].words:
                if len(part) + len(feel) <= 5:
                    self._add_word(concept, part + feel)

    def _add_word(self, concept: str, word: str) -> None:
        if not 2 <= len(word) <= _MAX or any(c not in self._exact for c in word):
            return
        if sum(c not in _EVERYDAY for c in word) < _MIN_CONTENT:
            return
        meant = self._words.add(concept, word)
        if len(word) < _MIN_LOOSE:
            self._short.add_word(self._coded(word, self._exact), meant)
            return
        code = self._coded(word, self._loose)
        known = self._long.get(code, None)
        if known is not None:
            self._like.setdefault(known, [known]).append(meant)
        else:
            self._long.add_word(code, meant)

    def match(self, text: str, spotted: Spotted, asked: frozenset[str] = frozenset()) -> list[Spot]:
        """Spots by sound. A written finding stands unless it is a lesser part of the sound match (疼 in 性扣疼), or a
        bare sensation made of the very same characters (some pain of the 心 in 心抠疼)."""
        if len(text) < 2:
            return []
        taken = [(s.start, s.end) for s in spotted.spots] + list(spotted.everyday)
        lesser = {
            (s.start, s.end)
            for s in spotted.spots
            if s.concept in self._vague and not _NEGATION.search(text, s.start, s.end)
        }
        found: list[tuple[int, int, str, str]] = []
        dangers = [(s.start, s.end) for s in spotted.spots if self._content.concepts[s.concept].sound]
        exact = self._coded(text, self._exact)
        for coded, automaton in ((exact, self._short), (self._coded(text, self._loose), self._long)):
            for end, meant in automaton.iter(coded):
                for concept, word in self._meant(meant, exact, end + 1):
                    start = end - len(word) + 1
                    almost = self._almost_written(text[start : end + 1], word, (start, end + 1), dangers)
                    if self._plausible(text, start, word, concept in asked, almost):
                        found.append((start, end + 1, concept, word))
        spots: list[Spot] = []
        for start, end, concept, _ in sorted(found, key=lambda f: f[0] - f[1]):
            yielding = (
                end <= a or b <= start or (start <= a and b <= end and (b - a < end - start or (a, b) in lesser))
                for a, b in taken
            )
            if all(yielding):
                taken.append((start, end))
                lesser.discard((start, end))
                label = self._content.concepts[concept].label
                spots.append(Spot(start, end, concept, label, (start, end), by_sound=True))
        return spots

    def word_for(self, heard: str) -> str | None:
        """The lexicon's word that sounds like `heard`, tones and confusable sounds aside."""
        exact = self._coded(heard, self._exact)
        known = self._short.get(exact, None)
        if known is None:
            known = self._long.get(self._coded(heard, self._loose), None)
        return None if known is None else self._meant(known, exact, len(exact))[0][1]

    def _meant(self, number: int, exact: str, end: int) -> list[tuple[str, str]]:
        """The concept and the word that `number` stands for: of several the one that sounds like what ends at `end`
        first, then the newest."""
        if number not in self._like:
            return [self._words[number]]
        words = [self._words[each] for each in self._like[number]]
        same = [each for each in words if exact[end - len(each[1]) : end] == self._coded(each[1], self._exact)]
        return [*same[-1:], words[-1]]

    @staticmethod
    def _coded(text: str, codes: dict[str, str]) -> str:
        return "".join(codes.get(c, " ") for c in text)

    @staticmethod
    def _almost_written(heard: str, word: str, at: tuple[int, int], dangers: list[tuple[int, int]]) -> bool:
        """All but the first character stands written, and is no danger by itself: 开始新口疼, but not the 始流血 of
        开始流血. What the character before makes with the first says little then."""
        rest = len(word) >= _MIN_LOOSE and heard[1:] == word[1:]
        return rest and not any(at[0] < end and begin < at[1] for begin, end in dangers)

    def _plausible(self, text: str, start: int, word: str, asked: bool, almost: bool) -> bool:
        """Whether the heard characters are better explained by the word than by everyday language. Two syllables
        must share a character; characters that belong to an everyday word with their neighbours mean that word,
        unless the question asked for this very finding."""
        heard = text[start : start + len(word)]
        other = [at for at, character in enumerate(word) if heard[at] != character]
        if not other or heard in self._ordinary or (len(other) == len(word) and len(word) < _MIN_LOOSE):
            return False
        if asked:
            return True
        for at in other:
            here = start + at
            before = not (at == 0 and almost) and is_common(text[here - 1 : here + 1])
            if heard[at] in _EVERYDAY or before or is_common(text[here : here + 2]):
                return False
        return True
