"""Which pathways a discharge gets: by the house's rules, else by each pathway's own `applies_to`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from agent.model.discharge import Discharge, Planned, PlannedPathway
from agent.model.pathway import AppliesTo, Pathway
from agent.model.people import Tier
from agent.model.plan_rules import PlanRules

CODE = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Za-z]+)?")
BY_CODE, BY_WORD = 1000, 100


class RulePlanner:
    """The rules' pathways; where none is named, the one whose `applies_to` fits best: an ICD-10 code before a word,
    then the pathway's priority, then the longer match."""

    def __init__(self, rules: PlanRules, pathways: Mapping[str, Pathway]) -> None:
        self.rules, self._pathways = rules, pathways

    def plan_for(self, discharge: Discharge) -> Planned:
        tier = self.rules.tier_of(discharge)
        names = dict.fromkeys(self._names(replace(discharge, tier=tier), tier))
        chosen = tuple(PlannedPathway(name, self._pathways[name].version, self.days_of(name, tier)) for name in names)
        return Planned(tier, chosen, tier in self.rules.education_only)

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        found = self._pathways.get(pathway)
        return self.rules.node_days(tuple(node.day for node in found.nodes), tier) if found else ()

    def _names(self, discharge: Discharge, tier: Tier) -> Iterator[str]:
        fitting = [rule for rule in self.rules.pathways if rule.who.fits(discharge, tier)]
        used = [name for rule in fitting for name in rule.use]
        yield from used or self._best(discharge)
        for rule in fitting:
            yield from rule.add

    def _best(self, discharge: Discharge) -> list[str]:
        ranked = [
            (score, pathway.id)
            for pathway in self._pathways.values()
            if (score := fit(pathway.applies_to, *_told(discharge), discharge.tier))
        ]
        return [max(ranked)[1]] if ranked else []


def _told(discharge: Discharge) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Diagnosis and operation as one text, codes, tags."""
    return " ".join(filter(None, (discharge.diagnosis, discharge.procedure))), discharge.icd10, discharge.tags


def fit(wanted: AppliesTo, diagnosis: str, codes: tuple[str, ...], tags: tuple[str, ...], tier: str | None) -> int:
    """0 where the pathway is not for this diagnosis or tier; else the higher the better. A tier nobody has told rules
    nothing out."""
    if wanted.tiers and tier is not None and tier not in wanted.tiers:
        return 0
    if any(word in diagnosis for word in wanted.without):
        return 0
    said = diagnosis.upper()
    codes = (*codes, *CODE.findall(said))
    code = max((len(prefix) for prefix in wanted.icd10 for one in codes if one.startswith(prefix)), default=0)
    word = max((len(word) for word in (*wanted.words, *wanted.tags) if word.upper() in said), default=0)
    word = max(word, *(len(tag) for tag in wanted.tags if tag in tags), 0)
    if not code and not word:
        return 0
    return (BY_CODE if code else 0) + (BY_WORD if word else 0) + wanted.priority * 2 + max(code, word)
