"""What is left of an answer that takes itself back in one breath: 停了，不对不对，天天吃 is 天天吃."""

import re

_TAKEN_BACK = re.compile(
    r"(?:(?<=[，。、！？；…,.!?;~～\s哎唉呀哦噢啊嗯])|(?<=是吧))(?:是)?(?:我|那个)?(?:刚才|刚刚|刚)?"
    r"(?:(?:不对|不是|错了|说错了?|记错了?|搞错了?|弄错了?|讲错了?|说岔了|记岔了|[哦噢啊哎呃]不|更正一下)[，。！、…,!\s]*)+"
    r"(?<=[，。！、…,!\s对错岔])(?:应该是|是)?(?=[^，。！、…,!\s劲头])"
)
_NO = re.compile(r"不是[，,、]$")


def last_word(text: str) -> str:
    """The words after the last correction; all of them where nothing before or behind it is said, or where a mere
    不是 may be an answer."""
    kept = text
    for found in _TAKEN_BACK.finditer(text):
        only_no = set(re.sub(r"[，。！、…,!\s]", "", found.group())) <= set("不是")
        if text[: found.start()].strip(" ，。、…哎唉呀哦噢啊嗯") and not (only_no and found.group().count("不是") < 2):
            kept = text[found.end() :]
    return kept
