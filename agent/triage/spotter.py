"""Finds the lexicon's words in a text: terms, body parts with sensations, look-alikes. One pass of an automaton."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick

from agent.triage.content import DISEASE, Concept, Content, Sensation
from agent.triage.forms import GAP, expand, gap_pairs

_WEAK = 3  # a sensation that may stand no farther from its body part is too weak to stand without one
MAX_GAP = 6  # characters between the two halves of a form with …
STRONG_STOPS = frozenset("。！？!?；;\n")
WEAK_STOPS = frozenset("，,：:~～…")
_STOPS = STRONG_STOPS | WEAK_STOPS
_ORGAN = "organ_symptom"


class Spot(NamedTuple):
    """A place where a concept is named. `core` is the span of the sensation alone when a body part was joined."""

    start: int
    end: int
    concept: str
    label: str
    core: tuple[int, int]
    by_sound: bool = False


class Veiled(NamedTuple):
    """A concept's word that stands inside a look-alike: no finding, but worth a line in the ledger."""

    start: int
    end: int
    concept: str
    reason: str


@dataclass(slots=True)
class _Entry:
    """What a surface may be: a term, a body part, a sensation, a look-alike, half of forms with a gap."""

    length: int
    term: str | None = None
    part: str | None = None
    feel: str | None = None
    alike: int | None = None
    joint: int = 0  # a term made of a body part and a sensation: the length of the part
    heads: tuple[int, ...] = ()
    tails: tuple[int, ...] = ()


class _Match(NamedTuple):
    start: int
    end: int
    entry: _Entry


@dataclass(frozen=True, slots=True)
class Spotted:
    """All that was found, in text order. `parts` are the body parts named, as (start, end, id)."""

    spots: tuple[Spot, ...]
    veiled: tuple[Veiled, ...]
    parts: tuple[tuple[int, int, str], ...]


class Spotter:
    """Built once from the content; `spot` is pure and takes microseconds."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._combos = {pair: concept.id for concept in content.concepts.values() for pair in concept.combine}
        self._gap_concepts: list[str] = []
        self._entries: dict[str, _Entry] = {}
        self._collect_simple()
        for concept in content.concepts.values():
            self._collect_forms(concept)
        self._automaton = ahocorasick.Automaton()
        for surface, entry in self._entries.items():
            self._automaton.add_word(surface, entry)
        self._automaton.make_automaton()

    def _entry(self, word: str) -> _Entry:
        return self._entries.setdefault(word, _Entry(len(word)))

    def _collect_simple(self) -> None:
        for index, alike in enumerate(self._content.look_alikes):
            for word in alike.words:
                self._entry(word).alike = index
        for part in self._content.parts.values():
            for word in part.words:
                entry = self._entry(word)
                entry.part = entry.part or part.id
        for feel in self._content.sensations.values():
            for word in feel.words:
                entry = self._entry(word)
                entry.feel = entry.feel or feel.id

    def _collect_forms(self, concept: Concept) -> None:
        for form in concept.words:
            if GAP in form:
                for heads, tails in gap_pairs(form):
                    self._collect_gap(concept.id, heads, tails)
            for word in expand(form):
                if GAP not in word:
                    entry = self._entry(word)
                    if entry.term is None:
                        entry.term, entry.joint = concept.id, self._joint(word, concept.id)

    def _joint(self, word: str, concept: str) -> int:
        """Where the body part of a word ends and its sensation begins; 0 when it is no such word."""
        for at in range(1, len(word)):
            part, feel = self._entries.get(word[:at]), self._entries.get(word[at:])
            if part and feel and part.part and feel.feel and self._combos.get((part.part, feel.feel)) == concept:
                return at
        return 0

    def _taken_apart(self, text: str, chosen: list[_Match]) -> list[_Match]:
        """后背疼 as 后背 and 疼, so that 胸口和后背疼 is about the chest too."""
        apart: list[_Match] = []
        for match in chosen:
            at = match.start + match.entry.joint
            if match.entry.joint == 0:
                apart.append(match)
                continue
            apart.append(_Match(match.start, at, self._entries[text[match.start : at]]))
            apart.append(_Match(at, match.end, self._entries[text[at : match.end]]))
        return apart

    def _collect_gap(self, concept: str, heads: list[str], tails: list[str]) -> None:
        index = len(self._gap_concepts)
        self._gap_concepts.append(concept)
        for word in heads:
            self._entry(word).heads += (index,)
        for word in tails:
            self._entry(word).tails += (index,)

    def spot(self, text: str, asked: frozenset[str] = frozenset()) -> Spotted:
        """`asked` are the concepts the question named: a bare 疼 after 胸口疼吗 is about the chest."""
        matches = [_Match(end - e.length + 1, end + 1, e) for end, e in self._automaton.iter(text)]
        spots = self._gap_spots(text, matches)
        chosen = self._taken_apart(text, _longest(matches, [(s.start, s.end) for s in spots]))
        veiled: list[Veiled] = []
        for match in chosen:
            if match.entry.alike is not None:
                veiled += self._veil(match, matches)
        parts = [(m.start, m.end, part) for m in chosen if (part := m.entry.part) and not m.entry.term]
        spots += self._joined(text, chosen, asked)
        split = self._split_by_negation(text, [(s.start, s.end) for s in spots if s.core == (s.start, s.end)])
        if split:
            spots = [s for s in spots if all(s.end <= x.start or x.end <= s.start for x in split)] + split
        spots.sort()
        return Spotted(tuple(spots), tuple(veiled), tuple(parts))

    def concepts_in(self, text: str) -> frozenset[str]:
        """The concepts a text names, whatever it says of them."""
        return frozenset(spot.concept for spot in self.spot(text).spots)

    def _split_by_negation(self, text: str, taken: list[tuple[int, int]]) -> list[Spot]:
        """Terms with a negation in their middle: 心不慌, 嘴没歪. The core begins after the negation."""
        spots: list[Spot] = []
        for cut_start, cut_end in _cuts(text):
            left, right = text[:cut_start][-_MAX_TERM:], text[cut_end:][:_MAX_TERM]
            for last, entry in self._automaton.iter(left + right):
                first = last - entry.length + 1
                if entry.term is None or entry.feel is not None or not first < len(left) <= last:
                    continue
                start, end = cut_start - len(left) + first, cut_end + last + 1 - len(left)
                if all(end <= a or b <= start or (start <= a and b <= end) for a, b in taken):
                    label = self._content.concepts[entry.term].label
                    spots.append(Spot(start, end, entry.term, label, (cut_end, end)))
                    taken.append((start, end))
        return spots

    def _gap_spots(self, text: str, matches: list[_Match]) -> list[Spot]:
        heads: dict[int, list[_Match]] = {}
        for match in matches:
            for index in match.entry.heads:
                heads.setdefault(index, []).append(match)
        if not heads:
            return []
        spots: dict[tuple[int, int], Spot] = {}
        for match in matches:
            for index in match.entry.tails:
                for head in heads.get(index, ()):
                    between = text[head.end : match.start]
                    if 0 <= match.start - head.end <= MAX_GAP and not _STOPS & set(between):
                        concept = self._gap_concepts[index]
                        label = self._content.concepts[concept].label
                        span = (head.start, match.end)
                        spots[span] = Spot(*span, concept, label, (match.start, match.end))
        return list(spots.values())

    def _veil(self, alike: _Match, matches: Iterable[_Match]) -> list[Veiled]:
        look = self._content.look_alikes[alike.entry.alike or 0]
        if look.kind != "drug":
            return []
        return [
            Veiled(m.start, m.end, concept, look.reason)
            for m in matches
            if m.start >= alike.start and m.end <= alike.end and (concept := self._named(m.entry))
        ]

    def _named(self, entry: _Entry) -> str | None:
        if entry.term:
            return entry.term
        return self._content.sensations[entry.feel].alone if entry.feel else None

    def _joined(self, text: str, chosen: list[_Match], asked: frozenset[str]) -> list[Spot]:
        """Terms as they stand; sensations with the body part they belong to."""
        spots: list[Spot] = []
        for index, match in enumerate(chosen):
            entry = match.entry
            if entry.term:
                concept = self._content.concepts[entry.term]
                if entry.feel is None:
                    spots.append(Spot(match.start, match.end, concept.id, concept.label, (match.start, match.end)))
                    continue
            if entry.feel is not None:
                spots += self._feel(text, chosen, index, asked)
        return spots

    def _feel(self, text: str, chosen: list[_Match], index: int, asked: frozenset[str]) -> list[Spot]:
        match = chosen[index]
        feel = self._content.sensations[match.entry.feel or ""]
        owners = self._owners(text, chosen, index, feel)
        core = (match.start, match.end)
        if owners:
            return [
                self._named_spot(feel, part, min(start, core[0]), max(end, core[1]), core)
                for start, end, part in owners
            ]
        meant = [c for c in asked if any(f == feel.id for _, f in self._content.concepts[c].combine)]
        if len(meant) == 1 and (feel.alone or feel.near > _WEAK):
            return [Spot(*core, meant[0], self._content.concepts[meant[0]].label, core)]
        if match.entry.term:
            concept = self._content.concepts[match.entry.term]
            return [Spot(*core, concept.id, concept.label, core)]
        if feel.alone:
            return [Spot(*core, feel.alone, self._content.concepts[feel.alone].label, core)]
        return []

    def _named_spot(self, feel: Sensation, part: str, start: int, end: int, core: tuple[int, int]) -> Spot:
        concept = (
            self._combos.get((part, feel.id)) or feel.alone or ("organ_disease" if feel.kind == DISEASE else _ORGAN)
        )
        known = self._combos.get((part, feel.id))
        label = self._content.concepts[known].label if known else self._content.parts[part].label + feel.label
        return Spot(start, end, concept, label, core)

    def _part_of_term(self, text: str, match: _Match) -> str | None:
        """The body part a term begins with: 胸闷 begins with the chest."""
        word = text[match.start : match.end]
        for length in (3, 2, 1):
            entry = self._automaton.get(word[:length], None)
            if entry is not None and entry.part:
                return str(entry.part)
        return None

    def _owners(self, text: str, chosen: list[_Match], index: int, feel: Sensation) -> list[tuple[int, int, str]]:
        """The body parts a sensation belongs to: those just before it in the clause, or right behind it."""
        match = chosen[index]
        owners: list[tuple[int, int, str]] = []
        reach = match.start
        for before in reversed(chosen[:index]):
            part = before.entry.part
            between = text[before.end : reach]
            if STRONG_STOPS & set(between) or (WEAK_STOPS & set(between) and (owners or len(between) > 10)):
                break
            if before.entry.term and not owners and between.strip(" 、") == "" and before.entry.feel is None:
                part = self._part_of_term(text, before)
                return [(match.start, match.start, part)] if part and (part, feel.id) in self._combos else []
            if part is None or before.entry.term:
                if before.entry.feel is None or owners or match.start - before.end > 3:
                    if before.entry.alike is not None and not owners:
                        continue
                    break
                continue
            near = min(feel.near, self._content.parts[part].near) if not owners else 4
            if reach - before.end > near or (owners and not _joins(between)):
                break
            if (part, feel.id) not in self._combos and feel.alone is None and feel.near > 3 and reach - before.end > 3:
                break
            owners.append((before.start, before.end, part))
            reach = before.start
        if owners:
            return owners
        after = chosen[index + 1] if index + 1 < len(chosen) else None
        if after is not None and after.entry.part and text[match.end : after.start] in _AFTER_LINKS:
            return [(after.start, after.end, after.entry.part)]
        return []


_MAX_TERM = 8
_NEGATION_INSIDE = re.compile(
    r"(?<=.)(?:一点也|一点都|一点儿也|也|都|倒是|倒|并|还|就|好像|现在|又)?(?:不|没有|没|未)(?:怎么|太|会|再|大|有|很|觉得|感觉|那么|咋|算)?(?=.)"
)


def _cuts(text: str) -> list[tuple[int, int]]:
    """The negations that may stand inside a term; 没有 also as 没 before 有. 疼不疼 is a question, no negation."""
    found: list[tuple[int, int]] = []
    for cut in _NEGATION_INSIDE.finditer(text):
        if text[cut.start() - 1 : cut.start()] != text[cut.end() : cut.end() + 1]:
            found.append(cut.span())
            if cut.group().endswith("没有"):
                found.append((cut.start(), cut.end() - 1))
    return found


_AFTER_LINKS = frozenset({"的是", "的地方是", "的位置是", "在", "的位置在", "的地方在", "得是", "的就是", "的主要是"})
_JOINTS = frozenset(
    {"", "和", "跟", "及", "、", "与", "以及", "还有", "都", "或", "或者", "，", " ", "也", "连着", "到", "同", "带"}
)


def _joins(between: str) -> bool:
    return between in _JOINTS


def _longest(matches: list[_Match], taken: list[tuple[int, int]]) -> list[_Match]:
    """The matches that do not overlap, longer ones first, in text order. Halves of gap forms alone do not count."""
    chosen: list[_Match] = []
    spans = list(taken)
    useful = [m for m in matches if m.entry.term or m.entry.part or m.entry.feel or m.entry.alike is not None]
    for match in sorted(useful, key=lambda m: (m.start - m.end, m.entry.alike is None, m.start)):
        if all(match.end <= start or end <= match.start for start, end in spans):
            chosen.append(match)
            spans.append((match.start, match.end))
    return sorted(chosen, key=lambda m: m.start)
