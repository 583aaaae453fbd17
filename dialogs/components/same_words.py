"""Words that old people and dialects use for others, brought to one word before FAQ questions are compared.

For questions only: in an answer 没得 and 没有 may stand for different moves, and the moves did no better with this.
"""

import re

# The longer before the shorter that they contain; what comes first may feed what comes later.
SAME = (
    ("啥时候|啥时|几时|多咱", "什么时候"),
    ("啥子|么子|么事|啥|咩", "什么"),
    ("咋样", "怎么样"),
    ("怎么弄|咋个办|咋整|咋弄|咋办|怎么整|怎么搞|咋搞", "怎么办"),
    ("咋个|咋|哪样", "怎么"),
    ("俺们|咱们|俺|咱", "我"),
    ("恁|您", "你"),
    ("不要|莫|甭", "别"),
    ("没得|冇得|木有", "没有"),
    ("今儿个|今儿|今日", "今天"),
    ("昨儿个|昨儿|昨日", "昨天"),
    ("明儿个|明儿|明日", "明天"),
    ("后晌", "下午"),
    ("头晌|前晌", "上午"),
    ("晌午", "中午"),
    ("夜里|夜间", "晚上"),
    ("闺女|丫头|囡囡", "女儿"),
    ("娃娃|娃|小孩|宝宝|崽", "孩子"),
    ("大夫|郎中", "医生"),
    ("刀口|切口|开刀的地方", "伤口"),
    ("一块儿|一块|一道", "一起"),
    ("礼拜|周(?=[一二三四五六日几末])", "星期"),
    ("拐棍|拐棒|双拐", "拐杖"),
    ("遛弯儿?|溜达|散心", "散步"),
    ("核磁共振|磁共振", "核磁"),
    ("电瓶车|电动车|摩托车?", "车"),
    ("(?<=[能成行])(?:不能|不成|不行)", "吗"),
    ("(?:要紧|碍事|有事|打紧)(?:吗|不|么)|有没有事|要不要紧", "有事吗"),
    ("(?:成|中|行|可以|好)(?:不|么|吗|不成|不中|不行)$", "行吗"),
    ("[不么没]$", "吗"),
    ("搁|摆", "放"),
    ("忒", "太"),
    ("瞅|瞧", "看"),
    ("[喽咧啦嘞]", "了"),
)
_RULES = tuple((re.compile(pattern), word) for pattern, word in SAME)


def in_one_word(text: str) -> str:
    """The text with every such word replaced."""
    for pattern, word in _RULES:
        text = pattern.sub(word, text)
    return text
