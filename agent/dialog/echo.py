"""Mandarin answers a closed question by saying its verb again: 够不够吃？够。 抬得起来吗？能抬。 漱口了吗？没漱。 Pure.

Only near-exact echoes count, so that 喝得少 is no yes to 能喝水吗: what is not settled here is asked again, never
guessed. Symptoms are triage's; this reads the rest.
"""

import re

from agent.dialog.clauses import STOPS
from agent.dialog.numerals import numbers_in
from agent.dialog.question_form import asks_plainly
from agent.model.last_word import last_word

_LEAD = re.compile(
    r"^(?:嗯|啊|哦|呃|哎|都|也|还|就|是|已经|早就|早|刚|现在|每天|天天|今[天儿个早]|昨[天儿个晚]|前[天儿个]|早上|上午|下午|晚上|上个?(?:周|星期|礼拜|月)|我们?|您|他|她|孩子|那|这|倒|倒是|肯定|当然|一直|基本上?|自己)+"
)
_PARTICLES = frozenset("了过的着呢啊呀哦嘛吧哩嘞滴喽啦好完得起来去到掉上下进出住在有能会还也都")
_NOT = re.compile(r"[不没未无]|忘[记了掉]*")  # 忘记约了
_LOOKED_THROUGH = re.compile("看得?(?:明白|懂|清楚)")
_NOT_THROUGH = re.compile("看不(?:太|大)?(?:明白|懂|清)|没(?:太|大)?看(?:明白|懂|清)")
_CANNOT = re.compile(r"(.)不[了下起动上到好进住出完开着来去高远久直平稳]")
_HEDGE = re.compile(
    r"好像|可能|大概|有时|偶尔|以前|差不多|不一定|不知道|不清楚|不太|不怎么|不错|没事|没问题|不要紧|一般|刚开始"
)
_RECOVERED = re.compile(r"好好的|好着|[挺蛮很]好|好得很|好了$|好些|好多|消了|退了|轻了|少了|好转|没以前|不如")
_OTHER_TIME = re.compile(r"[前去往]年|从前|上一?[回次]|小时候|年轻")
_FUNCTION = frozenset("这那您你我的了吗呢有没不是在把被和或者就都也还最近现出院后以来时候一两三次个月周天上下")
_ASKED = re.compile(r"还是|多少|几|怎么|什么|哪")
_ALONE = re.compile(
    r"一个人|孤|独居|光棍|(?:老头子?|老太婆?|老汉|老婆子)一个$|跟[猫狗]|(?:就|只有)我(?!和|跟|同|与)|"
    r"自己在家|没人|没有人|独自|都不在|不在家|^(?:就|只|是|只有)*我?自己(?:一?个儿?|一?个?人)?$"
)
_FAMILY = re.compile(
    r"老伴|老头|老太|儿子|女儿|闺女|爱人|老公|老婆|媳妇|丈夫|妻子|爸|妈|孙|家里人|家人|邻居|保姆|阿姨|护工|亲戚|朋友|他们"
)
_AWAY = re.compile(
    r"[去走]了|[去世没]世|刚走|走开|回去|出去|出门|上班|上学|外地|才[来回到]|买菜|老家|出差|住校|分开|电话"
    r"|(?:一会儿?|马上|待会儿?|等会儿?|快|就|晚上|下班)(?:就|才|再|要)?[来到回过赶]"
)
_HERE = re.compile(r"陪|守|在(?:家|旁|边|这|屋|院|隔壁)|在(?:的|呢)?$")
FILLING = frozenset("又也还都很太有点些了的是在")
LEAST_ECHOED, OWN_WORDS = 3, 0.7  # characters; share of them that the question holds
_FORBIDS = re.compile(r"[别莫甭免]")
_INTERROGATIVE = re.compile(r"(.)[不没]\1|吗|呢$|什么|啥|怎么|咋|哪|几|多少|不$")
_BOTH = re.compile("又(.)又(.)")
_DONE = re.compile(r"(?:了|过)(?:吗|没)|够")  # asks whether something is done
_BEGINS_DONE = re.compile(r"^(?:已经|早就|都)?(.{1,4}?[了过])(.*)$")
_ONLY_PARTLY = re.compile(r"一半|部分|一些|没有?$")
_SEEN_TO = re.compile(r"(?:已经|早就?|都|刚)*(?:弄|办|搞|整|处理|安排|做)(?:好|完|妥)了.{0,4}")
_LASTS = re.compile(r"(?:够|还能|能)(?:再)?[吃用撑]?(.+)$")
_SPAN = re.compile(r"(半|[一二两三四五六七八九十俩仨\d]+)[个多来]?(天|周|星期|礼拜|月|年)")
_DAYS = {"天": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_COUNTS = {"半": 0.5, "俩": 2.0, "仨": 3.0}


def in_its_words(surface: str, question: str) -> bool:
    """A symptom told in the question's own words: 胳膊又红 to 胳膊有没有发红."""
    content = [letter for letter in surface if letter not in FILLING]
    return len(content) >= LEAST_ECHOED and sum(letter in question for letter in content) / len(content) > OWN_WORDS


def half_denied(question: str, text: str) -> bool:
    """有点肿，不疼 to 又肿又疼: it takes both. What else does not hurt, 又肿又疼，肚子不疼, takes nothing away."""
    both = _BOTH.search(question)
    if both is None:
        return False
    told = re.sub(rf"[不没](?:怎么|太)?[{both[1]}{both[2]}]", "", text)
    return told != text and not (both[1] in told and both[2] in told)


def echoed(question: str, text: str) -> bool | None:
    """True or False when the words are the question's own verb, said or negated; None when they are something else."""
    text = last_word(text)
    if not question or _ASKED.search(question.split("，")[-1]) or len(text) > 12:
        return None
    if _FORBIDS.search(text):
        return None  # 免了吧别问了, asked 想请您回答几个问题
    done = _done_first(question, text) if _DONE.search(question) else None
    if done is not None:
        return done
    if "有人" in question:
        return None if asks_plainly(text) else company(question, text)
    if "药" in text and "药" not in question:
        return None  # 药吃着 to 喝水吃饭呛不呛
    question, text = question.replace("炼", "练"), text.replace("炼", "练")
    recovered = _RECOVERED.search(text)
    if _HEDGE.search(text) or _INTERROGATIVE.search(text) or (recovered and recovered[0] not in question):
        return None
    if _OTHER_TIME.search(text) and not _OTHER_TIME.search(question):
        return None  # 前年打过, asked about this year
    asked = frozenset(question) - _FUNCTION
    core = (_LEAD.sub("", text) or text).replace("倒是", "")  # 水倒是喝
    if len(_NOT.findall(core)) > 1:
        return None
    negated = bool(_NOT.search(core))
    rest = [letter for letter in _NOT.sub("", core) if letter not in _PARTICLES]
    same = all(letter in question for letter in rest) and any(letter in asked for letter in core)
    if negated:
        cannot = _CANNOT.search(core)
        return False if same or (cannot and cannot[1] in asked) else None
    return True if same or _ends_like(core, asked) else None


def echoed_first(question: str, text: str) -> bool | None:
    """What the first clause echoes: 拿到了，看不太懂 is a yes to 拿到了吗. 一堆箭头，看不明白 is a no to 看明白了吗."""
    if _LOOKED_THROUGH.search(question) and _NOT_THROUGH.search(text):
        return False
    return echoed(question, STOPS.split(text.strip(), maxsplit=1)[0])


def _done_first(question: str, text: str) -> bool | None:
    """约好了下周二, 已经弄好了, 够吃一个月的: whether what was asked about is done, or lasts."""
    if "够" in question and _days(question):
        return lasts_long_enough(question, text)
    if _SEEN_TO.fullmatch(text):
        return True
    begins = _BEGINS_DONE.match(text)
    if not begins or not begins[2] or _ONLY_PARTLY.search(begins[2]) or _INTERROGATIVE.search(text):
        return None
    verb = [letter for letter in begins[1] if letter not in _PARTICLES | _FUNCTION]
    taken_back = any(re.search(f"[没不].?{letter}", begins[2]) for letter in verb)  # 约了没约上
    return True if verb and not taken_back and all(letter in question for letter in verb) else None


def lasts_long_enough(question: str, text: str) -> bool | None:
    """够个十来天 to 够吃两周吗: whether what is left lasts as long as was asked. None where no time is told."""
    asked, lasts = _days(question), _LASTS.search(text)
    if "够" not in question or not asked or not lasts or _NOT.search(text):
        return None
    said = _days(lasts[1])
    return said >= asked if said else None


def _days(text: str) -> float | None:
    span = _SPAN.search(text)
    if span is None:
        return None
    numbers = numbers_in(span[1])
    count = _COUNTS.get(span[1]) or (numbers[0] if numbers else None)
    return None if count is None else count * _DAYS[span[2]]


def company(question: str, text: str) -> bool | None:
    """Whether somebody is with the patient, asked 身边有人吗: 老伴在家, 就我一个人; 我爸走了 is nobody."""
    if "有人" not in question:
        return None
    if _ALONE.search(text):
        return False
    if _NOT.search(text):
        return None
    if _AWAY.search(text) and not _HERE.search(text):
        return False
    return True if _FAMILY.search(text) or text.startswith("有人") else None


def _ends_like(core: str, asked: frozenset[str]) -> bool:
    """大脚趾破了, 胳膊有点粗: the end is the question's verb, done or a little."""
    done = re.search(r"(.)(?:了|过|过了|着)$", core)
    slightly = re.search(r"有[点些](.)", core)
    return bool((done and done[1] in asked) or (slightly and slightly[1] in asked))
