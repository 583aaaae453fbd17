"""What machines say when they answer, and which of them just spoke: phrases compared by sound (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from agent.answering.sounds import letters, sounds
from agent.model.contact import AttemptOutcome

GAP = "…"
LIKE = 80.0  # of 100: one syllable in six may be another
LIKE_LETTERS = 84.0
EXACT_UP_TO = 5  # syllables; a shorter part must sound the same throughout


@dataclass(frozen=True, slots=True)
class Announcement:
    """One kind of machine. `outcome` is None while the call is still being put through."""

    kind: str
    title: str
    outcome: AttemptOutcome | None
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sounded:
    """One phrase ready for comparing: its parts in order."""

    parts: tuple[str, ...]
    latin: bool

    def within(self, text: str, latin_text: str) -> bool:
        whole = latin_text if self.latin else text
        at = 0
        for part in self.parts:
            found = _find(part, whole[at:], exact_up_to=0 if self.latin else EXACT_UP_TO)
            if found is None:
                return False
            at += found
        return True


def _find(part: str, text: str, exact_up_to: int) -> int | None:
    """Where the part, or what sounds like it, ends in the text; None where it is not."""
    if len(part) <= exact_up_to:
        start = text.find(part)
        return None if start < 0 else start + len(part)
    if len(text) < len(part) - 1:
        return None
    like = fuzz.partial_ratio_alignment(part, text, score_cutoff=LIKE if exact_up_to else LIKE_LETTERS)
    return None if like is None else like.dest_end


class Announcements:
    """Kinds in order of precedence, and the openings that only say "I am here"."""

    def __init__(self, kinds: Sequence[Announcement], bare: Iterable[str] = ()) -> None:
        self.kinds = tuple(kinds)
        self._sounded = [(kind, [sounded(phrase) for phrase in kind.phrases]) for kind in kinds]
        self._bare = {sounds(opening) for opening in bare}

    def match(self, text: str) -> Announcement | None:
        """The kind of machine that says this; None for anything else, a person's words above all."""
        spoken, latin = sounds(text), letters(text)
        for kind, phrases in self._sounded:
            if any(phrase.within(spoken, latin) for phrase in phrases):
                return kind
        return None

    def bare(self, text: str) -> bool:
        """True for 喂, 你好哪位 and the like, and for a text without any word: nothing in it waits for an answer."""
        spoken = sounds(text)
        return (not spoken and not letters(text)) or spoken in self._bare


def sounded(phrase: str) -> _Sounded:
    latin = not sounds(phrase)
    spell = letters if latin else sounds
    return _Sounded(tuple(spell(part) for part in phrase.split(GAP)), latin)
