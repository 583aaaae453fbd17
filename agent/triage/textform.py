"""Brings a text into the one form the word lists use, character for character, so that spans stay true."""

_FULL = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}  # ０-９
_FULL |= {code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)}  # Ａ-Ｚ
_FULL |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)}  # ａ-ｚ
_FULL |= {ord("／"): ord("/"), ord("．"): ord("."), ord("％"): ord("%"), ord("　"): ord(" ")}
_TRADITIONAL = (
    "過氣來會說頭發燒沒嗎現開關還這個後痠腫脹悶緊壓覺麼樣樓動兒醫藥術"
    "傷處對難睏嘔瀉癢黃鮮紅點壞輕應該請問謝顫臉嘴臟顆數歲"
)
_SIMPLIFIED = (
    "过气来会说头发烧没吗现开关还这个后酸肿胀闷紧压觉么样楼动儿医药术"
    "伤处对难困呕泻痒黄鲜红点坏轻应该请问谢颤脸嘴脏颗数岁"
)
_TABLE = _FULL | {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}


def normal(text: str) -> str:
    """The same text with half-width digits and letters and the common traditional characters simplified;
    the length does not change."""
    return text.translate(_TABLE)
