"""Whether words have the form of a question, whatever Rasa makes of them. Pure."""

import re

ASKING = re.compile(
    r"吗|嘛$|么$|呢$|干嘛|怎么|怎样|咋|什么|啥|(?<!差不)多[少久长大高远重快]|几|能不能|可不可以|可以不|要不要|是不是|有没有|行不行|用不用|"
    r"为什么|为啥|哪|谁|([\u4e00-\u9fff])[不没]\1|是.{1,9}还是|.{2}还是.{2,}(?:[啊呀好]|那个)$|[不没]$|没有$"
)
_PLAINLY = re.compile(r"[吗呢]$|怎么|咋|什么|啥|几时|能不能|可不可以|要不要|是不是|行不行|用不用|为什么|多久|还是")
_NO_QUESTION = re.compile(
    r"(?:没|不了|没过?)多[久少远大]|不怎么|没什么|没啥|不咋|没几|有了?(?:那么)?几|好几|十几|几十|^(?:就|也就|有|大概)*几[天次回个][吧啊呀的]*$|几天[前了]|"
    r"(?:着.{0,6}|[在还正才都可没忙].{0,6})呢$|^得?[看等]\w{0,5}?(?:哪天|啥时候?|什么时候|几时|有没有|能不能)"
)
_RHETORICAL = re.compile(
    r"哪(?:能|敢|会|有(?:那|空|时间|工夫|功夫|力气))|还[\u4e00-\u9fff]{1,3}(?:做啥|干啥|干嘛|做什么|干什么)$|([抽喝])(?:什么|啥)[烟酒]|谁(?:不|没|还|敢|愿意|.{1,5}能)"
)  # 谁不喘呢 tells
_WHATEVER = re.compile(r"(?:哪|什么|啥|谁|几|怎么|咋)[^，]{0,4}(?:都|也)(?!不知|不晓)")


def asks(text: str) -> bool:
    """True when the words have a question's form; 哪天都行 has none."""
    return bool(ASKING.search(_stripped(text)))


def asks_plainly(text: str) -> bool:
    """True when the form alone settles it: 没有 at the end may be a plain no."""
    return bool(_PLAINLY.search(_stripped(text)))


def _stripped(text: str) -> str:
    return _NO_QUESTION.sub("", _RHETORICAL.sub("", _WHATEVER.sub("", text)))
