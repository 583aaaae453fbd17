"""Real Rasa with our action endpoint beside it, for a module of tests."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from agent.dialog import training
from agent.dialog.actions import TurnAction
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.rasa_client import RasaDecider
from agent.dialog.rasa_process import RasaProcess, RasaSettings, free_port
from wiring.dialogue import action_router

READY_SECONDS = 180  # a busy machine


@dataclass
class RasaService:
    process: RasaProcess
    decider: RasaDecider
    actions: uvicorn.Server


@asynccontextmanager
async def rasa_service(folder: Path) -> AsyncIterator[RasaService]:
    """Trained once for all runs (kept by content hash), started here, ended with the block."""
    port, token = free_port(), secrets.token_urlsafe(16)
    app = FastAPI()
    book = FaqBook(load_faq(training.NLU_DATA / "faq"), use_drafts=True)
    app.include_router(action_router(TurnAction(book), token))
    actions = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False))
    serving = asyncio.create_task(actions.serve())
    settings = RasaSettings(
        model=await asyncio.to_thread(training.train),
        data_folder=folder,
        action_url=f"http://127.0.0.1:{port}/dialogue/action?token={token}",
        token=token,
        port=free_port(),
    )
    async with httpx.AsyncClient(trust_env=False) as http:
        process = RasaProcess(settings, http)
        await process.start()
        try:
            await process.wait_ready(READY_SECONDS)
            yield RasaService(process, RasaDecider(settings.base_url, http, 10.0, token), actions)
        finally:
            await process.stop()
            actions.should_exit = True
            await serving
