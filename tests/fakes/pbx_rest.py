"""The fake PBX's REST interface: strict about names, types and order; refuses as the real one does."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse, Response

from machine.served import bound_socket, served
from tests.fakes.pbx import Pbx
from tests.fakes.pbx_parts import PASSWORD, USER, Channel, Telephone, stamp

PUBLISHED = json.loads((Path(__file__).parents[1] / "contract/data/ari_small.json").read_text("utf-8"))
_LOGIN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_TYPES: dict[str, tuple[type, ...]] = {"string": (str, list), "int": (int,), "containers": (dict,), "boolean": (bool,)}


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message


def misfits(method: str, path: str, parameters: dict[str, Any]) -> list[str]:
    """What the published description finds wrong with a request's parameters (wherever they travel)."""
    operation = next(each for each in PUBLISHED["operations"] if (each["method"], each["path"]) == (method, path))
    known = operation["parameters"]
    found = [f"{path}: unknown parameter {name}" for name in parameters if name not in known]
    for name, described in known.items():
        if name not in parameters:
            if described.get("required") and described["in"] != "path":
                found.append(f"{path}: {name} is missing")
        elif not isinstance(parameters[name], _TYPES[described["type"]]):
            found.append(f"{path}: {name} is not {described['type']}")
        elif "values" in described and parameters[name] not in described["values"]:
            found.append(f"{path}: {name} has no such value")
    return found


def create_app(pbx: Pbx) -> FastAPI:
    app = FastAPI()

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        key = "error" if error.status == 500 else "message"
        return JSONResponse({key: error.message}, error.status)

    _calls(app, pbx)
    _channels(app, pbx)
    _waiting(app, pbx)
    _bridges(app, pbx)
    _sockets(app, pbx)
    return app


async def _parameters(pbx: Pbx, request: Request, path: str) -> dict[str, Any]:
    """Query and body together, checked."""
    if request.headers.get("authorization") != _LOGIN:
        raise Refused(401, "Authentication required")
    body = await request.body()
    parameters = {**dict(request.query_params), **(json.loads(body) if body else {})}
    wrong = misfits(request.method, path, parameters)
    if wrong:
        pbx.errors += wrong
        raise Refused(400, "Invalid parameters")
    return parameters


def _channel(pbx: Pbx, channel_id: str) -> Channel:
    if channel_id not in pbx.channels:
        raise Refused(404, "Channel not found")
    return pbx.channels[channel_id]


def _calls(app: FastAPI, pbx: Pbx) -> None:
    @app.post("/ari/channels/externalMedia")
    async def external_media(request: Request) -> dict[str, Any]:
        body = await _parameters(pbx, request, "/channels/externalMedia")
        asked = (body.get("transport"), body.get("encapsulation"), body.get("connection_type"))
        if asked != ("websocket", "none", "server") or body.get("external_host", "INCOMING") != "INCOMING":
            raise Refused(400, "external_host must be a valid websocket_client connection id.")
        if body["format"] != "ulaw" or body.get("transport_data") != "f(json)":
            pbx.errors.append("this fake speaks mu-law and JSON only")
        if body.get("channelId") in pbx.channels:
            raise Refused(409, "Channel with given unique ID already exists")
        return pbx.open_media(body).json()

    @app.post("/ari/channels/{channel_id}")
    async def originate(channel_id: str, request: Request) -> dict[str, Any]:
        body = await _parameters(pbx, request, "/channels/{channelId}")
        if "/" not in body["endpoint"]:
            raise Refused(400, "Invalid endpoint specified")
        if channel_id in pbx.channels:
            raise Refused(409, "Channel with given unique ID already exists")
        channel = pbx.originate(channel_id, body)
        if channel is None:
            raise Refused(500, "Allocation failed")
        return channel.json()


def _channels(app: FastAPI, pbx: Pbx) -> None:
    @app.get("/ari/channels")
    async def channels(request: Request) -> list[dict[str, Any]]:
        await _parameters(pbx, request, "/channels")
        return [{k: v for k, v in each.json().items() if k != "channelvars"} for each in pbx.channels.values()]

    @app.get("/ari/channels/{channel_id}")
    async def channel(channel_id: str, request: Request) -> dict[str, Any]:
        await _parameters(pbx, request, "/channels/{channelId}")
        return _channel(pbx, channel_id).json()

    @app.delete("/ari/channels/{channel_id}", status_code=204)
    async def hang_up(channel_id: str, request: Request) -> None:
        await _parameters(pbx, request, "/channels/{channelId}")
        found = _channel(pbx, channel_id)
        found.hangup.set()
        if found.queue is not None or found.snooped:
            await pbx.destroy(found, found.cause)


def _waiting(app: FastAPI, pbx: Pbx) -> None:
    @app.post("/ari/channels/{channel_id}/snoop")
    async def snoop(channel_id: str, request: Request) -> dict[str, Any]:
        body = await _parameters(pbx, request, "/channels/{channelId}/snoop")
        if body.get("spy", "none") == "none":
            raise Refused(400, "Direction must be specified for at least spy or whisper")
        return (await pbx.snoop(_channel(pbx, channel_id), body["snoopId"], body["app"])).json()

    @app.post("/ari/channels/{channel_id}/variable", status_code=204)
    async def set_variable(channel_id: str, request: Request) -> None:
        body = await _parameters(pbx, request, "/channels/{channelId}/variable")
        _channel(pbx, channel_id).variables[body["variable"]] = body["value"]

    @app.api_route("/ari/channels/{channel_id}/ring", methods=["POST", "DELETE"], status_code=204)
    async def ring(channel_id: str, request: Request) -> None:
        await _parameters(pbx, request, "/channels/{channelId}/ring")
        channel = _channel(pbx, channel_id)
        if not channel.in_stasis:
            raise Refused(409, "Channel not in a Stasis application")
        channel.hears_ringing = request.method == "POST"
        channel.heard_ringing = channel.heard_ringing or channel.hears_ringing


def _bridges(app: FastAPI, pbx: Pbx) -> None:
    @app.post("/ari/bridges/{bridge_id}")
    async def create(bridge_id: str, request: Request) -> dict[str, Any]:
        body = await _parameters(pbx, request, "/bridges/{bridgeId}")
        if bridge_id in pbx.bridges:
            raise Refused(409, f"Bridge with id '{bridge_id}' already exists")
        if body.get("type") != "mixing":
            pbx.errors.append("a bridge that does not mix")
        pbx.bridges[bridge_id] = set()
        return {
            "id": bridge_id,
            "technology": "simple_bridge",
            "bridge_type": "mixing",
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": "",
            "channels": [],
            "creationtime": stamp(),
            "video_mode": "talker",
        }

    @app.post("/ari/bridges/{bridge_id}/addChannel", status_code=204)
    async def add(bridge_id: str, request: Request) -> None:
        body = await _parameters(pbx, request, "/bridges/{bridgeId}/addChannel")
        if bridge_id not in pbx.bridges:
            raise Refused(404, "Bridge not found")
        asked = body["channel"] if isinstance(body["channel"], list) else [body["channel"]]
        if any(each not in pbx.channels for each in asked):
            raise Refused(400, "Channel not found")
        if not all(pbx.channels[each].in_stasis for each in asked):
            raise Refused(422, "Channel not in Stasis application")
        for members in pbx.bridges.values():
            members.difference_update(asked)  # a channel is in one bridge: it moves
        pbx.bridges[bridge_id].update(asked)

    @app.delete("/ari/bridges/{bridge_id}", status_code=204)
    async def destroy(bridge_id: str, request: Request) -> None:
        await _parameters(pbx, request, "/bridges/{bridgeId}")
        if pbx.bridges.pop(bridge_id, None) is None:
            raise Refused(404, "Bridge not found")


def _sockets(app: FastAPI, pbx: Pbx) -> None:
    @app.websocket("/ari/events")
    async def events(socket: WebSocket) -> None:
        if socket.headers.get("authorization") != _LOGIN or "app" not in socket.query_params:
            await socket.close()
            return
        await pbx.listen(socket, socket.query_params["app"])

    @app.websocket("/media/{connection_id}")
    async def media(socket: WebSocket, connection_id: str) -> None:
        await pbx.carry_media(socket, connection_id)


@asynccontextmanager
async def running_pbx(
    telephones: dict[str, Telephone], watch: Callable[..., Any] | None = None
) -> AsyncIterator[tuple[Pbx, str]]:
    """The switch and its base URL. `watch` is HTTP middleware."""
    pbx = Pbx(telephones)
    app = create_app(pbx)
    if watch is not None:
        app.middleware("http")(watch)
    async with served(app, bound_socket()) as url:
        yield pbx, url
        await pbx.close()
