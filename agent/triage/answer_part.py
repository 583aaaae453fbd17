"""Answers that take up only a part of the finding's words: 血倒是没见 to 便血, 水倒没流 to 流水, 尿也多 to 多尿."""

import re
from itertools import pairwise

from agent.model.finding import Status
from agent.triage.answer_clauses import LEAD
from agent.triage.answer_mentions import alike

_LIGHT = frozenset("不有没的了好是大小这那一上下里外出发来起得过着感觉老总很些点")  # too common to stand for a finding
_NONE = frozenset("不有没的了好是大小这那上下里外")
_UNSEEN = "(?:没有?|还没)(?:敢)?(?:看|注意|留意|留神|在意|查|量|化验|数)(?:过|到)?"
_TURNS = "(?:倒是|到是|倒|到|是|也|都|却|可|就|还|又|现在|今天|目前|一直|真的?|确实|从来|暂时|基本|，)*"
_NOT = "(?:没有|没|不怎么|不太|不大|不咋|不是很|不算|不|无)"
_NOTICED = "(?:有|见|看见|看到|瞧见|见到|见着|闻到|闻见|发现|出现|觉得|感觉|感觉到|觉出来|摸到|怎么|多少|什么|过|再)*"
_HOW = "(?:也|都|又|还|就|很|挺|蛮|特别|非常|比较|确实|有点|有些|老|老是|总|总是|会|一直|真|太|越来越|得)"
_ENDS = "(?:了|的|啊|呀|呢|嘛|哦|吧|过)*$"
_A_NOT_A = re.compile(r"([\u4e00-\u9fff])不\1")
_NEGATIVE = re.compile("[不没]")
_FELT = frozenset("疼痒麻木胀酸肿晕烧咳喘憋闷慌抖抽困乏累苦咸臭渴吐红黑黄紫青硬烫凉冷热糊花歪斜飘晃卡呛哑坠裂烂烦")
_LITTLE = "(?:少|轻|好|慢|短|不[多长重凶狠]|不厉害|不严重|[出起过]来|[动住开下上出了])"
_FLOWS = "(?:止不住|停不了|停不下来|不停|不断|直[流淌冒掉])"  # 眼泪止不住 to 流泪
_HABITUAL = "(?:老是|老|总是|总|就|会|常|经常|容易|爱|有时候|有时|偶尔|还|还是|也|直|一直|有点|有些|有一点)"


def by_part(words: str, clause: str, rivals: str = "") -> Status | None:
    """What one clause says of a finding called `words`; None when it takes up no part of it. What `rivals`, the
    words of the other findings asked, have as well tells neither from the other."""
    words, clause = alike(words), alike(clause)
    own = [character for character in words if character not in _LIGHT]
    asked_back = [found[1] for found in _A_NOT_A.finditer(clause)]  # 你说凉不凉
    if any(character in own for character in asked_back):
        return Status.PRESENT if "你说" in clause or "您说" in clause else None
    apart = set(own) - set(alike(rivals))
    if rivals and own and not apart & set(clause) and set(alike(rivals)) & set(clause):
        return None if apart else _by_part(words, own, clause)
    part = _by_part(words, own, clause)
    if part is Status.DENIED and _NEGATIVE.search(words):  # 没味 to 闻不到气味
        return None
    return part


def _by_part(words: str, own: list[str], clause: str) -> Status | None:
    if len(words) < 2 or not own:
        return _comes_with(words, clause) if own else None
    if any(_missed(character, clause) for character in own):
        return Status.DENIED
    if any(re.search(f"^{LEAD}.?{character}.?{_TURNS}{_UNSEEN}{_ENDS}", clause) for character in own):
        return Status.UNCERTAIN
    if any(
        re.search(f"{_NOT}(?:再|咋|又|有|见|看见|看到|发现|出现|起|长)*{character}{_ENDS}", clause)
        for character in words
        if character not in _NONE
    ):
        return Status.DENIED
    for first, second in pairwise(words):
        for topic, told in ((first, second), (second, first)):
            if {topic, told} & _LIGHT:
                continue
            if re.search(f"^{LEAD}{topic}.?{_TURNS}{_NOT}{_NOTICED}{told}{_ENDS}", clause):
                return Status.DENIED
            if re.search(f"^{LEAD}.?{topic}{_HOW}+{told}{_ENDS}", clause):
                return Status.PRESENT
        if not {first, second} & _LIGHT and re.search(f"^[^不没别]*{first}[^不没别]{{1,8}}{second}", clause):
            return Status.PRESENT  # 流了点黄水, 腿从屁股一直麻到脚
    return Status.PRESENT if _habitual(words, own, clause) else None


def _habitual(words: str, own: list[str], clause: str) -> bool:
    """也有点烧, 眼泪止不住, 困得抬不起来."""
    if not _NEGATIVE.search(words) and any(_felt(character, clause) for character in own):
        return True
    habit = f"(?:{_HABITUAL}|..(?:的?时候|时))(?:{'|'.join(own)}){_ENDS}|(?:{'|'.join(own)}).?{_FLOWS}"
    return re.search(habit, clause) is not None and not re.search("[不没别]", re.sub(_FLOWS, "", clause))


def _comes_with(word: str, clause: str) -> Status | None:
    """馒头就噎, 一躺下又喘."""
    return Status.PRESENT if re.search(f"[^不没别]{{2}}(?:就|才|又)(?:会|要)?{word}{_ENDS}", clause) else None


def _felt(character: str, clause: str) -> bool:
    """困得抬不起来, 红了巴掌大一块, 站久了坠: the word with how bad, how large, when."""
    if character not in _FELT:
        return False
    how_bad = re.search(f"^{LEAD}{character}(?:得|的)(?!{_LITTLE}).", clause)
    how_large = re.search(f"^{LEAD}{character}[了着][^不没别停退消好就]{{2,}}$", clause)
    brought_on = re.search(f"^[^不没别]{{2,}}(?:才|就|都|又|必|了){character}{_ENDS}", clause)
    return bool(how_bad or how_large or brought_on)


def _missed(character: str, clause: str) -> bool:
    """血倒是没见, 味道没闻到: the thing itself comes first and is said not to be there."""
    return re.search(f"^{LEAD}{character}.?{_TURNS}没有?{_NOTICED}{_ENDS}", clause) is not None
