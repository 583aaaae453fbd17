"""Well only at rest, slowly or lying right: 不走路就不喘, 歇着就没事, 垫高了就好. Whoever says so has it."""

import re

_NOT_THESE = "是|事|知|过敏|止|仅|但|光|用|要紧|管|到|几|多|一会|好|舒服|然|行|同|想"  # 不到两天就不烧了
_LEFT_OUT = rf"(?:只要)?(?:不|别)(?!{_NOT_THESE})[^，。！？不没就才了]{{1,6}}?(?:的话|的时候|时)?"
_EFFORT = "活动|走动|走路?|动|使劲|用力|爬楼?|上楼|碰|按"
_TOUCH = (  # 不挤不流, 不干重活不闷
    "[^，。！？不没]{0,2}[按挤压碰摸揉动走跑爬使用站起低弯转翻抬搬提拎扛抱干赶蹲洗扫拖沾下][^，。！？不没]{0,2}"
)
_RESTS = (
    r"(?:坐着|坐下来?|(?:停下来?)?[歇缓](?:着|下来?|口气|一[歇缓会下口]儿?气?|[会下]儿?|[歇缓])?|喘口气|休息(?:一下|一会儿?|休息|了)?|静着|静坐"
    r"|停下来?|站住|躺下来?|慢慢地?(?:走|来|动|起|站)|慢悠悠地?(?:走|来)?|慢点(?:走|来|动|起|站)|(?:走|起|站|动作)慢(?:一?点|些)|慢走)"
    r"(?:的话|的时候|时|了)?"
)
_LIES_RIGHT = (
    r"(?:把?(?:腿|脚|枕头|床头|头|上身)?(?:垫|抬|摇|枕|放)高(?:一?点|些)?了?|坐起来|[躺睡](?:一晚上?|一夜|一宿|一觉))"
)
_REACH = r"，?(?:[我他她它人]|这[儿里]|那[儿里])?[^，。！？不没就才]{0,4}"
_NOT = r"(?:都|也|根本|完全|一点儿?)*(?:不|没有?)(?:怎么|太|再|会|有|觉得|那么|大)*"
_BEFORE_THE_FINDING = re.compile(
    f"(?:{_LEFT_OUT}|{_RESTS}|{_LIES_RIGHT}){_REACH}[就才便]{_NOT}$|不(?:{_EFFORT})(?:它|着)?(?:的时候|时)[就是倒]?{_NOT}$"
)
_IN_TWO_NOES = re.compile("不(?:走动|走路?|动|使劲|用力|爬楼?|上楼|活动)不$")
_LONGEST_NO = 10  # characters
_ENDS_IN_NO = re.compile(f"{_NOT}$")
_BREATH = frozenset("喘憋闷")
_WELL = (
    r"(?:都|也|倒|还|挺)*(?:没有?(?:什么|啥)?(?:事|问题|感觉|大碍)?|不(?:了|会|要紧|碍事)|[好行]|可以|正常|过去|缓过来|消|退)"
    r"(?:了|的|儿|一?点|些|多)*"
)
_ALONE = re.compile(
    f"^(?:我|现在|平时|一般|反正)*(?:(?:{_LEFT_OUT}|{_RESTS}|{_LIES_RIGHT})[就才便]{_WELL}"
    f"|不(?:{_EFFORT})(?:它|着)?{_WELL}|(?:{_RESTS}){_WELL}|不(?:{_TOUCH})(?:它|着|了)?就?[不没][^，。！？不没]{{1,2}})$"
)


def only_at_rest(told: str, finding: str) -> bool:
    """Whether the denial at the end of `told`, right before the `finding`, holds only at rest: 胸口不使劲就不 + 疼. Of
    two noes in a row, 不动不喘, only of the breath: 不活动不痛不痒 tells of a lump."""
    if _ENDS_IN_NO.search(told[-_LONGEST_NO:]) is None:
        return False
    if finding[:1] in _BREATH and _IN_TWO_NOES.search(told):
        return True
    return _BEFORE_THE_FINDING.search(told) is not None


def well_at_rest(clause: str) -> bool:
    """The same of a clause that names no finding: 不动就没事, 歇着就没有."""
    return _ALONE.match(clause) is not None
