"""Which pieces make one turn, and when it is time to answer (pure)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.chat.content import ChatContent
from agent.model.contact import Channel
from agent.model.piece import Piece, PieceKind
from agent.model.turn import Option

QUIET = {
    Channel.SMS: timedelta(seconds=5),
    Channel.WECHAT: timedelta(seconds=3),
    Channel.WEBCHAT: timedelta(seconds=1.2),
}
"""So long after the last piece nothing more came: the patient has said it."""
MOST_WAITING = timedelta(seconds=20)  # whoever goes on and on is answered in between
TOGETHER = frozenset({PieceKind.TEXT, PieceKind.VOICE})

Urgent = Callable[[Piece], bool]
"""Whether the words cannot wait for the rest of the sentence."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces of one turn, in the order said. `turn_id` where a worker died while answering them."""

    pieces: tuple[Piece, ...]
    turn_id: str | None = None

    @property
    def first(self) -> Piece:
        return self.pieces[0]

    @property
    def last(self) -> Piece:
        return self.pieces[-1]


def ripe(
    pieces: Iterable[Piece], now: datetime, urgent: Urgent, quiet: Mapping[Channel, timedelta] = QUIET
) -> list[list[Batch]]:
    """One list of batches for each patient and channel that can be answered now, each list in order. Pieces are ordered
    by the provider's time, however late they came."""
    talks: dict[tuple[str, Channel], list[Piece]] = {}
    for piece in pieces:
        talks.setdefault((piece.patient_id, piece.channel), []).append(piece)
    return [batches for mine in talks.values() if (batches := _of_one(mine, now, urgent, quiet))]


def _of_one(mine: list[Piece], now: datetime, urgent: Urgent, quiet: Mapping[Channel, timedelta]) -> list[Batch]:
    begun: dict[str, list[Piece]] = {}
    fresh: list[Piece] = []
    for piece in sorted(mine, key=lambda piece: (piece.at, piece.seq, piece.id)):
        (begun.setdefault(piece.turn_id, []) if piece.turn_id else fresh).append(piece)
    batches = [Batch(tuple(each), turn_id) for turn_id, each in begun.items()]
    if fresh and _said(fresh, now, urgent, quiet.get(fresh[0].channel, timedelta())):
        batches += _split(fresh)
    return batches


def _said(fresh: Sequence[Piece], now: datetime, urgent: Urgent, quiet: timedelta) -> bool:
    first, last = min(piece.received_at for piece in fresh), max(piece.received_at for piece in fresh)
    if last + quiet <= now or first + MOST_WAITING <= now:
        return True
    return any(piece.kind not in TOGETHER or urgent(piece) for piece in fresh)


def _split(fresh: Sequence[Piece]) -> list[Batch]:
    """Words in a row by one person are one turn; a button, a photo or an opened page is one by itself."""
    batches: list[list[Piece]] = []
    for piece in fresh:
        before = batches[-1][-1] if batches else None
        joins = before is not None and {piece.kind, before.kind} <= TOGETHER and piece.sender == before.sender
        if joins:
            batches[-1].append(piece)
        else:
            batches.append([piece])
    return [Batch(tuple(each)) for each in batches]


def joined(texts: Iterable[str], content: ChatContent, options: Sequence[Option] = ()) -> str:
    """The words of one turn as one text: emoji as the words they stand for, a lone "1" among words as its option."""
    labels = {option.key: option.label for option in options}
    said = [labels.get(text.strip(), text) for text in (in_words(text, content) for text in texts)]
    return "，".join(text.strip(" ，,") for text in said if text.strip(" ，,"))


def in_words(text: str, content: ChatContent) -> str:
    """Emoji that mean something as words, once in a row; every other symbol left out."""
    out: list[str] = []
    for char in text.replace("\ufe0f", ""):
        word = content.emoji.get(char) or content.emoji.get(char + "\ufe0f")
        if word is not None:
            out += [] if out and out[-1] == word else [word]
        elif not _is_picture(char):
            out.append(char)
    return "".join(out).strip()


def _is_picture(char: str) -> bool:
    """Pictographs, skin tones and joiners; letters, digits and punctuation of every script stay."""
    return char >= "\U0001f000" or "\u2600" <= char <= "\u27bf" or char == "\u200d"
