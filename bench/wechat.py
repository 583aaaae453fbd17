"""How fast the platform gets its answer: callbacks of many chats at once over real HTTP, signed and encrypted, while
the desk deals with what came in. The platform and its followers are a process of their own. The dialogue is not part of
it: no callback waits for one."""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import uvloop
from fastapi import FastAPI

from agent.model.clock import new_id, utc_now
from agent.model.people import Patient, Tier
from agent.model.wechat import BindingRole
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.wechat.binding import bind
from agent.wechat.codes import Invited
from bench.wechat_desk import desk_over
from machine.served import served
from telephony.simulator.wechat import PlatformConfig, create_app
from telephony.simulator.wechat.people import Delivery
from telephony.wechat.settings import CALLBACK_PATH, WechatSettings
from telephony.wechat.webhook import wechat_router

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = WechatSettings("wxbench00000000000", "bench-secret", "benchtoken", KEY)


def run(rest: Sequence[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench wechat")
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two messages of one chat")
    parser.add_argument("--seconds", type=float, default=30.0)
    args = parser.parse_args(rest)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # the server's own
        return runner.run(_measure(args))


async def _measure(args: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await asyncio.to_thread(migrate, url)
        store = await open_store(url)
        try:
            openids = await _bound(store, args.chats)
            async with _served(store) as (callback, desk_runs):
                started = time.monotonic()
                deliveries = await _platform(callback, openids, args)
                sending = time.monotonic() - started
                while await desk_runs():
                    pass
            return _figures(deliveries, sending, args, await _kept(store))
        finally:
            await store.close()


async def _bound(store: Store, chats: int) -> list[str]:
    openids = [f"oBench{number:022}" for number in range(chats)]
    async with store.transaction() as records:
        for number, openid in enumerate(openids):
            person = Patient(f"p{number}", f"患者{number}", f"+861390000{number:04}", "心力衰竭", Tier.MIDDLE)
            await records.add_patient(person)
            await bind(records, openid, Invited(person.id, BindingRole.SELF), utc_now(), new_id)
    return openids


@asynccontextmanager
async def _served(store: Store) -> AsyncIterator[tuple[str, Any]]:
    """The callback's address on loopback, and the desk, which runs behind as in the server."""
    desk = desk_over(store)
    app = FastAPI()
    app.include_router(wechat_router(ACCOUNT, desk, utc_now))

    async def beat() -> None:
        while True:
            await desk.run_once()
            await asyncio.sleep(0.2)

    beating = asyncio.create_task(beat())
    try:
        async with served(app) as address:
            yield f"{address}{CALLBACK_PATH}", desk.run_once
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _platform(callback: str, openids: Sequence[str], args: argparse.Namespace) -> list[Delivery]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return await asyncio.get_running_loop().run_in_executor(processes, _followers, callback, openids, args)


def _followers(callback: str, openids: Sequence[str], args: argparse.Namespace) -> list[Delivery]:
    return asyncio.run(_chats(callback, openids, args))


async def _chats(callback: str, openids: Sequence[str], args: argparse.Namespace) -> list[Delivery]:
    config = PlatformConfig(ACCOUNT.app_id, ACCOUNT.app_secret, ACCOUNT.token, callback, ACCOUNT.aes_key)
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=200)) as http:
        deeds = create_app(config, utc_now, http).state.deeds
        until = time.monotonic() + args.seconds

        async def chat(number: int, openid: str) -> list[Delivery]:
            made = []
            await asyncio.sleep(args.every * number / len(openids))
            while time.monotonic() < until:
                due = time.monotonic() + args.every
                made.append(await deeds.says(openid, "今天早上一百三十八十，不喘，脚也不肿"))
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            return made

        found = await asyncio.gather(*(chat(number, openid) for number, openid in enumerate(openids)))
    return [delivery for each in found for delivery in each]


async def _kept(store: Store) -> int:
    async with store.transaction(write=False) as records:
        return len(await records.open_pieces(now=utc_now(), limit=1_000_000))


def _figures(deliveries: Sequence[Delivery], sending: float, args: argparse.Namespace, kept: int) -> dict[str, Any]:
    seconds = sorted(delivery.seconds for delivery in deliveries)
    cuts = statistics.quantiles(seconds, n=1000, method="inclusive")
    return {
        "chats": args.chats,
        "messages": len(deliveries),
        "messages_a_second": round(len(deliveries) / sending, 1),
        "callback_seconds": {
            "p50": round(cuts[499], 4), "p95": round(cuts[949], 4), "p99": round(cuts[989], 4),
            "max": round(seconds[-1], 4),
        },
        "pushed_again": sum(delivery.pushes > 1 for delivery in deliveries),
        "not_taken": sum(delivery.status != 200 for delivery in deliveries),
        "pieces_kept": kept,
        "target": "callback p99 <= 1 s, every message kept once",
    }  # fmt: skip
