"""Words as a string of sounds, one character a syllable or letter, so that likeness is a comparison of strings."""

from functools import cache

from agent.triage.syllables import table
from agent.triage.textform import normal

# Syllables that telephone and recogniser take for each other become one: retroflex and flat, n and l, f and h, and
# endings in n and ng.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("h", "f"))
_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


def folded(syllable: str) -> str:
    """The syllable with what is easily mistaken made the same."""
    for written, kept in _INITIALS:
        if syllable.startswith(written):
            syllable = kept + syllable[len(written) :]
            break
    return syllable[:-1] if syllable.endswith("ng") else syllable


@cache
def _character_of() -> dict[str, str]:
    """Folded syllable -> a private character that stands for it."""
    every = sorted({folded(syllable) for syllable in table().values()})
    return {syllable: chr(0xE000 + at) for at, syllable in enumerate(every)}


def sounds(text: str) -> str:
    """The Mandarin syllables of a text; everything that is no Chinese character or digit is left out."""
    syllables, characters = table(), _character_of()
    spelt = (syllables.get(_DIGITS.get(one, one)) for one in normal(text))
    return "".join(characters[folded(syllable)] for syllable in spelt if syllable)


def letters(text: str) -> str:
    """The Latin letters of a text in lower case, without gaps."""
    return "".join(one for one in normal(text).lower() if one.isascii() and one.isalpha())
