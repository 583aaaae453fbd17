"""A bad line between carrier and us: media messages late, doubled, out of order, or broken (seeded)."""

import random

from telephony.simulator.persona import Faults

_LATE_MESSAGES = 10  # 200 ms
_GARBAGE = (
    "{",
    "",
    "null",
    "[]",
    '{"event":"media"}',
    '{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":"%%"}}',
    "\x00",
)


class BadLine:
    """`send` takes the message due now and returns what really goes out now."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = random.Random(faults.seed)
        self._held: list[tuple[int, str]] = []  # (number of the message after which it goes out, text)
        self._count = 0

    def send(self, message: str) -> list[str]:
        chance, faults = self._random.random, self._faults
        self._count += 1
        out: list[str] = []
        if chance() < faults.garbage:
            out.append(self._random.choice(_GARBAGE))
        delay = 1 if chance() < faults.reorder else _LATE_MESSAGES if chance() < faults.late else 0
        self._held.append((self._count + delay, message))
        if chance() < faults.duplicate:
            self._held.append((self._count + delay, message))
        out += [text for due, text in reversed(self._held) if due <= self._count]  # this one before those it overtook
        self._held = [held for held in self._held if held[0] > self._count]
        return out
