"""Matches the lexicon by sound: a recogniser writes 性扣疼 for 心口疼. Tones are ignored and easily confused
initials and finals count as one, so that a sound-alike becomes an equal code and one automaton finds them all."""

import re

import ahocorasick

from agent.triage.content import Content
from agent.triage.forms import whole
from agent.triage.spotter import Spot, Spotted
from agent.triage.syllables import common_pairs, table

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
        self._automaton = ahocorasick.Automaton()
        self._loose_automaton = ahocorasick.Automaton()
        ordinary = {word for alike in content.look_alikes for word in alike.words}
        self._ordinary = frozenset(ordinary)
        self._vague = frozenset(feel.alone for feel in content.sensations.values() if feel.alone)
        for concept in content.concepts.values():
            if concept.sound:
                self._add(concept.id, concept.words)
        for part_id, feel_id in (pair for c in content.concepts.values() if c.sound for pair in c.combine):
            self._add_pair(part_id, feel_id)
        self._automaton.make_automaton()
        self._loose_automaton.make_automaton()

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
        meant = (concept, word)
        self._automaton.add_word("".join(self._exact[c] for c in word), meant)
        if len(word) >= _MIN_LOOSE:
            self._loose_automaton.add_word("".join(self._loose[c] for c in word), meant)

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
        for coded, automaton in (
            (self._coded(text, self._exact), self._automaton),
            (self._coded(text, self._loose), self._loose_automaton),
        ):
            for end, (concept, word) in automaton.iter(coded):
                start = end - len(word) + 1
                if self._plausible(text, start, word, concept in asked):
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
        for codes, automaton in ((self._exact, self._automaton), (self._loose, self._loose_automaton)):
            known = automaton.get(self._coded(heard, codes), None)
            if known is not None:
                return str(known[1])
        return None

    @staticmethod
    def _coded(text: str, codes: dict[str, str]) -> str:
        return "".join(codes.get(c, " ") for c in text)

    def _plausible(self, text: str, start: int, word: str, asked: bool) -> bool:
        """Whether the heard characters are better explained by the word than by everyday language. Two syllables
        must share a character; characters that belong to an everyday word with their neighbours mean that word,
        unless the question asked for this very finding."""
        heard = text[start : start + len(word)]
        other = [at for at, character in enumerate(word) if heard[at] != character]
        if not other or heard in self._ordinary or (len(other) == len(word) and len(word) < _MIN_LOOSE):
            return False
        if asked:
            return True
        pairs = common_pairs()
        for at in other:
            here = start + at
            if heard[at] in _EVERYDAY or text[here - 1 : here + 1] in pairs or text[here : here + 2] in pairs:
                return False
        return True
