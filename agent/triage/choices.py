"""Alternative questions: 单腿无力还是双腿无力, answered by naming one, both or none."""

import re
from collections.abc import Sequence

from agent.model.finding import Status
from agent.triage.question_form import Form, Placed

_OR = "还是"
_IS = re.compile("是(?!不是)|属于")  # what stands before it is no side of the alternative
_LEAST = 2  # sides
_SHORT = 4  # characters of an answer whose single characters may choose
_BOTH = re.compile(
    r"都有|都是|都会|两样都|两种都|两个都|都疼|都痛|全有|都差不多|(?:^|[，。,])(?:都|两[个种边样]|差不多|全)*一样"
)
_NEITHER = re.compile(r"都没|都不|哪[个样]都[不没]|^(?:没有?|不是|没得)[啊呀的了呢。]*$")
_FIRST = re.compile(r"^(?:是|就是)?(?:前者|前面|第一[个种]|头一[个种])")
_SECOND = re.compile(r"^(?:是|就是)?(?:后者|后面(?:那|的)|第二[个种])")
_MORE = re.compile(r"更|厉害|最|重")


def chosen(question: str, places: Sequence[Placed], text: str) -> dict[int, Status]:
    """Index to status of the items an alternative question offers, where the answer picks among them."""
    picked: dict[int, Status] = {}
    for sentence in dict.fromkeys(place.sentence for place in places if _OR in place.sentence):
        here = [i for i, place in enumerate(places) if place.sentence == sentence]
        sides = [i for i in here if Form.CHOICE in (places[i].form, places[i].taken)]
        here = sides if len(sides) >= _LEAST else here  # 干咳还是有痰，咳嗽频繁吗: the cough is no side
        words = {i: _own_words(places, i, here) for i in here}
        topic = [i for i in here if _IS.match(question[places[i].at + len(places[i].item.surface) :])]
        here = [i for i in here if words[i] and (i not in topic or len(here) - len(topic) < _LEAST)]
        if len(here) < 2 or not _between(question, [places[i] for i in here]):
            continue
        side = _pick(here, words, sentence, text)
        if Status.PRESENT in side.values():  # 腰痛是酸痛还是刀割样, answered 刀割
            side |= dict.fromkeys((i for i in topic if i not in here), Status.PRESENT)
        picked |= side
    return picked


def _pick(here: list[int], words: dict[int, list[str]], sentence: str, text: str) -> dict[int, Status]:
    hits = [i for i in here if any(word in text for word in words[i])]
    if not hits and (_FIRST.match(text) or _SECOND.match(text)):
        hits = [here[0]] if _FIRST.match(text) else [here[-1]]
    if not hits and _BOTH.search(text):
        return dict.fromkeys(here, Status.PRESENT)
    if not hits and _NEITHER.search(text):
        return dict.fromkeys(here, Status.DENIED)
    if not hits and len(text) <= _SHORT:
        hits = [i for i in here if set(text) & _own_chars(words, i)]
    if len(hits) != 1:
        return {}
    others = Status.PRESENT if _MORE.search(sentence) else Status.DENIED
    return {i: Status.PRESENT if i == hits[0] else others for i in here}


def ruled_out(place: Placed, places: Sequence[Placed], statuses: Sequence[Status | None]) -> Status | None:
    """The side of an alternative that was not taken up, when the other one was, in whatever words."""
    sides = [status for other, status in zip(places, statuses, strict=True) if other.sentence == place.sentence]
    taken = place.form is Form.CHOICE and Status.PRESENT in sides
    return Status.DENIED if taken and not _MORE.search(place.sentence) else None


def _own_chars(words: dict[int, list[str]], index: int) -> set[str]:
    """左 of 左腿, where the other side is 右腿."""
    others = {char for i, pairs in words.items() if i != index for pair in pairs for char in pair}
    return {char for pair in words[index] for char in pair} - others


def _between(question: str, places: Sequence[Placed]) -> bool:
    starts = [place.at for place in places]
    return _OR in question[min(starts) : max(starts)]


def _own_words(places: Sequence[Placed], index: int, here: Sequence[int]) -> list[str]:
    """Two-character stretches of an item's words that none of its rivals has."""
    surface = places[index].item.surface
    others = "/".join(places[i].item.surface for i in here if i != index)
    return [pair for at in range(len(surface) - 1) if (pair := surface[at : at + 2]) not in others]
