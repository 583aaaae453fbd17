"""The dialogue server with our action endpoint beside it, for commands that need decisions but no calls."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from agent.dialog import training
from agent.dialog.actions import TurnAction
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.rasa_client import RasaDecider
from agent.dialog.rasa_process import RasaProcess, RasaSettings, free_port
from server import NLU_DATA, RASA_START_SECONDS
from settings import Settings
from wiring.dialogue import action_router


@asynccontextmanager
async def dialogue_service(settings: Settings) -> AsyncIterator[RasaDecider]:
    """A decider backed by the real, warm dialogue server on free ports of this machine. Raises RasaNotReady."""
    port, token = free_port(), secrets.token_urlsafe(24)
    app = FastAPI()
    app.include_router(action_router(TurnAction(FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True)), token))
    actions = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    serving = asyncio.create_task(actions.serve())
    rasa_settings = RasaSettings(
        model=training.model_path(),
        data_folder=settings.data / "terminal",
        action_url=f"http://127.0.0.1:{port}/dialogue/action?token={token}",
        token=token,
        port=free_port(),
    )
    async with httpx.AsyncClient(trust_env=False) as http:
        rasa = RasaProcess(rasa_settings, http)
        await rasa.start()
        try:
            await rasa.wait_ready(RASA_START_SECONDS)
            yield RasaDecider(rasa_settings.base_url, http, token=token)
        finally:
            await rasa.stop()
            actions.should_exit = True
            await serving
