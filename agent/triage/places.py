"""How a body part and its sensation stand together: the words between them, and the place named behind."""

import re

# between two parts that share a sensation: 胸口和后背疼
JOINTS = frozenset("和跟及、与都或，也到同带贴") | {"", " ", "以及", "还有", "或者", "连着", "扯着", "牵着", "连带"}
_AFTER_LINKS = frozenset({"的是", "的地方是", "的位置是", "在", "的位置在", "的地方在", "得是", "的就是", "的主要是"})
_PLACE = re.compile(r"地方|位置|部位|周围|附近|旁边|四周|一圈|这块|那块|这里|那里|这边|那边|外面|周边")
_CONTRAST = re.compile("但|可是|不过|倒是|就是")
_SOFT = frozenset("有点很都也太好特别发是的又真比较些儿会老还总变得上里面边头就不没")
_THEN_PLACE = re.compile(
    r"(?:得|的)?(?:很|慌|厉害|要命|不行|难受)?[了着啊呀呢啦]?[，、… ]*(?:(?:就|就是|都)?在?[这那][儿里块][，、… ]+)?"
    r"(?:嗯|呃|那个|大概|差不多|反正|主要)?(?:都|也|就)?(?:是|在)?(?:我)?(?:这|那)?"
)
_PLACE_ONLY = re.compile(
    r"(?:这|那)?(?:儿|里|块|一块|一片|一带|一圈|边|头|上|个|位置|地方|周围|附近)*[啊呀呢吧嘛]?(?:[，。！；]|$)"
)


def ends_before(text: str, start: int, end: int, then: int) -> bool:
    """没吐血但是拉的黑的: what is denied from `start` to `end` ends where something else is told."""
    return text[:start].endswith(("没", "没有", "不")) and _CONTRAST.search(text[end:then]) is not None


def soft(between: str) -> bool:
    """Whether nothing but particles and place words stand between."""
    return all(character in _SOFT for character in _PLACE.sub("", between))


def placed_after(text: str, feel: tuple[int, int], part: tuple[int, int], *, named: bool) -> bool:
    """疼的是胸口; 疼，就是心口那儿: the place comes behind, and nothing else is told of it. `named`: the sensation is a
    finding by itself."""
    between = text[feel[1] : part[0]]
    if between in _AFTER_LINKS:
        return True
    told = named and _THEN_PLACE.fullmatch(between)
    return bool(told) and _PLACE_ONLY.match(text[part[1] :]) is not None
