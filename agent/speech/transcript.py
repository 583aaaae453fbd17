"""What is taken out of recognised text before anyone reads it: repetitions, subtitle credits, traditional forms."""

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from agent.simplified import simplified

_REPEATED_PHRASE = re.compile(r"(.{2,12}?)\1{2,}")
_REPEATED_CHARACTER = re.compile(r"(\w)\1{3,}")
_SAID_TWICE = re.compile(r"(\w{2,})[，。,.!?！？ ]*\1([，。,.!?！？]*)")
_NUMBER = re.compile(r"[0-9零一二三四五六七八九十百点幺两.]+")
_CLAUSE = re.compile(r"[^，。！？,.!?；;、]+[，。！？,.!?；;、]*")
# A model trained on subtitles writes these over silence; nobody says them on the telephone.
_CREDITS = re.compile(
    r"字幕|点赞|訂閱|订阅|打赏|独播|谢谢观看|感谢观看|谢谢收看|感谢收看|请不吝|amara\.org", re.IGNORECASE
)
_LIKE_THE_PROMPT = 0.6
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


def collapse_repetitions(text: str) -> str:
    """A phrase said three times or more in a row is kept once, a character four times or more twice, a text that is
    one phrase twice once (a decoder's echo of short sound); numbers stay."""

    def shorter(times: int) -> Callable[[re.Match[str]], str]:
        return lambda match: match[0] if _NUMBER.fullmatch(match[1]) else match[1] * times

    text = _REPEATED_CHARACTER.sub(shorter(2), _REPEATED_PHRASE.sub(shorter(1), text))
    twice = _SAID_TWICE.fullmatch(text)
    return twice[1] + twice[2] if twice and not _NUMBER.fullmatch(twice[1]) else text


def without_credits(text: str, prompt: str = "") -> str:
    """The clauses that are neither subtitle credits nor an echo of the recogniser's own prompt."""
    echo = prompt.strip("。，")
    clauses = _CLAUSE.findall(text)
    return "".join(c for c in clauses if not _CREDITS.search(c) and not (echo and _echoes(c, echo))).strip()


def _echoes(clause: str, prompt: str) -> bool:
    """On noise the decoder writes its prompt down again, now and then with a slip."""
    return prompt in clause or SequenceMatcher(None, clause.strip("，。"), prompt).ratio() >= _LIKE_THE_PROMPT


def tidy(text: str, prompt: str = "") -> str:
    """Simplified Chinese without gaps between characters, repetitions and what was not said."""
    whole = " ".join(text.replace("\ufffd", "").split())  # a character cut in half by the length limit
    tidied = without_credits(collapse_repetitions(simplified(_HAN_GAP.sub("", whole))), prompt)
    return tidied if re.search(r"\w", tidied) else ""
