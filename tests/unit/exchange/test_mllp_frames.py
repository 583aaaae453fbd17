"""Blocks out of a stream of bytes, however it is cut."""

from hypothesis import given
from hypothesis import strategies as st

from intake.frames import LONGEST, Block, Frames, framed


def blocks(*pieces: bytes) -> list[Block]:
    frames = Frames()
    return [block for piece in pieces for block in frames.feed(piece)]


def test_two_messages_in_one_packet_and_rubbish_between() -> None:
    assert blocks(b"\r\n" + framed(b"MSH|1") + b"junk" + framed(b"MSH|2")) == [
        Block(b"MSH|1", True),
        Block(b"MSH|2", True),
    ]


@given(st.lists(st.binary(max_size=40).map(lambda raw: raw.translate(None, b"\x0b\x1c")), max_size=5), st.data())
def test_it_does_not_matter_where_the_stream_is_cut(messages: list[bytes], data: st.DataObject) -> None:
    stream, pieces = b"".join(map(framed, messages)), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        pieces.append(stream[:cut])
        stream = stream[cut:]
    assert [block.message for block in blocks(*pieces)] == messages


def test_a_block_that_another_cuts_short_is_told_apart() -> None:
    assert blocks(b"\x0bMSH|half", framed(b"MSH|2")) == [Block(b"MSH|half", False), Block(b"MSH|2", True)]


def test_an_endless_block_is_given_up() -> None:
    (block,) = blocks(b"\x0b" + b"x" * (LONGEST + 1))
    assert not block.whole and len(block.message) == LONGEST + 1
