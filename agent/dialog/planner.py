"""Which pathway a discharge gets, by each pathway's `applies_to`."""

import re
from collections.abc import Mapping

from agent.model.discharge import Discharge, PlannedPathway
from agent.model.pathway import AppliesTo, Pathway

CODE = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Za-z]+)?")
BY_CODE, BY_WORD = 1000, 100


class PathwayPlanner:
    """Chooses the pathway that fits a diagnosis best: an ICD-10 code in its text before a word, then the pathway's
    priority, then the longer match."""

    def __init__(self, pathways: Mapping[str, Pathway]) -> None:
        self._pathways = pathways

    def plan_for(self, discharge: Discharge) -> PlannedPathway | None:
        """The pathway, its version and node days, or None where none fits the diagnosis and tier."""
        ranked = [
            (score, pathway.id)
            for pathway in self._pathways.values()
            if (score := fit(pathway.applies_to, *_told(discharge), discharge.tier))
        ]
        if not ranked:
            return None
        chosen = self._pathways[max(ranked)[1]]
        return PlannedPathway(chosen.id, chosen.version, tuple(node.day for node in chosen.nodes))


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
    codes = (*codes, *CODE.findall(diagnosis.upper()))
    code = max((len(prefix) for prefix in wanted.icd10 for one in codes if one.startswith(prefix)), default=0)
    word = max((len(word) for word in (*wanted.words, *wanted.tags) if word.upper() in diagnosis.upper()), default=0)
    word = max(word, *(len(tag) for tag in wanted.tags if tag in tags), 0)
    if not code and not word:
        return 0
    return (BY_CODE if code else 0) + (BY_WORD if word else 0) + wanted.priority * 2 + max(code, word)
