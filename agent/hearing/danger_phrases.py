"""The words of danger that hearing listens for, out of the lexicon."""

from collections.abc import Iterable

from agent.hearing.phrases import Phrase
from agent.model.finding import Level
from agent.triage.content import Content
from agent.triage.forms import GAP, expand, gap_pairs

_SHORTEST, _LONGEST = 2, 7
_MOST_GAP_FORMS = 200
_BARE = frozenset("疼痛闷憋喘堵胀麻晕肿")  # say enough without a body part where the question named it
_NOT_BY_SOUND = frozenset({"怎么死"})  # 什么事, with which half of all patients pick up, sounds the same
_BETWEEN = ("有点", "老是", "又")  # what patients put between the part and the sensation


def dangerous_concepts(content: Content) -> frozenset[str]:
    """The concepts that one rule or another makes red by themselves."""
    return frozenset(c for rule in content.rules if rule.level is Level.RED for c in rule.any_of)


def danger_phrases(content: Content) -> list[Phrase]:
    """Every phrase of two to seven characters that names a dangerous concept and sounds like nothing said every day."""
    found: list[Phrase] = []
    for concept in sorted(dangerous_concepts(content)):
        texts = dict.fromkeys(_texts(content, concept))
        found += [Phrase(t, concept) for t in texts if _SHORTEST <= len(t) <= _LONGEST and t not in _NOT_BY_SOUND]
    return found


def asked_phrases(content: Content, asked: Iterable[str]) -> list[Phrase]:
    """The short words by which somebody affirms one of the concepts `asked`: its own of two or three characters, and
    the bare sensation, 疼 where the chest was asked about."""
    found: list[Phrase] = []
    for concept in (c for c in asked if c in dangerous_concepts(content)):
        feels = dict.fromkeys(feel for _, feel in content.concepts[concept].combine)
        bare = [word for feel in feels for word in content.sensations[feel].words if word in _BARE]
        own = [text for form in content.concepts[concept].words if GAP not in form for text in expand(form)]
        found += [Phrase(text, concept) for text in (*own, *bare) if len(text) <= _SHORTEST + 1]
    return found


def _texts(content: Content, concept: str) -> list[str]:
    known = content.concepts[concept]
    found: list[str] = []
    for form in known.words:
        if GAP in form:
            joined = [head + tail for heads, tails in gap_pairs(form) for head in heads for tail in tails]
            found += joined[:_MOST_GAP_FORMS]
        found += [word for word in expand(form) if GAP not in word]
    for part, feel in known.combine:
        parts, feels = content.parts[part].words, content.sensations[feel].words
        found += [p + f for p in parts for f in feels]
        short = [f for f in feels if len(f) == 1]
        found += [p + between + f for p in parts if len(p) <= _SHORTEST for f in short for between in _BETWEEN]
    return found
