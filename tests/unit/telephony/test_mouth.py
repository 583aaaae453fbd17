"""The robot's voice on a line whose carrier plays, reports marks, and loses some: what counts as heard."""

import asyncio
from collections.abc import Coroutine

import numpy as np

from agent.speech.pace import LOWERED
from agent.speech.ulaw import decode
from machine.virtual_time import run_virtual
from telephony.line import FRAME_BYTES, FRAME_SECONDS
from telephony.mouth import Mouth

SECOND = 8_000


class Carrier:
    """Plays in virtual time, `late` seconds behind; tells marks when they are reached unless it `loses_marks`."""

    def __init__(self, late: float = 0.0, *, loses_marks: bool = False) -> None:
        self.late, self.loses_marks = late, loses_marks
        self.sent: list[bytes] = []
        self.cleared = 0
        self.mouth: Mouth | None = None
        self._queue = bytearray()
        self._marks: list[tuple[int, str]] = []
        self._handed = self._played = 0

    async def play(self, ulaw: bytes) -> None:
        self.sent.append(ulaw)
        self._queue += ulaw
        self._handed += len(ulaw)

    async def mark(self, name: str) -> None:
        self._marks.append((self._handed, name))

    async def clear(self) -> None:
        self.cleared += 1
        self._played = self._handed
        self._queue.clear()

    async def hang_up(self) -> None: ...

    async def runs(self, seconds: float) -> None:
        """So much time passes; the mouth is told the line's time with every frame."""
        assert self.mouth is not None
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until - 1e-9:
            await asyncio.sleep(FRAME_SECONDS)
            now = loop.time()
            self.mouth.playback.until(now)
            if now > self.late:
                self._played += min(FRAME_BYTES, len(self._queue))
                del self._queue[:FRAME_BYTES]
            for due, name in [mark for mark in self._marks if mark[0] <= self._played]:
                self._marks.remove((due, name))
                if not self.loses_marks:
                    self.mouth.marked(name)
            self.mouth.tick(now)


class Prompts:
    """A character is a tenth of a second."""

    async def ulaw(self, text: str) -> bytes:
        return b"\x20" * (len(text) * SECOND // 10)


def talking(carrier: Carrier) -> Mouth:
    carrier.mouth = Mouth(carrier, Prompts())  # type: ignore[arg-type]
    return carrier.mouth


def scene(main: Coroutine[None, None, None]) -> None:
    run_virtual(main)


TEN, FIVE = "一二三四五六七八九。", "一二三四。"


def test_what_was_heard_is_known_while_it_is_said() -> None:
    async def main() -> None:
        carrier = Carrier()
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([TEN, TEN]))
        await carrier.runs(1.5)
        assert abs(mouth.heard - 1.5 * SECOND) <= 2 * FRAME_BYTES
        await carrier.runs(1.0)
        assert await saying and not mouth.talking

    scene(main())


def test_a_carrier_that_plays_late_is_believed_over_the_mirror() -> None:
    """The first sentence was not reported as played: nothing beyond it was heard."""

    async def main() -> None:
        carrier = Carrier(late=0.8)
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([FIVE, TEN, FIVE]))
        await carrier.runs(1.2)  # the mirror is at 1.2 s, the carrier at 0.4 s
        assert mouth.heard <= 0.5 * SECOND
        await mouth.stop()
        assert not await saying

    scene(main())


def test_a_lost_mark_does_not_leave_the_call_waiting() -> None:
    async def main() -> None:
        carrier = Carrier(loses_marks=True)
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([TEN]))
        await carrier.runs(5.0)
        assert saying.done() and saying.result() is True

    scene(main())


def test_the_lowered_voice_goes_on_at_the_same_place_and_comes_back() -> None:
    async def main() -> None:
        carrier = Carrier()
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([TEN, TEN]))
        await carrier.runs(0.5)
        await mouth.lower(True)
        lowered = carrier.sent[2:]
        assert lowered[0][:1] == b"\x20".translate(LOWERED)
        assert abs(sum(map(len, lowered)) - 1.5 * SECOND) <= 2 * FRAME_BYTES
        await carrier.runs(0.3)
        await mouth.lower(False)
        assert carrier.sent[-1][:1] == b"\x20"
        await carrier.runs(1.3)
        assert await saying
        assert asyncio.get_running_loop().time() < 2.2  # no longer than without

    scene(main())


def test_marks_that_a_clear_brings_back_were_not_played() -> None:
    async def main() -> None:
        carrier = Carrier()
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([TEN, TEN]))
        await carrier.runs(0.5)
        await mouth.lower(True)
        await carrier.runs(0.1)  # the cleared marks come back here
        assert not saying.done() and mouth.heard < 0.7 * SECOND
        await mouth.stop()
        assert not await saying

    scene(main())


def test_the_question_is_out_when_half_of_the_last_sentence_was_heard() -> None:
    async def main() -> None:
        carrier = Carrier()
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say([FIVE, TEN]))
        await carrier.runs(0.9)
        assert mouth.question_out_at is None
        await carrier.runs(0.2)
        assert mouth.question_out_at is not None and 1.0 <= mouth.question_out_at <= 1.1
        await carrier.runs(1.0)
        assert await saying

    scene(main())


def test_a_question_behind_a_value_is_out_when_the_value_was_heard() -> None:
    """对吗 says nothing that is not foreseen: who says 对 with it has heard the number."""

    async def main() -> None:
        carrier = Carrier()
        mouth = talking(carrier)
        saying = asyncio.ensure_future(mouth.say(["您说的是", "高压一百五十，", "对吗？"]))
        await carrier.runs(1.0)
        assert mouth.question_out_at is None
        await carrier.runs(0.15)
        assert mouth.question_out_at is not None and 1.1 <= mouth.question_out_at <= 1.2
        await carrier.runs(0.5)
        assert await saying

    scene(main())


def test_a_sentence_in_pieces_has_no_gap_behind_its_first_words() -> None:
    """A patient takes a gap before 低压 for the end of the question."""

    class SlowWithNumbers:
        async def ulaw(self, text: str) -> bytes:
            await asyncio.sleep({"高压一百三十六，": 1.0, "低压七十八，": 3.0}.get(text, 0.0))
            return b"\x20" * (len(text) * SECOND // 10)

    async def main() -> None:
        carrier = Carrier()
        carrier.mouth = mouth = Mouth(carrier, SlowWithNumbers())  # type: ignore[arg-type]
        saying = asyncio.ensure_future(
            mouth.say(["您说的是", "高压一百三十六，", "低压七十八，", "对吗？", "慢慢说。"])
        )
        await carrier.runs(2.9)
        assert len(carrier.sent) == 1
        await carrier.runs(0.2)
        assert len(carrier.sent) == 5
        await carrier.runs(3.0)
        assert await saying

    scene(main())


def test_the_patient_who_speaks_before_the_first_sound_is_not_talked_over() -> None:
    class Slow:
        async def ulaw(self, text: str) -> bytes:
            await asyncio.sleep(5.0)
            return b"\x20" * SECOND

    async def main() -> None:
        carrier = Carrier()
        carrier.mouth = Mouth(carrier, Slow())  # type: ignore[arg-type]
        saying = asyncio.ensure_future(carrier.mouth.say([TEN]))
        await carrier.runs(1.0)
        await carrier.mouth.stop()
        assert not await asyncio.wait_for(saying, 0.1) and carrier.sent == []

    scene(main())


def test_lowering_is_fourteen_decibels() -> None:
    loud = np.abs(decode(b"\x10").astype(float))[0]
    soft = np.abs(decode(b"\x10".translate(LOWERED)).astype(float))[0]
    assert abs(20 * np.log10(soft / loud) + 14) < 0.5
