"""The simulated carrier as one ASGI app."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request

from agent.model.clock import Now, utc_now
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.exchange import Exchange
from telephony.simulator.messages import Messages
from telephony.simulator.patient import NewPatient, Patient
from telephony.simulator.persona import Persona, load_personas
from telephony.simulator.rest import rest_router
from telephony.simulator.voices import Speak, packed


def create_app(
    config: SimulatorConfig,
    personas: dict[str, Persona] | None = None,
    speak: Speak | None = None,
    now: Now = utc_now,
    new_patient: NewPatient = Patient,
) -> FastAPI:
    """Personas and their audio come from the config's folders unless given. Raises PersonaError."""
    people = load_personas(config.patients) if personas is None else personas
    exchange = Exchange(config, people, speak or packed(config.voices), now)
    exchange.new_patient = new_patient
    messages = Messages(config, now)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await exchange.close()
        await messages.close()

    app = FastAPI(title="A carrier on loopback", lifespan=lifespan, openapi_url=None)
    app.state.exchange = exchange
    app.include_router(rest_router(config, exchange, messages))
    app.include_router(_observation(exchange, messages))
    return app


def _observation(exchange: Exchange, messages: Messages) -> APIRouter:
    """The only thing outside the published API: what the carrier's side measured."""
    routes = APIRouter(prefix="/simulator")

    @routes.get("/calls")
    async def calls() -> list[dict[str, object]]:
        return [call.report() for call in exchange.calls.values()]

    @routes.get("/messages")
    async def sent() -> list[dict[str, object]]:
        return [each.resource() for each in messages.sent.values()]

    @routes.post("/texts")
    async def text(request: Request) -> dict[str, int]:
        """A subscriber's SMS: {"url": the account's webhook, "from", "to", "body"}; with "photo", base64 of a JPEG, an
        MMS."""
        said = await request.json()
        at = str(request.base_url).rstrip("/")
        photo = (at, base64.b64decode(said["photo"])) if "photo" in said else None
        told = await messages.receive(said["url"], from_=said["from"], to=said["to"], body=said["body"], photo=photo)
        return {"status": told}

    @routes.post("/reset")
    async def reset() -> dict[str, str]:
        await exchange.reset()
        await messages.reset()
        return {"status": "reset"}

    return routes
