"""A call handler that says a word and hands the patient over; on a line that came back it says another and hangs up."""

import asyncio

from telephony.line import Line, LineClosed, TransferFailed
from tests.fakes.carrier import tone


class HandsOver:
    """`failed` is the code of a transfer that could not be made; `over` is set when the line is gone."""

    def __init__(self, line: Line, attempt_id: str, lines: "Lines") -> None:
        self.line, self.attempt_id, self._lines = line, attempt_id, lines
        self.frames, self.failed, self.over = 0, "", asyncio.Event()
        self._said = asyncio.Event()

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self.frames += 1

    def digit(self, digit: str) -> None:
        return None

    def marked(self, name: str) -> None:
        self._said.set()

    def ended(self) -> None:
        self.over.set()

    async def run(self) -> None:
        try:
            await self.line.play(tone(0.4))
            await self.line.mark("said")
            await self._said.wait()
            if len(self._lines) > 1:
                await self.line.hang_up()
                return
            await self.line.transfer(self._lines.to, self._lines.ring_seconds)
            await self.over.wait()
        except TransferFailed as error:
            self.failed = error.code
            await self.line.hang_up()
        except LineClosed:
            return


class Lines(list[HandsOver]):
    """The factory of a call's handlers, and all it has made."""

    def __init__(self, to: str, ring_seconds: int) -> None:
        super().__init__()
        self.to, self.ring_seconds = to, ring_seconds

    def __call__(self, line: Line, attempt_id: str) -> HandsOver:
        self.append(HandsOver(line, attempt_id, self))
        return self[-1]
