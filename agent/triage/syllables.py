"""Character tables made once (`python -m agent.triage.syllables`): one syllable per character out of pypinyin, and
the pairs of neighbouring characters that everyday words are made of, out of jieba's word counts."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_SYLLABLES = _DATA / "syllables.txt"
_PAIRS = _DATA / "common_pairs.txt"
_PAIR_COUNT = 30  # occurrences in the counts from which a pair is everyday language
# Readings that patients and recognisers use where the dictionary's first reading is another.
_PREFERRED = {"血": "xue", "咯": "ka", "便": "bian", "吐": "tu", "晕": "yun", "大": "da", "觉": "jue", "喘": "chuan",
              "闷": "men", "胀": "zhang", "长": "zhang", "了": "le", "得": "de", "着": "zhe", "行": "xing", "发": "fa",
              "还": "hai", "都": "dou", "难": "nan", "尿": "niao", "屎": "shi", "干": "gan", "倒": "dao", "落": "la",
              "地": "di", "重": "zhong", "过": "guo", "没": "mei", "的": "de", "和": "he", "量": "liang", "数": "shu",
              "少": "shao", "好": "hao", "似": "si", "同": "tong", "中": "zhong", "应": "ying", "空": "kong"}  # fmt: skip


@cache
def table() -> dict[str, str]:
    """Character to syllable without tone (ü as v), some 20,000 characters."""
    return {c: syllable for syllable, characters in _rows(_SYLLABLES) for c in characters}


@cache
def common_pairs() -> frozenset[str]:
    """Two-character stretches of everyday words, some 60,000."""
    return frozenset(first + second for first, seconds in _rows(_PAIRS) for second in seconds)


def _rows(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(key, rest) for key, _, rest in (line.partition(" ") for line in lines)]


def _make_syllables() -> dict[str, list[str]]:
    from pypinyin import Style, pinyin

    rows: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        syllable = _PREFERRED.get(character) or pinyin(character, style=Style.NORMAL, v_to_u=False)[0][0]
        if syllable.isascii() and syllable.isalpha():
            rows.setdefault(syllable, []).append(character)
    return rows


def _make_pairs() -> dict[str, list[str]]:
    import jieba  # type: ignore[import-untyped]

    counts: dict[str, int] = {}
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        for at in range(len(word) - 1):
            pair = word[at : at + 2]
            counts[pair] = counts.get(pair, 0) + int(count) // (1 if len(word) == 2 else 2)
    rows: dict[str, list[str]] = {}
    for pair in sorted(pair for pair, count in counts.items() if count >= _PAIR_COUNT):
        rows.setdefault(pair[0], []).append(pair[1])
    return rows


def _write(path: Path, rows: dict[str, list[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    text = "".join(f"{key} {''.join(values)}\n" for key, values in sorted(rows.items()))
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write(_SYLLABLES, _make_syllables())
    _write(_PAIRS, _make_pairs())
