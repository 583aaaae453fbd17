"""MLLP: one stream of bytes → blocks. Pure.

A block is 0x0B, the message, 0x1C 0x0D (HL7 v2 transport specification: MLLP release 1)."""

from collections.abc import Iterator
from dataclasses import dataclass

START, END, RETURN = 0x0B, 0x1C, 0x0D
LONGEST = 1_000_000  # bytes; an ADT message has some thousand


@dataclass(frozen=True, slots=True)
class Block:
    """`whole` False: another block began, or it grew too long, before its end came."""

    message: bytes
    whole: bool


class Frames:
    """Bytes in as they come: split anywhere, several blocks at once, rubbish between blocks."""

    def __init__(self) -> None:
        self._open: bytearray | None = None

    @property
    def waiting(self) -> bool:
        """Whether a block has begun and not ended."""
        return self._open is not None

    def feed(self, data: bytes) -> Iterator[Block]:
        for byte in data:
            if byte == START:
                if self._open:
                    yield Block(bytes(self._open), whole=False)
                self._open = bytearray()
            elif self._open is None:
                continue  # the 0x0D after an end, or bytes outside of any block
            elif byte == END:
                yield Block(bytes(self._open), whole=True)
                self._open = None
            else:
                self._open.append(byte)
                if len(self._open) > LONGEST:
                    yield self.give_up()

    def give_up(self) -> Block:
        """What has come of the open block, which is open no more."""
        left = Block(bytes(self._open or b""), whole=False)
        self._open = None
        return left


def framed(message: bytes) -> bytes:
    return bytes((START,)) + message + bytes((END, RETURN))
