"""Recogniser errors on text: characters that sound alike take each other's place, a few are lost. Pure, by seed."""

from functools import cache
from random import Random

from pypinyin import lazy_pinyin

LOST = 0.15  # of the wrong characters, those that vanish
NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"), ("l", "n"), ("f", "h"))


def misheard(text: str, share: float, random: Random) -> tuple[str, float]:
    """The text as a recogniser might write it, and the share of its characters that changed."""
    if share <= 0 or not text:
        return text, 0.0
    heard, wrong = [], 0
    for character in text:
        if "一" <= character <= "鿿" and random.random() < share:
            wrong += 1
            heard.append("" if random.random() < LOST else _alike(character, random))
        else:
            heard.append(character)
    return "".join(heard), wrong / len(text)


def _alike(character: str, random: Random) -> str:
    sound = lazy_pinyin(character)[0]
    others = [one for near in _near(sound) for one in _by_sound().get(near, ()) if one != character]
    return random.choice(others) if others else character


def _near(sound: str) -> list[str]:
    near = [sound]
    for one, other in NEAR:
        if one in sound:
            near.append(sound.replace(one, other, 1))
        elif sound.startswith(other) or (sound.endswith(other) and len(other) > 1):
            near.append(sound.replace(other, one, 1))
    return near


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    """The 3,755 commonest characters (level one of GB 2312) by toneless syllable."""
    table: dict[str, list[str]] = {}
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF if row < 0xD7 else 0xFA):
            character = bytes((row, cell)).decode("gb2312")
            table.setdefault(lazy_pinyin(character)[0], []).append(character)
    return {sound: tuple(characters) for sound, characters in table.items()}
