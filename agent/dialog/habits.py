"""Yes or no to what is done every day, to smoking, drinking and a stay in hospital, in words that are neither:
戒了十年了, 抽两口, 天天跳广场舞, 住了十天. Pure."""

import re

_EVERY_DAY_ASKED = re.compile("每天|天天|每周|一星期|一周")
_EVERY_DAY = re.compile(
    r"^(?:我|他|她|那|都|基本上?|几乎)*(?:天天|每天|日日|日逐|成天)(?!.*[没不莫忘甭懒])|^(?:我|都)?(?:一天|每天)[一两二三四五](?:次|回|趟|遍)(?!.*[没不莫忘])"
)
_EVERY_DAY_ALONE = re.compile(
    r"(?:天天|每天|日日)都?(?:有|是|在|这样)的?[啊呀呢嘛]*|(?:一天|每天|天天|早上)[一两二](?:次|回|趟)的?[啊呀呢嘛]*"
)
_NOT_EVERY_DAY = re.compile("想起来[才就]|三天打鱼|一阵一阵|隔三差五|三天两头不")
_DAY_ASKED = re.compile("日子|(?:时间|号|日期)[^，。]{0,4}[约定]")
_DAY = re.compile(
    r"(?:下个?|这个?|本)?(?:周|星期|礼拜)[一二三四五六日天]|[一二三四五六七八九十\d]{1,3}[号日]|明[天儿]|后[天儿]|月[初底]"
)
_NOT_SET = re.compile("[没不]|再|才|问|忘|打算|准备")
_GIVEN_UP = re.compile(r"(?<![没不])戒(?:掉|断)?了(?!.{0,4}又)|[不莫没](?:再)?[抽吸喝碰沾](?:烟|酒)?(?:了|咯|啦|喽)")
_NOT_GIVEN_UP = re.compile("没戒|戒不|又[抽吸喝]上|复吸")
_SMOKES = re.compile("[抽吸](?:个|了)?(?:[一两几三四五半]|点)|[一两几三四五十半]来?[包根支口]")
_DRINKS = re.compile("喝(?:个|了|上)?(?:[一两二几三半]|点|些)|[一两二几三半]来?[两杯口盅瓶斤]|(?:过年|过节|逢年)")
_STAYED = re.compile(
    "住(?:了|过)(?:院|有?[一两二三四五六七八九十半几百\\d])|医院[^，。]{0,3}(?:住的|住了|住过|抢救)|急诊[^，。没不]{0,3}[去看待了]"
    "|[去看跑]了?(?:趟|次|回)?急诊|又住院"
)
_COMPARES = re.compile("比.{1,6}(?:更|重|厉害|疼|多)|更[疼肿喘厉]")
_SAME = re.compile("差[不唔]多|一样|老样子|没(?:什么|啥)?变|没区别|还那样|还是那样|照旧")
_MORE = re.compile("更|重了|加重|厉害了|比.{1,6}[重厉]")


def habit_in_words(question: str, text: str) -> bool | None:
    """True or False to a question that names no symptom; None when the words settle nothing."""
    if "烟" in question or "酒" in question:
        return _given_up(text, _SMOKES if "烟" in question else _DRINKS)
    if "住过院" in question:
        return True if _STAYED.search(text) else None
    if _DAY_ASKED.search(question) and names_a_day(text) and not _NOT_SET.search(text):
        return True
    if _EVERY_DAY_ALONE.fullmatch(text.strip("。，！ ")):
        return True
    if not _EVERY_DAY_ASKED.search(question):
        return None
    if _NOT_EVERY_DAY.search(text):
        return False
    return True if _EVERY_DAY.search(text) else None


def names_a_day(text: str) -> bool:
    """下周一, 二十八号, 明天."""
    return _DAY.search(text) is not None


def _given_up(text: str, uses: re.Pattern[str]) -> bool | None:
    if _NOT_GIVEN_UP.search(text):
        return True
    if _GIVEN_UP.search(text):
        return False
    return True if uses.search(text) else None


def no_worse(question: str, text: str) -> bool:
    """差不多, asked 比出院的时候肿得更厉害吗: that is no yes."""
    return bool(_COMPARES.search(question) and _SAME.search(text)) and not _MORE.search(text)
