"""What an answer says of an asked finding by name: the same words, the same concept, or a bare word for it."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.question_form import AskedItem

Told = tuple[str, str, Status]  # concept, surface, status
OPEN_WORDS = frozenset({"不舒服", "难受", "不适", "症状", "问题", "其他症状", "别的症状"})
NOT_TOLD = frozenset({Status.NOT_ASSERTED, Status.HYPOTHETICAL, Status.OTHER_PERSON})
_NEARLY_ALL = 0.66  # of the item's characters, for words of three and more: 腰背和肩膀痛 for 腰背部和肩膀放射痛
_TWOFOLD = re.compile(r"肿痛|肿疼|又肿又[疼痛]|红肿热痛")
_OPPOSITES = tuple(
    (set(one), set(other)) for one, other in (("凉冷冰", "热烫暖"), ("快", "慢"), ("高", "低"), ("胖", "瘦"))
)
_BARE = {
    word: chars
    for words, chars in (
        ("疼 痛 疼痛", "疼痛"),
        ("痒", "痒"),
        ("咳 咳嗽", "咳嗽"),
        ("烧 发烧 热", "烧热"),
        ("吐 呕吐", "吐"),
        ("肿", "肿"),
        ("晕", "晕"),
    )
    for word in words.split()
}


def mentioned(item: AskedItem, found: Sequence[Told], others: frozenset[str]) -> Status | None:
    """How the answer puts the item. `others` are the words of the other findings asked about: 反酸 answers for 反酸,
    not for 烧心 of the same concept. Of several mentions the one nearest in words counts."""
    apart = [told for told in found if told[1] not in others]
    same = [told for told in apart if told[1] == item.surface]
    same = same or [told for told in apart if item.surface not in _BARE and item.surface in told[1]]
    same = same or [told for told in apart if _shared(item, told) >= _NEARLY_ALL * len(item.surface)]
    same = same or [told for told in apart if told[1] in _BARE and item.surface[-1:] in _BARE[told[1]]]
    same = same or [told for told in apart if told[0] == item.concept]
    if same and all(_opposed(item.surface, told[1]) and told[2] is Status.PRESENT for told in same):
        return Status.DENIED
    if not same and item.surface in _BARE:
        same = [told for told in found if told[1][-1:] in _BARE[item.surface]]
    if not same:
        return None
    nearest = max(same, key=lambda told: len(set(told[1]) & set(item.surface)))
    whole = next((told[2] for told in found if told[0] == item.concept), None)
    if whole is None and nearest[1] in _BARE and nearest[2] is Status.PRESENT and _TWOFOLD.search(item.surface):
        return Status.UNCERTAIN  # 疼 to 小腿肿痛 leaves open whether it is swollen
    return whole if whole is not None and _TWOFOLD.search(item.surface) else nearest[2]


def said_by_letter(
    text: str, items: Sequence[AskedItem], found: Sequence[Told]
) -> list[tuple[AskedItem, tuple[int, int]]]:
    """The asked findings that `text` has in their very words, and where, but that are not `found`: words the lexicon
    does not know."""
    named = {surface for _, surface, _ in found}
    places = [(item, text.find(item.surface)) for item in items if len(item.surface) > 1 and item.surface not in named]
    return [(item, (at, at + len(item.surface))) for item, at in places if at >= 0]


def _opposed(asked: str, told: str) -> bool:
    """手脚都烫 to 手脚凉."""
    return any(
        set(asked) & one and set(told) & other and not (set(asked) & other or set(told) & one)
        for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES))
    )


def alike(words: str) -> str:
    """疼 and 痛 are one word."""
    return words.replace("痛", "疼")


def _shared(item: AskedItem, told: Told) -> int:
    """Characters of the item that the patient's words have too; none counted for short words."""
    return len(set(told[1]) & set(item.surface)) if len(item.surface) > 2 else 0
