"""The PBX's REST interface (ARI), as far as one call needs it: originate, ask, bridge, hang up."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from telephony.asterisk.settings import AsteriskSettings

MEDIA_VARIABLE = "MEDIA_WEBSOCKET_CONNECTION_ID"


class AriError(Exception):
    """The PBX refused (`status` ≥ 400), or gave no sensible answer (`status` 0; what was asked may have happened).
    `refused`: it said itself, in its own form, that nothing was done. No text and no cause: both may hold a number."""

    def __init__(self, status: int, *, refused: bool = False) -> None:
        super().__init__(f"status {status}")
        self.status, self.refused = status, refused


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Origination:
    """One call to place. `variables` are set on the channel before it dials."""

    endpoint: str
    app: str
    caller_id: str
    timeout_seconds: int
    variables: Mapping[str, str]


def tls(settings: AsteriskSettings) -> ssl.SSLContext | None:
    """For https and wss; None for plain."""
    if not settings.url.startswith("https"):
        return None
    return ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)


class Ari:
    """Every parameter travels in the body: a number in an address would stand in the logs of both sides."""

    def __init__(self, settings: AsteriskSettings) -> None:
        self._app = settings.app
        self._http = httpx.AsyncClient(
            base_url=f"{settings.url}/ari",
            auth=(settings.user, settings.password),
            timeout=settings.api_timeout_seconds,
            verify=tls(settings) or True,
            trust_env=False,
        )

    async def originate(self, channel_id: str, call: Origination) -> None:
        """Returns as soon as the channel exists; it dials by itself. Raises AriError, 409 if it exists already."""
        body = {
            "endpoint": call.endpoint,
            "app": call.app,
            "callerId": call.caller_id,
            "timeout": call.timeout_seconds,
            "formats": "ulaw",
            "variables": dict(call.variables),
        }
        await self._ask("POST", _channel(channel_id), body)

    async def channel(self, channel_id: str) -> Channel | None:
        """None when the PBX does not know it: it never was, or is over (ended channels are forgotten at once)."""
        try:
            return _read_channel(await self._ask("GET", _channel(channel_id)))
        except AriError as error:
            if error.status == 404 and error.refused:
                return None
            raise

    async def channels(self) -> list[Channel]:
        answer = await self._ask("GET", "/channels")
        if not isinstance(answer, list):
            raise AriError(0)
        return [_read_channel(each) for each in answer]

    async def hang_up(self, channel_id: str) -> None:
        await self._ask("DELETE", _channel(channel_id))

    async def ring(self, channel_id: str, *, on: bool) -> None:
        """A ring-back tone for whoever waits on this channel (indications.conf says how it sounds)."""
        await self._ask("POST" if on else "DELETE", f"{_channel(channel_id)}/ring")

    async def set_variable(self, channel_id: str, variable: str, value: str) -> None:
        await self._ask("POST", f"{_channel(channel_id)}/variable", {"variable": variable, "value": value})

    async def open_media(self, channel_id: str) -> str:
        """A media channel that waits for our WebSocket; returns the connection id to come with."""
        body = {
            "channelId": channel_id,
            "app": self._app,
            "external_host": "INCOMING",
            "connection_type": "server",
            "transport": "websocket",
            "encapsulation": "none",
            "format": "ulaw",
            "transport_data": "f(json)",
        }
        answer = await self._ask("POST", "/channels/externalMedia", body)
        variables = answer.get("channelvars") if isinstance(answer, dict) else None
        connection_id = variables.get(MEDIA_VARIABLE) if isinstance(variables, dict) else None
        if not isinstance(connection_id, str) or not connection_id:
            raise AriError(0)
        return connection_id

    async def snoop(self, channel_id: str, snoop_id: str) -> None:
        """Another channel, entering our application, that hears what this one brings in, answered or not. It is gone
        with this one."""
        body = {"spy": "in", "app": self._app, "snoopId": snoop_id}
        await self._ask("POST", f"{_channel(channel_id)}/snoop", body)

    async def create_bridge(self, bridge_id: str) -> None:
        await self._ask("POST", _bridge(bridge_id), {"type": "mixing"})

    async def join(self, bridge_id: str, channel_ids: tuple[str, ...]) -> None:
        """Raises AriError 422 for a channel that has not entered our application yet."""
        await self._ask("POST", f"{_bridge(bridge_id)}/addChannel", {"channel": list(channel_ids)})

    async def destroy_bridge(self, bridge_id: str) -> None:
        await self._ask("DELETE", _bridge(bridge_id))

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        try:
            response = await self._http.request(method, path, json=body)
        except httpx.HTTPError:
            raise AriError(0) from None
        if response.is_success and not response.content:
            return None
        try:
            answer = response.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise AriError(0 if response.is_success else response.status_code) from None
        if not response.is_success:
            raise AriError(response.status_code, refused=isinstance(answer, dict))
        return answer


def _channel(channel_id: str) -> str:
    return f"/channels/{quote(channel_id, safe='')}"


def _bridge(bridge_id: str) -> str:
    return f"/bridges/{quote(bridge_id, safe='')}"


def _read_channel(answer: object) -> Channel:
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
        raise AriError(0)
    return Channel(answer["id"], str(answer.get("state")))
