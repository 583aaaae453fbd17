"""Whether a clause of an answer speaks of an asked finding, or of another one, or of something else."""

import re

from agent.model.finding import Status
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import Clause, Kind
from agent.triage.answer_mentions import OPEN_WORDS
from agent.triage.question_form import Placed

_WHENEVER = re.compile(  # 累了会有, 疼的时候也没有
    r"(?:[了时候后](?:才|就|会|都|也)+|一.{1,4}就)有?的?$|时候?(?:也|都|倒)+(?:没有?|不会)[的过]?$"
)
_ILLNESS = re.compile("病|史|血压|血脂|癌|瘤|过敏|哮喘")
_RELATIVE = re.compile(
    r"^(?:是|就|好像)?(?:我|俺)?(?:们)?(?:家里?)?"
    r"(?:妈妈?|爸爸?|爹|娘|父亲|母亲|爷爷|奶奶|姥姥|姥爷|外公|外婆|老伴儿?|老公|老婆|媳妇|哥哥?|姐姐?|弟弟?|妹妹?|家里人|家人|儿子|女儿|闺女)"
    r"(?:也|倒|是|都)*$"
)
_OTHER_TOPIC = re.compile(  # what goes well beside the finding that was asked for
    r"[吃睡饭药]|胃口|食欲|饮食|血压|血糖|心率|脉搏|[大小]便|尿|精神|体温|温度|心情|情绪|走路|说话|体重|检查|结果|化验|片子|指标|报告"
    r"|心电图|别的|其他|其它|脸色|伤口|刀口|一会|缓|歇"
)
_ALL_OF_ONE = re.compile("状态|整体|整个人|气色|脸色|情况")
_FOREIGN = frozenset("高低大小长短远近快慢深浅贵热冷")  # what 不高 is said of must be in the question
_GENERIC = re.compile(
    r"^(?:这|那|啥|什么|任何|感觉|感到|觉得|发现|出现|再|怎么|太|很|过|难受|不适|不舒服|异常|反应|大碍|特殊|特别|明显|的|了|啊|一点|点|次|回|几|一"
    r"|得过|类似|疾病|疾患|毛病|两|三|会|有|么|来|下|着|呢|还|又|也|都|就|多|严重|厉害|经常|总|老|时候|情况|症状|问题|样|事|他|她|它)+$"
)
_OTHER_MATTERS = re.compile(
    r"[去做吃喝量测查看拍买打住治动抓说问给用来管理喂睡走爬站坐躺]|出门|图|照片|药|结果|报告|时间|变化|变|化验|检|医院|办法|钱|味|力气|大夫|医生|想|敢|家|身边|上班|意思|听"
)
_WHEN_TOLD = re.compile(  # a rest that tells when or how, and names no thing: 开始有, 累了会, 仍然有
    r"^.{0,4}(?:[了着]|时候?|后|前|来|那会儿?|那阵|那[几两]天|[天上晨午夜晚]|完饭?|的话|开始|平时|平常|一般|的确|确实|微|略|轻微|仍然?|依然|依旧|照样|还是|其实|真的?|[全都皆])$"
)
NOW_AND_THEN = re.compile(r"^(?:但|不过|反正|就是)?(?:有时候?|偶尔|经常|老是?|总是?|时不时|一阵一?阵|每次)")
PLAIN_KINDS = frozenset({Kind.YES, Kind.AGREE, Kind.NO, Kind.OVER})
GONE_KINDS = frozenset({Kind.NO, Kind.OVER, Kind.WELL})
NO_ECHO = frozenset("不有没的了好是大小这那")
LITTLE = frozenset(
    "的了吗呢吧啊有没不是会我您你他她它在就也都还这那个天几时候点一二三两些么什怎样又很太出来去上下里和或者现今昨最近得过"
)  # characters that relate nothing
_SHORT = 6  # characters


def names_other(text: str, answer: Answer) -> bool:
    return any(surface in text and surface not in OPEN_WORDS for _, surface, _ in answer.found)


def related(clause: Clause, place: Placed, answer: Answer) -> bool:
    """Whether a clause that holds more than yes or no speaks of this item: of no other finding, and in its words."""
    if _in_the_family(clause, place) or (_of_another(clause, place, answer) and not _WHENEVER.search(clause.text)):
        return False
    rivals = [words for words in answer.asked if words not in place.item.surface and place.item.surface not in words]
    if any(words in clause.text for words in rivals):
        return False
    if clause.kind in (Kind.SEVERE, Kind.BETTER):
        return clause.kind is Kind.SEVERE or not _of_other_things(clause, place)
    if clause.kind is Kind.NO and clause.rest.rstrip("了的啊呀呢吧") in _FOREIGN:
        return clause.rest[0] in answer.question
    alone = clause.trails and (
        len(answer.asked) == 1 or _WHEN_TOLD.match(clause.rest) is not None
    )  # 纸上有一点 to 便血吗
    if clause.kind is not Kind.WELL and (
        alone or not clause.rest or _GENERIC.match(clause.rest) or clause.text.startswith("有过")
    ):
        return True
    if clause.kind in (Kind.WELL, Kind.NO) and _belongs_to_rival(clause, place, answer):
        return False
    if clause.kind is Kind.WELL and not _OTHER_TOPIC.search(clause.text):  # 爬三楼都没事, 长得挺好
        return True
    if clause.kind is Kind.YES and len(clause.rest) <= _SHORT and NOW_AND_THEN.match(clause.text):
        return len(answer.asked) == 1
    said = set(clause.rest) - LITTLE
    if _names_alike(clause, answer):
        return bool(said & set(place.item.surface))
    if said & set(place.item.surface):
        return True
    if clause.kind is Kind.NO and _OTHER_MATTERS.search(clause.rest):
        return False
    alone = len(answer.asked) == 1 or not answer.live  # 就是不长肉 denies none of 多饮、多食
    near = alone and clause.kind is Kind.NO and len(clause.rest) <= _SHORT
    return near or bool(said & set(place.sentence or answer.question))


def _of_another(clause: Clause, place: Placed, answer: Answer) -> bool:
    """Another finding is named, in words that are not this one's: 起疙瘩 is of 身上有新起的疙瘩."""
    own = set(place.item.surface)
    others = (surface for _, surface, _ in answer.found if surface in clause.text and surface not in OPEN_WORDS)
    return any(len(surface) == 1 or not set(surface) <= own for surface in others)


def _in_the_family(clause: Clause, place: Placed) -> bool:
    """我妈有, asked about an illness: none of the patient's."""
    told = clause.kind is Kind.YES and _RELATIVE.match(clause.rest) is not None
    return told and _ILLNESS.search(place.item.surface) is not None


def _of_other_things(clause: Clause, place: Placed) -> bool:
    """吃饭好多了, asked about a pain: what is better is something else."""
    other = _OTHER_TOPIC.search(clause.rest) or _ALL_OF_ONE.search(clause.rest)
    return bool(other) and not (set(clause.rest) - LITTLE) & set(place.item.surface)


def _belongs_to_rival(clause: Clause, place: Placed, answer: Answer) -> bool:
    """腰倒还好, asked about 腰疼 and 腿麻: it takes up the other one's words and none of this one's."""
    said = set(clause.text) - LITTLE - NO_ECHO
    own = set(place.item.surface)
    others = {character for words in answer.asked if words != place.item.surface for character in words}
    return bool(said & (others - own)) and not said & own


def _names_alike(clause: Clause, answer: Answer) -> bool:
    """Some finding is told as this clause tells: the clause may belong to that one, 有点红，还流脓."""
    there = clause.kind not in GONE_KINDS
    return any((status is not Status.DENIED) is there for _, _, status in answer.found)
