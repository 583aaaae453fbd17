"""One spelling for the words that go to the dialogue model, in training and in use."""

import re
import unicodedata

_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff\d])|(?<=\d)\s+(?=[\u3400-\u9fff])")
_MARKS = re.compile(r"[，。！？、；：“”‘’（）《》【】…—,!?;:\"'()\[\]~～]+")
# A recogniser that hears only noise says the same English word again and again; beside Chinese it is no language.
_MUMBLED = re.compile(r"\b(?!bye|ok|no|yes|hi|hello|ha|td)([a-z]{2,})(?: \1)+ ?(?![a-z])")
_CHINESE = re.compile("[\u4e00-\u9fff]{3}")
_STUTTER = re.compile(r"(.{1,4}?)\1{3,}")


def normalise(text: str) -> str:
    """Half-width lower-case words without punctuation, and without the spaces a recogniser puts between syllables.

    Four or more repeats of a piece are cut to three, so that a stutter stays a short word."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _MARKS.sub(" ", plain)
    plain = _BETWEEN_CHINESE.sub("", plain)
    plain = " ".join(plain.split())
    if _CHINESE.search(plain):
        plain = _MUMBLED.sub("", plain).strip()
    return _STUTTER.sub(r"\1\1\1", plain)
