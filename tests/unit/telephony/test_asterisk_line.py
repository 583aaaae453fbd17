"""What the line sends to the PBX and when, on virtual time."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from machine.virtual_time import run_virtual
from telephony.asterisk.media_line import MediaLine
from telephony.line import FRAME_BYTES, LineClosed
from tests.fakes.pbx_media import PUBLISHED, MediaQueue

Script = Callable[[MediaLine], Awaitable[None]]


def sent_by(script: Script) -> tuple[list[tuple[float, str | bytes]], list[str]]:
    """Everything sent, with its time, and the marks told."""
    sent: list[tuple[float, str | bytes]] = []
    told: list[str] = []

    async def main() -> None:
        line = MediaLine(told.append)

        async def send(message: str | bytes) -> None:
            sent.append((asyncio.get_running_loop().time(), message))

        writing = asyncio.create_task(line.write_to(send))
        await script(line)
        await asyncio.sleep(0.001)
        line.gone()
        await writing

    run_virtual(main())
    return sent, told


def sound(sent: list[tuple[float, str | bytes]]) -> bytes:
    return b"".join(message for _, message in sent if isinstance(message, bytes))


def commands(sent: list[tuple[float, str | bytes]]) -> list[str]:
    return [json.loads(message)["command"] for _, message in sent if isinstance(message, str)]


def test_sound_goes_out_in_whole_frames_filled_with_silence_and_before_its_mark() -> None:
    async def script(line: MediaLine) -> None:
        await line.play(b"\x10" * (FRAME_BYTES + 1))
        await line.mark("said-1")

    sent, told = sent_by(script)
    assert sound(sent) == b"\x10" * 161 + b"\xff" * 159
    assert [type(message) for _, message in sent] == [bytes, str] and told == []


def test_a_long_reply_never_runs_further_ahead_than_the_pbx_can_hold() -> None:
    async def script(line: MediaLine) -> None:
        await line.play(b"\x10" * 8_000 * 60)
        await asyncio.sleep(60)

    sent, _ = sent_by(script)
    assert len(sound(sent)) == 8_000 * 60
    for at, _ in sent:
        before = sum(len(message) for then, message in sent if then <= at)
        assert before / 8_000 - at <= 10.6  # seconds; the PBX drops from 20 on


def test_a_reply_longer_than_the_pbxs_queue_is_played_whole_and_without_a_gap() -> None:
    queue, played = MediaQueue("suifang.a1-media"), list[bytes | None]()

    async def main() -> None:
        line = MediaLine(lambda name: None)

        async def send(message: str | bytes) -> None:
            if isinstance(message, bytes):
                queue.sound(message)

        writing = asyncio.create_task(line.write_to(send))
        await line.play(b"\x10" * 8_000 * 60)
        await asyncio.sleep(0.01)
        for _ in range(60 * 50):
            played.append(queue.play())
            await asyncio.sleep(0.02)
        line.gone()
        await writing

    run_virtual(main())
    assert played == [b"\x10" * FRAME_BYTES] * 60 * 50
    assert queue.errors == [] and queue.longest < PUBLISHED["queue"]["xoff"]


def test_a_clear_drops_what_is_not_sent_flushes_what_is_and_tells_every_mark_once() -> None:
    async def script(line: MediaLine) -> None:
        await line.play(b"\x10" * 8_000 * 30)
        await line.mark("said-1")
        await asyncio.sleep(1.0)
        await line.clear()
        await asyncio.sleep(0.001)
        line.passed("said-1")  # the PBX's own news, crossed with the flush
        await line.play(b"\x20" * 8_000)
        await line.mark("said-2")
        await asyncio.sleep(0.001)
        line.passed("said-2")

    sent, told = sent_by(script)
    assert commands(sent) == ["FLUSH_MEDIA", "MARK_MEDIA"]
    assert told == ["said-1", "said-2"]
    assert sound(sent).count(0x10) < 8_000 * 12 and sound(sent).endswith(b"\x20" * 8_000)


def test_a_mark_that_waits_at_the_pbx_is_told_by_the_clear_because_the_pbx_forgets_it() -> None:
    async def script(line: MediaLine) -> None:
        await line.play(b"\x10" * 8_000)
        await line.mark("said-1")
        await asyncio.sleep(0.1)
        await line.clear()

    sent, told = sent_by(script)
    assert commands(sent) == ["MARK_MEDIA", "FLUSH_MEDIA"] and told == ["said-1"]


def test_a_pbx_without_room_gets_nothing_until_it_has_room() -> None:
    async def script(line: MediaLine) -> None:
        line.room(False)
        await line.play(b"\x10" * 8_000)
        await asyncio.sleep(1.0)
        line.room(True)
        await asyncio.sleep(0.001)

    sent, _ = sent_by(script)
    assert min(at for at, _ in sent) >= 1.0 and len(sound(sent)) == 8_000


def test_hanging_up_waits_for_what_is_queued_and_then_nothing_more_is_taken() -> None:
    async def script(line: MediaLine) -> None:
        await line.play(b"\x10" * 8_000)
        await line.hang_up()
        with pytest.raises(LineClosed):
            await line.play(b"\x20")
        await asyncio.sleep(0.1)

    assert len(sound(sent_by(script)[0])) == 8_000
