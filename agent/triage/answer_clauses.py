"""What each clause of an answer is by itself: yes, no, don't know, better, over, as ever, a time, or something else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent.triage.at_rest import well_at_rest
from agent.triage.cues import any_of

_LONG = 40  # characters: a clause of more tells a story, and the patterns must not be made slow by it
_STOPS = r"，。！？!?；;,~～…\s\n、"
_POINT = r"(?<!\d)\.|\.(?!\d)"  # a full stop, not a decimal point
CLAUSES = re.compile(rf"(?:[{_STOPS}]|{_POINT})+")
_CLAUSE = re.compile(rf"((?:[^{_STOPS}.]|(?<=\d)\.(?=\d))+)((?:[{_STOPS}]|{_POINT})*)")
_UNMARKED = re.compile(  # where a clause begins though nobody wrote a comma: 都正常也没得过
    r"(?<=[常好了的])(?=也(?:没|不))|(?<=..)(?=(?:但是|但(?!愿)|可是|不过(?![来去]))[^，。]{2})"
    r"|(?<=不[疼痛痒肿胀麻酸急喘咳烧吐拉晕热红干渴饿闷慌憋频])(?=不[疼痛痒肿胀麻酸急喘咳烧吐拉晕热红干渴饿闷慌憋频]$)"
)
_BEFORE = (
    r"嗯|恩|呃|哦|噢|啊|哎呀|哎哟|哎|唉|嗨|那个|这个|好像|现在|目前看?|最近|这两天|这几天|今天|倒是|到是|倒|到|那倒|这倒|那到|就是|就|也|都|又|还|并"
    r"|我|他|她|孩子|宝宝|医生|大夫|平时|一般|其实|以前|从来|一直|目前为止|到现在|暂时|反正|感觉|觉得|确实|真的|真|肯定|绝对|完全|根本|压根"
    r"|基本上?|几乎|丝毫|这些(?:症状|情况)?|以上(?:症状)?|上面说?的|[您你]说的(?:这些|那些)?(?:症状)?"
    r"|[这那]?[两三四五几][个样种项](?:症状|情况)?|一点[也都]?|一次[也都]?|白天|晚上|夜里|早上|上午|下午|中午|平常|身体|人|各方面|总体|整体|自己|本人|这可?|那可?|可|稍稍"
)
LEAD = f"(?:{_BEFORE})*"
_LEAD_HEDGED = f"(?:{_BEFORE}|可能|应该|大概|估计|似乎|是(?=没))*"
TAIL = (
    r"(?:了|啊|呀|呢|吧|的|哦|噢|啦|嘛|哈|哟|喽|滴|过|诶|呗|嘞|咧|哇|哩|什么|症状|这些|这些症状|这样的?|这种|那种"
    r"|情况|感觉|这种情况|现象|这个|医生|大夫|您|谢谢|反应|异常|问题|特别的?|其他的?|别的|[您你]说的)*"
)
_NUMBER = r"(?:\d+(?:[-~到至]\d+)?|[一二三四五六七八九十百两几半好多数]+)"
_UNIT = r"(?:分钟|小时|钟头|天|日|周|星期|礼拜|个月|个多月|月|年|次|回|遍|晚上|晚|阵|阵子|段时间|会儿?|号|点|点钟)"
_WHEN = (
    r"(?:昨天|前天|今天|今早|昨晚|昨夜|刚才|刚刚|早上|早晨|上午|中午|下午|晚上|夜里|半夜|凌晨|白天|睡前|饭后|饭前|餐后|空腹|最近|这几天"
    r"|这两天|前几天|前两天|上个?(?:周|星期|礼拜|月)|早晚|去年|前年|每天|天天|有时候?|偶尔|从小)"
)
_TIME = rf"(?:{_WHEN}|{_NUMBER}(?:多|来)?个?{_UNIT}(?:多|左右)?)"
_COURTESY = re.compile(
    r"^(?!好好|好了)(?=.*[好谢白道见行礼思]|您好|你好|医生|大夫|[哦噢可])(?:嗯|恩|哦|噢|啊|那|就|好|好的|好吧|好嘞|行|可以|谢谢|多谢|感谢|非常|太|辛苦|麻烦|了|的|您|你|医生|大夫"
    r"|主任|教授|明白|知道|再见|原来如此|这样啊|是么|不客气|不好意思|呢|啊|吧)+$"
)
_PATIENT_ASKS = re.compile(
    r"有没有|会不会|是不是|要不要|能不能|用不用|(?<![不没])怎么(?!有|样)|什么(?=意思|原因|药|病|是|办|时候)|为啥|咋[办样]|[吗嘛]$|多少钱|要紧|哪里|哪个|^什么.{1,3}$"
)
_ENDS_YES = re.compile(
    r"^(?P<rest>.{1,14}?)(?<![没不])(?:才|就|会|都|也)*"
    r"(?:有|(?<![开聚机社学一等宴年例晚班长议散])会|有点|有点儿|有一点|有一些|有过(?:[一几两]?[次回下])?)(?:的|了|啊|呢)?$"
)
_ENDS_NO = re.compile(
    r"^(?P<rest>.{1,10}?)(?:没|没有|没得|不会|没有过)(?:的|了|啊|呢|过)?$"
    r"|^(?!.*(?:[女儿孩媳姐妹哥弟妈爸人他她]|大夫|医生|护士|老伴|月经))"
    r"(?P<since>(?=.*(?:后|完|就|都|一直|近|从|那[次回]|[天日周月晚早今昨再]|^这)).{1,14}?)(?<![还看瞧听摸经])"
    r"(?:没有?|再(?:也|都)?没有?|不)再?(?:犯|来|发作?|复发|出现|见)(?:过|着|到|了|它|的|啊|呢)*$"
)
_ENDS_OVER = re.compile(  # 到家当天就全好了, 扎了两回针就停了
    r"^(?P<rest>[^不没]{2,14}?(?:就|都|以?后|之后|完|早就?|已经?|过来|一直|又))(?:全|都|给|已经?|慢慢|自己)*"
    r"(?:好全|好透|好利索|好|停|消停|停住|压住|止住|控制住|稳住|消|退|消退|消下去|退下去|缓解|消失|吸收|过去|清亮?|干净|收干净|没影)[了啦咧哒](?:的|呢|啊)?$"
)
_UNTESTED = re.compile(  # 没测过骨密度, 还没去查呢; not 没查出来
    r"^(?:我|他|她|孩子|还|也|都|从来|一直|最近|这几天|好久|很久)*没有?(?:去|做|专门|特意|单独|具体)*"
    r"(?:测|量|查|检查|化验|称|拍片?|体检|抽血|照镜子)(?:过|呢|了)*(?:[^，。不没有出到着见]{1,5})?$"
)
_WITHOUT = re.compile(rf"^{LEAD}不[^，。不没]{{1,5}}就(?![不没好行是])(?P<rest>.+)$")  # 不吃药就高
_AT = re.compile(r"^.{1,8}(?:的时候|时|以后|之后|过后)$|^隐隐")
_LIKE = re.compile(r"^.{1,10}(?:一样|似的|般)(?:的)?$|^(.{1,3})\1的$|^一.一.的")


class Kind(StrEnum):
    YES = "yes"
    AGREE = "agree"  # 是的, 对, 嗯: agrees with the question as it was put
    NO = "no"
    UNSURE = "unsure"
    MILD = "mild"  # 不厉害, 不多: there, but little
    SEVERE = "severe"
    BETTER = "better"  # 好多了: still a little
    OVER = "over"  # 好了, 退了
    AT_REST = "at_rest"  # 不动就没事: there, but not at rest
    NOT_OVER = "not_over"
    SAME = "same"
    WELL = "well"
    PLACE = "place"  # 左边, 后脑勺那里
    LIKE = "like"  # 跟针扎似的, 跟清水一样
    TIME = "time"  # 昨天开始的, 两三次
    COURTESY = "courtesy"
    QUESTION = "question"  # the patient asks in turn
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Clause:
    """`flat`: nothing else is in it. `rest` is what stands beside the word that tells the kind, of a place its body
    part; `trails`: before it, 酸水没有, 躺下就会."""

    text: str
    kind: Kind
    flat: bool = True
    rest: str = ""
    trails: bool = False


class ClauseReader:
    def __init__(self, words: Mapping[str, tuple[str, ...]], places: Iterable[str]) -> None:
        """`words` are the lists of answers.yml, `places` the names of body parts."""
        self._flat = (
            (Kind.COURTESY, _COURTESY),
            (Kind.NOT_OVER, _whole(words["not_over"])),
            (Kind.OVER, _whole(words["over"])),
            (Kind.UNSURE, _whole(words["unsure"])),
            (Kind.AGREE, _whole(words["agree"])),
            (Kind.MILD, _whole(words["mild"])),
            (Kind.BETTER, _whole(words["better"])),
            (Kind.SAME, _whole(words["same_as_before"])),
            (Kind.NO, re.compile(f"^{_LEAD_HEDGED}(?:{any_of(words['deny'])}{TAIL}){{1,3}}$")),
            (Kind.YES, _whole(words["affirm"])),
            (Kind.WELL, _whole(words["all_well"])),
            (Kind.TIME, _time()),
        )
        self._place = _place(places)
        self._places = re.compile(any_of(places))
        self._parts = (
            (
                Kind.BETTER,
                re.compile(
                    f"^{LEAD}(?:(?:比.{{1,6}}?)?{any_of(words['better'])}|比.{{2,8}}?[好强轻少](?:多|些|点)?了?$)"
                ),
            ),
            (Kind.WELL, re.compile(f"(?<![不没])(?<!不是|不太|不算|没有)(?:很|太|特别)?{any_of(words['all_well'])}")),
            (Kind.SEVERE, re.compile(f"(?<![不没]){any_of(words['severe'])}")),
        )
        self._yes = re.compile(f"^{LEAD}{any_of(words['yes_start'])}(?P<rest>.*)$")
        self._no = re.compile(f"^{_LEAD_HEDGED}(?P<word>{any_of(words['no_start'])})(?P<rest>.*)$")
        self._not_no = re.compile(any_of(words["no_start_not"]))
        self._unsure = re.compile(f"^{LEAD}{any_of(words['unsure'])}")
        self._agree = re.compile(r"^(?:对(?![于着面不抗方象付])|是的|是啊|没错)(?P<rest>.*)$")

    def read(self, text: str) -> list[Clause]:
        return [
            self.clause(part, asks="？" in found[2] or "?" in found[2])
            for found in _CLAUSE.finditer(text)
            for part in _UNMARKED.split(found[1])
        ]

    def places(self, question: str) -> tuple[str, ...]:
        """The body parts a question names."""
        return tuple(self._places.findall(question))

    def clause(self, text: str, *, asks: bool = False) -> Clause:
        if len(text) > _LONG:
            unsure = self._unsure.match(text[:_LONG])
            return Clause(text, Kind.UNSURE if unsure else Kind.OTHER, flat=False)
        if well_at_rest(text):
            return Clause(text, Kind.AT_REST)
        for kind, pattern in self._flat:
            if pattern.match(text):
                return Clause(text, kind)
        if place := self._place.match(text):
            return Clause(text, Kind.PLACE, rest=place["part"] or "")
        if none := _no_no(text):
            return none
        no = self._no.match(text)
        if no and not self._not_no.match(no["word"] + no["rest"]):
            return Clause(text, Kind.NO, flat=False, rest=no["rest"])
        if asks or _PATIENT_ASKS.search(text):
            return Clause(text, Kind.QUESTION, flat=False)
        yes = self._yes.match(text)
        if self._unsure.match(text) and not yes:
            return Clause(text, Kind.UNSURE, flat=False)
        for kind, pattern in self._parts:
            found = pattern.search(text)
            if found:
                return Clause(text, kind, flat=False, rest=text[: found.start()] + text[found.end() :])
        return self._leaning(text, yes or self._agree.match(text))

    @staticmethod
    def _leaning(text: str, yes: re.Match[str] | None) -> Clause:
        if over := _ENDS_OVER.match(text):
            return Clause(text, Kind.OVER, flat=False, rest=over["rest"], trails=True)
        if yes:
            return Clause(text, Kind.YES, flat=False, rest=yes["rest"])
        if none := _ENDS_NO.match(text):
            return Clause(text, Kind.NO, flat=False, rest=none["rest"] or none["since"], trails=True)
        if some := _ENDS_YES.match(text):
            return Clause(text, Kind.YES, flat=False, rest=some["rest"], trails=True)
        if _AT.match(text) or _LIKE.match(text):
            return Clause(text, Kind.YES if _AT.match(text) else Kind.LIKE, flat=False)
        return Clause(text, Kind.OTHER, flat=False)


def _no_no(text: str) -> Clause | None:
    """What begins like a no and is none."""
    if _UNTESTED.match(text):
        return Clause(text, Kind.UNSURE, flat=False)
    without = _WITHOUT.match(text)
    return Clause(text, Kind.YES, flat=False, rest=without["rest"]) if without else None


def tells_when(clause: Clause) -> bool:
    """就这两天, 睡着的时候: nothing but a time."""
    if clause.kind is Kind.YES and not clause.text.endswith("小时"):
        return _AT.match(clause.text) is not None
    return clause.kind is Kind.TIME


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"^{LEAD}{any_of(words)}{TAIL}$")


def _time() -> re.Pattern[str]:
    return re.compile(
        rf"^{LEAD}(?:从|自|有|是|各|大概|大约|差不多|已经|快|将近|也就|得)*(?:{_TIME}(?:就|才|又|都|也|各|有过?)?)+"
        rf"(?:开始|起|来|左右|前|以前|之前|的时候|时|吧|的|了|有|会|这样|过)*$"
    )


def _place(parts: Iterable[str]) -> re.Pattern[str]:
    side = r"(?:左|右|上|下|前|后|两|双|整个?|一|中|里|外|这|那|胳膊|条|只|边|侧|面|间|头|块|的)"
    return re.compile(
        rf"^{LEAD}(?:在|是|就|主要|有时候?)*{side}*(?:(?P<part>{any_of(parts)})|(?<=[边侧面间头])){side}*(?:里|儿|处|周围|附近|位置|地方|一块|一片|都|也)*$"
    )
