"""One worker of the kill drill: the real store, conversation, dispatcher and runner; only the carrier is the drill's.

The line's audio is left out: the drill's carrier hands over what was said, turn by turn, over HTTP, and counts a turn
as kept once this worker has answered it."""

import argparse
import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request

from agent.attempts.retries import WAITS, RetryPolicy
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Channel
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.record import OutboxKind, OutboxMessage
from agent.model.turn import Turn, TurnKind
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Around, Dispatcher, Lines
from agent.schedule.outbox import Outbox
from agent.schedule.ports import CarrierStatus, DialFailed
from agent.schedule.runner import Pace, Runner
from agent.store.open import open_store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from folders import NLU_DATA, PATHWAYS
from wiring.dialling import hanging_up
from wiring.wakeups import ContactChanged, pace_for, waking

WAIT = timedelta(seconds=0.5)
PACE = Pace(outbox_seconds=0.3, dispatch_seconds=0.2, settle_seconds=1.0)
SETTLE_AFTER = timedelta(seconds=3)


class HttpDialler:
    """The scheduler's port, spoken to the drill's carrier."""

    def __init__(self, carrier: str, http: httpx.AsyncClient) -> None:
        self._carrier, self._http = carrier, http

    async def dial(self, *, attempt_id: str, to: str) -> str:
        return str((await self._ask("POST", "/dial", {"attempt_id": attempt_id, "to": to}))["ref"])

    async def status(self, carrier_ref: str) -> str:
        return str((await self._ask("GET", f"/calls/{carrier_ref}"))["status"])

    async def hang_up(self, carrier_ref: str) -> None:
        return None

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        found = (await self._ask("GET", f"/find/{attempt_id}"))["ref"]
        return None if found is None else str(found)

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, self._carrier + path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DialFailed("carrier_down", retryable=True) from error
        return dict(answer.json())


class EverythingAnswers:
    """The dialogue server's place: a drill of processes and stores decides no moves."""

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        return Move(MoveKind.ANSWER)


@asynccontextmanager
async def working(args: argparse.Namespace) -> AsyncIterator[tuple[Conversation, Dispatcher]]:
    store = await open_store(args.database)
    retries = RetryPolicy(3, dict.fromkeys(WAITS, WAIT), WAIT)
    hospital = Hospital("市一医院", "0571-88000000", drafts=True)
    shelf = PathwayShelf(PATHWAYS)
    reader = await asyncio.to_thread(lambda: Reader(content.load(NLU_DATA)))
    conversation = Conversation(Stages(store, reader, EverythingAnswers(), shelf, hospital, retries, utc_now, new_id))

    wake: list[ContactChanged] = []

    async def tell(message: OutboxMessage) -> None:
        if message.kind is OutboxKind.CONTACT_CHANGED:
            await wake[0](message.subject)

    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        calendar = CallingCalendar(every_day(*ALL_DAY))
        trunk = TrunkLimits("drill", args.lines, per_second=100.0)
        often, around = Courtesy(calendar, 10**6, 10**6), Around(hung_up=hanging_up(conversation))
        lines = Lines(f"worker-{os.getpid()}", trunk, retries, often, around)
        dispatcher = Dispatcher(store, HttpDialler(args.carrier, http), lines, utc_now, new_id)
        dispatcher.placer.lost_after = SETTLE_AFTER
        runner = Runner(dispatcher, Outbox(store, tell, utc_now), pace_for(args.database, PACE))
        async with waking(args.database, runner) as changed:
            wake.append(changed)
            runner.start()
            yield conversation, dispatcher
            await runner.stop()
    await store.close()


def create_app(args: argparse.Namespace) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with working(args) as (conversation, dispatcher):
            app.state.conversation, app.state.dispatcher = conversation, dispatcher
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/turn")
    async def turn(request: Request) -> dict[str, bool]:
        said = await request.json()
        conversation: Conversation = request.app.state.conversation
        contact_id = await conversation.contact_of(said["attempt_id"])
        kind = TurnKind(said["kind"])
        made = Turn(said["turn_id"], contact_id, said["attempt_id"], Channel.PHONE, kind, utc_now(), said["text"])
        reply = await conversation.receive(made)
        return {"end": reply.end}

    @app.post("/status")
    async def status(request: Request) -> dict[str, bool]:
        said = await request.json()
        await request.app.state.dispatcher.status_changed(
            CarrierStatus(said["attempt_id"], said["ref"], said["status"], utc_now())
        )
        return {"ok": True}

    @app.get("/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--carrier", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lines", type=int, default=12)
    args = parser.parse_args()
    uvicorn.run(create_app(args), host="127.0.0.1", port=args.port, log_level="warning")


if __name__ == "__main__":
    main()
