"""Finds the lexicon's words in a text: terms, body parts with sensations, look-alikes. One pass of an automaton."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.triage.content import DISEASE, Content, Sensation
from agent.triage.places import JOINTS, ends_before, placed_after, soft
from agent.triage.surface_index import Entry, Match, SurfaceIndex

_WEAK = 3  # a sensation that may stand no farther from its body part is too weak to stand without one
MAX_GAP = 6  # characters between the two halves of a form with …
_MAX_WIDE_GAP = 12  # and of one with ……, a comma among them
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


@dataclass(frozen=True, slots=True)
class Spotted:
    """All that was found, in text order. `parts` are the body parts named, as (start, end, id); `everyday` the spans
    that a look-alike explains."""

    spots: tuple[Spot, ...]
    veiled: tuple[Veiled, ...]
    parts: tuple[tuple[int, int, str], ...]
    everyday: tuple[tuple[int, int], ...] = ()


class Spotter:
    """Built once from the content; `spot` is pure and takes microseconds."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._index = SurfaceIndex(content)

    def spot(self, text: str, asked: Sequence[frozenset[str]] = ()) -> Spotted:
        """`asked` are sets of concepts the question may mean, the surest set first: a bare 疼 after 胸口疼吗 is about
        the chest."""
        matches = self._index.matches(text)
        spots = self._gap_spots(text, matches)
        chosen = self._index.chosen(text, matches, [(s.start, s.end) for s in spots])
        veiled: list[Veiled] = []
        for match in chosen:
            if match.entry.alike is not None:
                veiled += self._veil(match, matches)
        parts = [(m.start, m.end, part) for m in chosen if (part := m.entry.part) and not m.entry.term]
        spots += self._joined(text, sorted((*chosen, *_parts_of(spots, matches))), asked)
        split = self._split_by_negation(text, [(s.start, s.end) for s in spots if s.core == (s.start, s.end)])
        if split:
            spots = [kept for s in spots if (kept := _beside(s, split))] + split
        spots.sort()
        everyday = tuple((m.start, m.end) for m in chosen if m.entry.alike is not None)
        return Spotted(tuple(spots), tuple(veiled), tuple(parts), everyday)

    def concepts_in(self, text: str) -> frozenset[str]:
        """The concepts a text names, whatever it says of them."""
        return frozenset(spot.concept for spot in self.spot(text).spots)

    def _split_by_negation(self, text: str, taken: list[tuple[int, int]]) -> list[Spot]:
        """Terms with a negation in their middle: 心不慌, 嘴没歪. The core begins after the negation."""
        spots: list[Spot] = []
        for cut_start, cut_end in _cuts(text):
            left, right = text[:cut_start][-_MAX_TERM:], text[cut_end:][:_MAX_TERM]
            for first, last, entry in self._index.matches(left + right):
                if entry.term is None or entry.feel is not None or not first < len(left) < last:
                    continue
                start, end = cut_start - len(left) + first, cut_end + last - len(left)
                if (start, end) in taken or any(a < cut_start and cut_end < b for a, b in taken):
                    continue  # 差点没晕过去 and 喘不上气 are words of their own
                if all(end <= a or b <= start or (start <= a and b <= end) for a, b in taken):
                    label = self._content.concepts[entry.term].label
                    spots.append(Spot(start, end, entry.term, label, (cut_end, end)))
                    taken.append((start, end))
        return spots

    def _gap_spots(self, text: str, matches: list[Match]) -> list[Spot]:
        heads: dict[int, list[Match]] = {}
        for match in matches:
            for index in match.entry.heads:
                heads.setdefault(index, []).append(match)
        if not heads:
            return []
        alike = [(m.start, m.end) for m in matches if self._whole(m.entry)]
        spots: dict[tuple[int, int], Spot] = {}
        for match in matches:
            if not match.entry.tails or _within(match, alike):
                continue
            for index in match.entry.tails:
                concept, wide = self._index.gaps[index]
                for head in heads.get(index, ()):
                    apart = ends_before(text, head.start, head.end, match.start)
                    if not apart and _bridged(text[head.end : match.start], match.start - head.end, wide):
                        label = self._content.concepts[concept].label
                        span = (head.start, match.end)
                        spots[span] = Spot(*span, concept, label, (match.start, match.end))
        whole = {(s.start, s.end - 1, s.concept) for s in spots.values()}  # 说话不清 is not told beside 说话不清楚
        return [s for s in spots.values() if (s.start, s.end, s.concept) not in whole]

    def _whole(self, entry: Entry) -> bool:
        return entry.alike is not None and self._content.look_alikes[entry.alike].whole

    def _veil(self, alike: Match, matches: Iterable[Match]) -> list[Veiled]:
        look = self._content.look_alikes[alike.entry.alike or 0]
        if look.kind != "drug":
            return []
        return [
            Veiled(m.start, m.end, concept, look.reason)
            for m in matches
            if m.start >= alike.start and m.end <= alike.end and (concept := self._named(m.entry))
        ]

    def _named(self, entry: Entry) -> str | None:
        if entry.term:
            return entry.term
        return self._content.sensations[entry.feel].alone if entry.feel else None

    def _joined(self, text: str, chosen: list[Match], asked: Sequence[frozenset[str]]) -> list[Spot]:
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

    def _feel(self, text: str, chosen: list[Match], index: int, asked: Sequence[frozenset[str]]) -> list[Spot]:
        match = chosen[index]
        feel = self._content.sensations[match.entry.feel or ""]
        owners = self._owners(text, chosen, index, feel)
        core = (match.start, match.end)
        if owners:
            return [
                self._named_spot(feel, part, min(start, core[0]), max(end, core[1]), core)
                for start, end, part in owners
            ]
        meant = self._meant(feel, asked)
        if meant and (feel.alone or feel.near > _WEAK):
            return [Spot(*core, meant, self._content.concepts[meant].label, core)]
        if match.entry.term:
            concept = self._content.concepts[match.entry.term]
            return [Spot(*core, concept.id, concept.label, core)]
        if feel.alone:
            return [Spot(*core, feel.alone, self._content.concepts[feel.alone].label, core)]
        return []

    def _meant(self, feel: Sensation, asked: Sequence[frozenset[str]]) -> str | None:
        """The one asked concept that a sensation without a body part can mean."""
        for concepts in asked:
            able = [c for c in concepts if any(f == feel.id for _, f in self._content.concepts[c].combine)]
            if able:
                return able[0] if len(able) == 1 else None
        return None

    def _named_spot(self, feel: Sensation, part: str, start: int, end: int, core: tuple[int, int]) -> Spot:
        concept = (
            self._index.combos.get((part, feel.id))
            or feel.alone
            or ("organ_disease" if feel.kind == DISEASE else _ORGAN)
        )
        known = self._index.combos.get((part, feel.id))
        label = self._content.concepts[known].label if known else self._content.parts[part].label + feel.label
        return Spot(start, end, concept, label, core)

    def _owners(self, text: str, chosen: list[Match], index: int, feel: Sensation) -> list[tuple[int, int, str]]:
        """The body parts a sensation belongs to: those just before it in the clause, or right behind it."""
        match = chosen[index]
        last = chosen[index - 1] if index else None
        if last and last.entry.term and last.entry.feel is None and not text[last.end : match.start].strip(" 、"):
            part = self._index.part_at_start(text[last.start : last.end])
            return [(match.start, match.start, part)] if part and (part, feel.id) in self._index.combos else []
        owners = self._owners_before(text, chosen[:index], match, feel)
        after = chosen[index + 1] if index + 1 < len(chosen) else None
        if (
            not owners
            and after
            and after.entry.part
            and placed_after(text, (match.start, match.end), (after.start, after.end), named=feel.alone is not None)
        ):
            return [(after.start, after.end, after.entry.part)]
        return owners

    def _owners_before(
        self, text: str, earlier: list[Match], match: Match, feel: Sensation
    ) -> list[tuple[int, int, str]]:
        owners: list[tuple[int, int, str]] = []
        whole_body = text[match.start : match.end] in _FEVER
        reach = passed = match.start
        for before in reversed(earlier):
            between = text[before.end : reach]
            too_far = owners or whole_body or len(between) > _OVER_COMMA
            if STRONG_STOPS & set(between) or (WEAK_STOPS & set(between) and too_far):
                break
            part = None if before.entry.term else before.entry.part
            if part is None:
                if _may_stand_between(before, passed, bool(owners)):
                    passed = before.start
                    continue
                break
            if not self._near_enough(part, feel, between, bool(owners)):
                break
            owners.append((before.start, before.end, part))
            reach = before.start
        return owners

    def _near_enough(self, part: str, feel: Sensation, between: str, joined: bool) -> bool:
        if joined:
            return between in JOINTS
        if len(between) > min(feel.near, self._content.parts[part].near):
            return False
        if feel.near <= _WEAK:
            return soft(between)
        known = (part, feel.id) in self._index.combos or feel.alone is not None
        return known or len(between) <= _WEAK


def _parts_of(spots: list[Spot], matches: list[Match]) -> list[Match]:
    """The body parts that begin spots already found: 胸口 of 胸口不闷，就是疼 owns the pain too."""
    begin = {spot.start for spot in spots}
    named = [match for match in matches if match.entry.part and match.start in begin]
    return list({match.start: match for match in sorted(named, key=lambda match: match.end)}.values())


def _beside(spot: Spot, split: list[Spot]) -> Spot | None:
    """What is left of a spot beside terms with a negation inside: of 胸口不疼，闷得慌 the second sensation is still the
    chest's, of 头不晕 nothing."""
    if all(spot.end <= other.start or other.end <= spot.start for other in split):
        return spot
    if any(spot.core[0] < other.end and other.start < spot.core[1] for other in split):
        return None
    return spot._replace(start=spot.core[0], end=spot.core[1])


def _within(match: Match, spans: list[tuple[int, int]]) -> bool:
    """两百 of 两百块: a part of something longer that is no danger."""
    size = match.end - match.start
    return any(start <= match.start and match.end <= end and size < end - start for start, end in spans)


def _bridged(between: str, length: int, wide: bool) -> bool:
    """Whether two halves of a form stand together; `length` is negative where they overlap."""
    if not 0 <= length <= (_MAX_WIDE_GAP if wide else MAX_GAP):
        return False
    return not (STRONG_STOPS if wide else _STOPS) & set(between)


def _may_stand_between(other: Match, start: int, joined: bool) -> bool:
    """A second sensation close by (胸口又闷又疼) or a look-alike does not part a sensation from its body part."""
    if joined:
        return False
    close = other.entry.feel is not None and start - other.end <= _WEAK
    return close or other.entry.alike is not None


_FEVER = frozenset({"发烧", "发热"})  # of the whole body where a comma stands before it
_OVER_COMMA = 10  # characters, the comma among them, between a body part and its sensation in the next clause
_MAX_TERM = 8
_NEGATION_INSIDE = re.compile(
    r"(?<=.)(?:一点也|一点都|一点儿也|也|都|倒是|倒|并|还|就|好像|现在|又)?(?:不|没有|没|未)(?:怎么|太|会|再|在|大|有|很|觉得|感觉|那么|咋|算)?(?=.)"
)


def _cuts(text: str) -> list[tuple[int, int]]:
    """The negations that may stand inside a term; 没有 also as 没 before 有. 疼不疼 is a question, no negation."""
    found: list[tuple[int, int]] = []
    for cut in _NEGATION_INSIDE.finditer(text):
        if all(text[cut.start() - n : cut.start()] != text[cut.end() : cut.end() + n] for n in (1, 2)):
            found.append(cut.span())
            if cut.group().endswith("没有"):
                found.append((cut.start(), cut.end() - 1))
    return found
