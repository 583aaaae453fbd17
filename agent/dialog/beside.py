"""Words that answer nothing of what was asked, though they hold a yes: a sigh to a question about wishing to die,
白天 to one about the night, 吃了，就是有点贵 to one about the body. Pure."""

import re

from agent.model.pathway import Pathway

_SIGH = re.compile(r"(?:(?:[哎唉诶嗐嗨咳哼呵呃啊哦噢哟]|这个)[呀哟呦啊]?[\s，。、,.！!…~～]*)+")
_NIGHT = re.compile("夜里|夜间|晚上|睡")
_BY_DAY = re.compile(
    "(?:就|是|都|也)*(?:白天|上午|中午|下午)(?:的?时候)?(?:才|就|都|也)?(?:[有会还]|[挺还]好)?(?:的|点)?"
)
_CLAUSES = re.compile(r"[\s，。、,.；;！!…]+")
_DEED = re.compile(
    "(?:药|饭|针|早饭)?(?:都|也|全|已经|刚|按时|按点|天天|每天|一直)*([吃服喝打做用吸量测称查换])(?:了|过|完)+(?:啊|呢|的)?"
)
_OF_PRICE = re.compile(
    "(?:就是|不过|但是?|可是?|这药|药)*(?:有点|太|挺|很|老|真|忒)*(?:贵|费钱|花钱|麻烦|难吃|苦)(?:了|的|得很|啊|呀)*"
)


def sighs_at(pathway: Pathway, concept: str, text: str) -> bool:
    """Whether nothing but a sigh met the doubt about a concept that has a second wording."""
    return concept in pathway.confirms_again and _SIGH.fullmatch(text.strip()) is not None


def answers_another(sentence: str, text: str) -> bool:
    """Whether the words speak only of the day, asked of the night, or of a deed whose verb `sentence` does not hold."""
    said = text.strip("。，！ ")
    if _NIGHT.search(sentence) and _BY_DAY.fullmatch(said):
        return True
    clauses = [clause for clause in _CLAUSES.split(said) if clause]
    deeds = [found[1] for found in map(_DEED.fullmatch, clauses) if found]
    rest = [clause for clause in clauses if not _DEED.fullmatch(clause)]
    return bool(deeds) and not any(deed in sentence for deed in deeds) and all(map(_OF_PRICE.fullmatch, rest))
