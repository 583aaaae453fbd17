"""The dialogue server's wiring: its process's settings and the endpoint it calls back."""

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from agent.dialog import training
from agent.dialog.actions import ActionError, TurnAction
from agent.dialog.rasa_process import RasaSettings
from settings import Settings


def rasa_settings(settings: Settings, token: str) -> RasaSettings:
    return RasaSettings(
        model=training.model_path(),
        data_folder=settings.data,
        action_url=f"http://{settings.host}:{settings.port}/dialogue/action?token={token}",
        token=token,
        port=settings.rasa_port,
    )


def action_router(actions: TurnAction, token: str) -> APIRouter:
    """POST /dialogue/action: what the dialogue server calls once a turn; 403 without the token it was started with."""
    routes = APIRouter()

    @routes.post("/dialogue/action", include_in_schema=False)
    async def action(request: Request) -> JSONResponse:
        if not secrets.compare_digest(request.query_params.get("token", "").encode(), token.encode()):
            return JSONResponse({"error": "forbidden"}, 403)
        try:
            return JSONResponse(await actions.answer(await request.json()))
        except ActionError as error:
            return JSONResponse(error.body, error.status)

    return routes
