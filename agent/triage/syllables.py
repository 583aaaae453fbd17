"""Character tables made once (`python -m agent.triage.syllables`): one syllable per character out of pypinyin, the
pairs of neighbouring characters that everyday words are made of out of jieba's word counts, and the simplified form
of each traditional character out of OpenCC."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_SYLLABLES = _DATA / "syllables.txt"
_PAIRS = _DATA / "common_pairs.txt"
_TRADITIONAL = _DATA / "traditional.txt"
_PAIR_COUNT = 30  # occurrences in the counts from which a pair is everyday language
# Readings that patients and recognisers use where the dictionary's first reading is another.
_PREFERRED = dict(
    zip(
        "血咯便吐晕大觉喘闷胀长了得着行发还都难尿屎干倒落地重过没的和量数少好似同中应空",
        [
            "xue",
            "ka",
            "bian",
            "tu",
            "yun",
            "da",
            "jue",
            "chuan",
            "men",
            "zhang",
            "zhang",
            "le",
            "de",
            "zhe",
            "xing",
            "fa",
            "hai",
            "dou",
            "nan",
            "niao",
            "shi",
            "gan",
            "dao",
            "la",
            "di",
            "zhong",
            "guo",
            "mei",
            "de",
            "he",
            "liang",
            "shu",
            "shao",
            "hao",
            "si",
            "tong",
            "zhong",
            "ying",
            "kong",
        ],
        strict=True,
    )
)


@cache
def table() -> dict[str, str]:
    """Character to syllable without tone (ü as v), some 20,000 characters."""
    return {c: syllable for syllable, characters in _rows(_SYLLABLES) for c in characters}


def is_common(pair: str) -> bool:
    """Whether these two characters stand side by side in an everyday word."""
    return len(pair) == 2 and pair[1] in _seconds().get(pair[0], "")


@cache
def _seconds() -> dict[str, str]:
    """What may follow a character in everyday words, some 60,000 pairs: as strings of their own they take 7 MB."""
    return dict(_rows(_PAIRS))


@cache
def simplified() -> dict[str, str]:
    """Traditional character to simplified, some 3,000."""
    return {c: simple for simple, characters in _rows(_TRADITIONAL) for c in characters}


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


def _make_traditional() -> dict[str, list[str]]:
    from agent.simplified import simplified as converted

    rows: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        simple = converted(chr(code))
        if simple != chr(code) and len(simple) == 1:
            rows.setdefault(simple, []).append(chr(code))
    return rows


def _write(path: Path, rows: dict[str, list[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    text = "".join(f"{key} {''.join(values)}\n" for key, values in sorted(rows.items()))
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write(_SYLLABLES, _make_syllables())
    _write(_PAIRS, _make_pairs())
    _write(_TRADITIONAL, _make_traditional())
