"""The dialogue server with our action endpoint beside it, for commands, benches and tests that need decisions but no
calls."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from agent.dialog import training
from agent.dialog.actions import TurnAction
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.rasa_client import RasaDecider, turn_client
from agent.dialog.rasa_process import RasaProcess, RasaSettings
from folders import NLU_DATA
from machine.served import free_port, served
from server import RASA_START_SECONDS
from wiring.dialogue import action_router

PATIENCE_SECONDS = 10.0  # for one decision: nobody waits at the end of a telephone line


@dataclass(frozen=True, slots=True)
class DialogueService:
    """`actions` serves our endpoint; closed, Rasa goes on without it."""

    decider: RasaDecider
    process: RasaProcess
    actions: AsyncExitStack


def our_action() -> TurnAction:
    """The product's action with every answer of the FAQ, drafts too."""
    return TurnAction(FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=True))


@asynccontextmanager
async def dialogue_service(
    folder: Path, action: TurnAction | None = None, model: Path | None = None
) -> AsyncIterator[DialogueService]:
    """The real dialogue server, warm, on free ports of this machine; `folder` takes its log and token. The trained
    model unless another is named. Raises RasaNotReady."""
    token, app = secrets.token_urlsafe(24), FastAPI()
    app.include_router(action_router(action or our_action(), token))
    async with turn_client() as http, AsyncExitStack() as actions:
        address = await actions.enter_async_context(served(app))
        settings = RasaSettings(
            model=model or training.model_path(),
            data_folder=folder,
            action_url=f"{address}/dialogue/action?token={token}",
            token=token,
            port=free_port(),
        )
        rasa = RasaProcess(settings, http)
        await rasa.start()
        try:
            await rasa.wait_ready(RASA_START_SECONDS)
            yield DialogueService(RasaDecider(settings.base_url, http, PATIENCE_SECONDS, token), rasa, actions)
        finally:
            await rasa.stop()
