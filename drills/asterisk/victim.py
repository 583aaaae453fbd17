"""A process of ours that calls somebody and is killed: victim.py URL NUMBER SECONDS, the password on stdin. Says
"talking" once the patient's sound has come."""

import asyncio
import sys

from agent.schedule.ports import CarrierStatus
from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.line import Line

_TONE = bytes([0x20, 0xA0] * 40) * 100  # a second of a loud 1 kHz square


class Nobody:
    async def status_changed(self, status: CarrierStatus) -> None:
        return None

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        return None


class Talker:
    """telephony.line.CallHandler that talks without end."""

    def __init__(self, line: Line, attempt_id: str) -> None:
        self._line, self._frames = line, 0

    def heard(self, ulaw: bytes, at_ms: int) -> None:
        self._frames += 1
        if self._frames == 50:
            print("talking", flush=True)

    def digit(self, digit: str) -> None:
        return None

    def marked(self, name: str) -> None:
        return None

    def ended(self) -> None:
        return None

    async def run(self) -> None:
        await self._line.play(_TONE * 120)
        await asyncio.sleep(120)


async def main(url: str, number: str, seconds: int) -> None:
    settings = AsteriskSettings("suifang", sys.stdin.readline().strip(), url, longest_call_seconds=seconds)
    exchange = AsteriskExchange(settings)
    exchange.open(Nobody(), Talker)
    await exchange.wait_up(10)
    await exchange.dialler.dial(attempt_id=f"victim{seconds}", to=number)
    await asyncio.sleep(120)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
