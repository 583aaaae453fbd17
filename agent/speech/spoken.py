"""Written sentences as they are said aloud: where to breathe, and numbers that a synthesiser would misread."""

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*")
_LONGEST_CHARACTERS = 60
_PRESSURE = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})(?!\d|/)")
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?!\d)")
_DIGITWISE = re.compile(r"(?<![\d.])(?:1[12]\d|12\d{3}|95\d{3}|0\d{2,3}-?\d{7,8}|1\d{10}|400-?\d{3}-?\d{4})(?![\d.])")
_HOTLINES = frozenset({"110", "119", "120", "122", "114"})
_DIAL = re.compile(r"(拨打?|打|呼叫|电话|热线|叫)\D{0,4}$")
_UNITS = {
    "mmHg": "毫米汞柱",
    "mmol/L": "毫摩尔每升",
    "℃": "度",
    "°C": "度",
    "kg": "公斤",
    "mg": "毫克",
    "ml": "毫升",
    "cm": "厘米",
}
_NAMES = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))


def _digit_by_digit(match: re.Match[str]) -> str:
    number = match[0]
    if len(number) == 3 and not (number in _HOTLINES and _DIAL.search(match.string[: match.start()])):
        return number
    return "".join(_NAMES.get(digit, "，") for digit in number)


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    return f"{hour}点" if minute == 0 else f"{hour}点{'零' if minute < 10 else ''}{minute}分"


def spoken(text: str) -> str:
    """The text with telephone numbers digit by digit, pressures, times and units as a person reads them out."""
    for unit, name in _UNITS.items():
        text = re.sub(rf"(?<=[\d\s]){re.escape(unit)}(?![A-Za-z])", name, text)
    text = _PRESSURE.sub(r"\1，\2", _TIME.sub(_clock, text))
    return _DIGITWISE.sub(_digit_by_digit, text)


def breaths(text: str) -> list[str]:
    """The pieces to synthesise one by one: sentences, the long ones cut again at commas."""
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(text):
        if len(sentence) <= _LONGEST_CHARACTERS:
            pieces.append(sentence)
            continue
        piece = ""
        for clause in _CLAUSE.findall(sentence):
            if piece and len(piece) + len(clause) > _LONGEST_CHARACTERS:
                pieces.append(piece)
                piece = ""
            piece += clause
        pieces.append(piece)
    return [stripped for piece in pieces if re.search(r"\w", stripped := piece.strip())]
