"""One syllable per character, from a table made once out of pypinyin (`python -m agent.triage.syllables`)."""

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "syllables.txt"
# Readings that patients and recognisers use where the dictionary's first reading is another.
_PREFERRED = {"血": "xue", "咯": "ka", "便": "bian", "吐": "tu", "晕": "yun", "大": "da", "觉": "jue", "喘": "chuan",
              "闷": "men", "胀": "zhang", "长": "zhang", "了": "le", "得": "de", "着": "zhe", "行": "xing", "发": "fa",
              "还": "hai", "都": "dou", "难": "nan", "尿": "niao", "屎": "shi", "干": "gan", "倒": "dao", "落": "la",
              "地": "di", "重": "zhong", "过": "guo", "没": "mei", "的": "de", "和": "he", "量": "liang", "数": "shu",
              "少": "shao", "好": "hao", "似": "si", "同": "tong", "中": "zhong", "应": "ying", "空": "kong"}


@cache
def table() -> dict[str, str]:
    """Character to syllable without tone (ü as v), some 20,000 characters."""
    found: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        syllable, _, characters = line.partition(" ")
        found.update(dict.fromkeys(characters, syllable))
    return found


def make() -> str:
    """The table's text: one line for each syllable, then its characters."""
    from pypinyin import Style, pinyin

    by_syllable: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        syllable = _PREFERRED.get(character) or pinyin(character, style=Style.NORMAL, v_to_u=False)[0][0]
        if syllable.isascii() and syllable.isalpha():
            by_syllable.setdefault(syllable, []).append(character)
    return "\n".join(f"{syllable} {''.join(chars)}" for syllable, chars in sorted(by_syllable.items())) + "\n"


if __name__ == "__main__":
    _TABLE.parent.mkdir(exist_ok=True)
    _TABLE.write_text(make(), encoding="utf-8")
