"""Every surface the lexicon knows, in one automaton: terms, body parts, sensations, look-alikes, gap forms."""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

import ahocorasick

from agent.model.finding import Level
from agent.triage.content import Concept, Content
from agent.triage.forms import GAP, WIDE, gap_pairs, whole

_TIME_AND_HEAD = re.compile(
    "(?:夜|屋|家)里头$|(?:[以之然最饭术药]|院|手术|家|来|完)后头$|[之以饭]前头$|[今去这几两]年头$|有一?点头$"
)
_SURE_LENGTH = 3  # characters from which a danger's word counts though it begins within a lesser word


@dataclass(frozen=True, slots=True)
class Entry:
    """What a surface may be: a term, a body part, a sensation, a look-alike, half of forms with a gap. Surfaces of one
    length that mean the same share one: there are 190,000 of them."""

    length: int
    term: str | None = None
    part: str | None = None
    feel: str | None = None
    alike: int | None = None
    joint: int = 0  # a term made of a body part and a sensation: the length of the part
    heads: tuple[int, ...] = ()
    tails: tuple[int, ...] = ()


class Match(NamedTuple):
    start: int
    end: int
    entry: Entry


class SurfaceIndex:
    """Built once from the content. `combos` maps (body part, sensation) to the concept they make, `gaps` the number of
    a gap form to its concept and whether the gap is wide."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.combos = {pair: concept.id for concept in content.concepts.values() for pair in concept.combine}
        self.gaps: list[tuple[str, bool]] = []
        self._dangers = {c for rule in content.rules if rule.level is Level.RED for c in rule.any_of}
        self._shared: dict[Entry, Entry] = {}
        self._automaton = ahocorasick.Automaton()
        self._collect_simple()
        for concept in content.concepts.values():
            self._collect_forms(concept)
        self._automaton.make_automaton()

    def _entry(self, word: str) -> Entry:
        known: Entry | None = self._automaton.get(word, None)
        return known or Entry(len(word))

    def _keep(self, word: str, entry: Entry) -> None:
        self._automaton.add_word(word, self._shared.setdefault(entry, entry))

    def _collect_simple(self) -> None:
        for index, alike in enumerate(self._content.look_alikes):
            for word in alike.words:
                self._keep(word, replace(self._entry(word), alike=index))
        for part in self._content.parts.values():
            for word in part.words:
                entry = self._entry(word)
                self._keep(word, replace(entry, part=entry.part or part.id))
        for feel in self._content.sensations.values():
            for word in feel.words:
                entry = self._entry(word)
                self._keep(word, replace(entry, feel=entry.feel or feel.id))

    def _collect_forms(self, concept: Concept) -> None:
        for form in concept.words:
            if GAP in form:
                for heads, tails in gap_pairs(form):
                    self._collect_gap((concept.id, WIDE in form), heads, tails)
            for word in whole(form):
                known: Entry | None = self._automaton.get(word, None)
                if known is None:
                    self._keep(word, Entry(len(word), term=concept.id, joint=self._joint(word, concept.id)))
                elif known.term is None:
                    self._keep(word, replace(known, term=concept.id, joint=self._joint(word, concept.id)))

    def _joint(self, word: str, concept: str) -> int:
        """Where the body part of a word ends and its sensation begins; 0 when it is no such word."""
        for at in range(1, len(word)):
            part, feel = self._automaton.get(word[:at], None), self._automaton.get(word[at:], None)
            if part and feel and self.combos.get((part.part, feel.feel)) == concept:
                return at
        return 0

    def _taken_apart(self, text: str, chosen: list[Match]) -> list[Match]:
        """后背疼 as 后背 and 疼, so that 胸口和后背疼 is about the chest too."""
        apart: list[Match] = []
        for match in chosen:
            at = match.start + match.entry.joint
            if match.entry.joint == 0:
                apart.append(match)
                continue
            apart.append(Match(match.start, at, self._entry(text[match.start : at])))
            apart.append(Match(at, match.end, self._entry(text[at : match.end])))
        return apart

    def _collect_gap(self, gap: tuple[str, bool], heads: list[str], tails: list[str]) -> None:
        index = len(self.gaps)
        self.gaps.append(gap)
        for word in heads:
            entry = self._entry(word)
            self._keep(word, replace(entry, heads=(*entry.heads, index)))
        for word in tails:
            entry = self._entry(word)
            self._keep(word, replace(entry, tails=(*entry.tails, index)))

    def matches(self, text: str) -> list[Match]:
        """Every surface in a text, overlapping ones too."""
        return [Match(end - e.length + 1, end + 1, e) for end, e in self._automaton.iter(text)]

    def chosen(self, text: str, matches: list[Match], taken: list[tuple[int, int]]) -> list[Match]:
        """The matches that count, in text order: longest first, none over another or over a span of `taken`,
        joined words taken apart. A danger that begins within a lesser word and goes beyond it counts too: 晕过去 of
        站起来就晕过去."""
        matches = [m for m in matches if m.entry.alike is None or not _of_two_words(text, m, matches)]
        longest = _longest(matches, taken)
        return self._taken_apart(text, sorted((*longest, *self._overlooked(matches, longest, taken))))

    def _overlooked(self, matches: list[Match], longest: list[Match], taken: list[tuple[int, int]]) -> list[Match]:
        dangers = [m for m in matches if m.entry.term in self._dangers and m.end - m.start >= _SURE_LENGTH]
        found = []
        for match in dangers:
            over = [other for other in longest if other.start < match.end and match.start < other.end]
            lesser = all(o.entry.term and o.entry.term not in self._dangers for o in over)
            beyond = all(o.start < match.start < o.end < match.end for o in over)
            if over and lesser and beyond and all(match.end <= a or b <= match.start for a, b in taken):
                found.append(match)
        return found[:1]

    def part_at_start(self, word: str) -> str | None:
        """The body part a word begins with: 胸闷 begins with the chest."""
        for length in (3, 2, 1):
            if part := self._entry(word[:length]).part:
                return part
        return None


def _of_two_words(text: str, alike: Match, matches: list[Match]) -> bool:
    """夜里头晕, 以后头疼: the 里头 and 后头 are none, the 头 is what hurts."""
    head = alike.end - 1
    if not _TIME_AND_HEAD.search(text[: alike.end]):
        return False
    return any(m.start == head and m.end > alike.end and m.entry.term for m in matches)


def _longest(matches: list[Match], taken: list[tuple[int, int]]) -> list[Match]:
    """The matches that do not overlap, longer ones first, in text order. Halves of gap forms alone do not count."""
    chosen: list[Match] = []
    spans = list(taken)
    useful = [m for m in matches if m.entry.term or m.entry.part or m.entry.feel or m.entry.alike is not None]
    for match in sorted(useful, key=lambda m: (m.start - m.end, m.entry.alike is None, m.start)):
        if all(match.end <= start or end <= match.start for start, end in spans):
            chosen.append(match)
            spans.append((match.start, match.end))
    return sorted(chosen, key=lambda m: m.start)
