"""The carrier of the kill drill: places calls, remembers every one, and plays the patient to whichever worker lives.

What a worker answered counts as kept from that moment on; a worker that dies in mid-call loses the call, as a real
media socket would."""

import asyncio
import itertools
import random
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI, HTTPException, Request

SAID = ("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有", "都按时吃了", "没有了")
DANGER = "这两天心口疼得厉害"
RINGS_SECONDS = (0.05, 0.3)
BETWEEN_TURNS_SECONDS = (0.02, 0.15)


@dataclass(slots=True)
class Call:
    ref: str
    attempt_id: str
    to: str
    began: float
    status: str = "ringing"
    ended: float | None = None


@dataclass(slots=True)
class Kept:
    """Turns that a worker answered; `dangers` among them must be on a card."""

    turns: list[str] = field(default_factory=list)
    dangers: list[str] = field(default_factory=list)


class DrillCarrier:
    """`workers`: the addresses that live now, changed by the drill as it kills and starts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self.calls: dict[str, Call] = {}
        self.kept = Kept()
        self.workers: list[str] = []
        self.lost_calls = 0

    def place(self, attempt_id: str, to: str) -> Call:
        call = Call(f"CA{next(self._count):06}", attempt_id, to, asyncio.get_running_loop().time())
        self.calls[call.ref] = call
        task = asyncio.create_task(self._ring(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return call

    def answer_gets_lost(self) -> bool:
        return self._random.random() < 0.05

    async def _ring(self, call: Call) -> None:
        await asyncio.sleep(self._random.uniform(*RINGS_SECONDS))
        fate = self._random.random()
        if fate < 0.1:
            await self._over(call, "busy")
        elif fate < 0.3:
            await self._over(call, "no-answer")
        else:
            call.status = "in-progress"
            await self._talk(call)
            await self._over(call, "completed")

    async def _over(self, call: Call, status: str) -> None:
        call.status, call.ended = status, asyncio.get_running_loop().time()
        told = {"attempt_id": call.attempt_id, "ref": call.ref, "status": status}
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            for worker in self._some_workers():
                try:
                    (await http.post(f"{worker}/status", json=told)).raise_for_status()
                    return
                except httpx.HTTPError:
                    continue  # nobody told: the house has to ask

    def _some_workers(self) -> list[str]:
        return self._random.sample(self.workers, len(self.workers))

    async def _talk(self, call: Call) -> None:
        """One worker holds the line; when it dies the call is over."""
        live = self._some_workers()
        if not live:
            self.lost_calls += 1
            return
        script = [("start", ""), *(("speech", text) for text in SAID)]
        if self._random.random() < 0.15:
            script.insert(self._random.randint(3, len(script)), ("speech", DANGER))
        if self._random.random() < 0.25:
            script = script[: self._random.randint(1, len(script))]
        async with httpx.AsyncClient(base_url=live[0], timeout=10, trust_env=False) as http:
            for number, (kind, text) in enumerate([*script, ("hangup", "")]):
                turn_id = f"{call.ref}-{number:02}"
                said = {"attempt_id": call.attempt_id, "kind": kind, "text": text, "turn_id": turn_id}
                try:
                    answer = await http.post("/turn", json=said)
                    answer.raise_for_status()
                except httpx.HTTPError:
                    self.lost_calls += 1
                    return
                self.kept.turns.append(turn_id)
                if text == DANGER:
                    self.kept.dangers.append(call.attempt_id)
                if answer.json()["end"]:
                    return
                await asyncio.sleep(self._random.uniform(*BETWEEN_TURNS_SECONDS))

    def dialled_twice(self) -> list[str]:
        """Attempts with two calls, and numbers whose phone rang twice at once."""
        found = []
        by_attempt: dict[str, list[Call]] = {}
        by_number: dict[str, list[Call]] = {}
        for call in self.calls.values():
            by_attempt.setdefault(call.attempt_id, []).append(call)
            by_number.setdefault(call.to, []).append(call)
        found += [f"attempt {attempt_id}" for attempt_id, calls in by_attempt.items() if len(calls) > 1]
        for number, calls in by_number.items():
            ordered = sorted(calls, key=lambda call: call.began)
            if any(late.began < (early.ended or float("inf")) for early, late in itertools.pairwise(ordered)):
                found.append(f"number {number[-4:]}")
        return found

    async def all_over(self) -> None:
        """Returns when no call is up any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


def create_app(carrier: DrillCarrier) -> FastAPI:
    app = FastAPI()

    @app.post("/dial")
    async def dial(request: Request) -> dict[str, str]:
        asked = await request.json()
        call = carrier.place(asked["attempt_id"], asked["to"])
        if carrier.answer_gets_lost():
            raise HTTPException(502)  # the call is placed all the same
        return {"ref": call.ref}

    @app.get("/calls/{ref}")
    async def status(ref: str) -> dict[str, str]:
        return {"status": carrier.calls[ref].status}

    @app.get("/find/{attempt_id}")
    async def find(attempt_id: str) -> dict[str, str | None]:
        return {"ref": next((call.ref for call in carrier.calls.values() if call.attempt_id == attempt_id), None)}

    return app
