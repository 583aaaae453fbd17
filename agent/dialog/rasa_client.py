"""Asks the Rasa server for the move of one turn."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import aiohttp

from agent.dialog.actions import move_from_wire
from agent.dialog.spelling import normalise
from agent.model.move import Move, MoveContext, MoveKind, MoveUnavailable

IDLE_SECONDS = 2.0
OK = 200


def turn_client() -> aiohttp.ClientSession:
    """Connections to the Rasa server: kept, and given up before the server closes them (5 s). Needs a running loop."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS))


class RasaDecider:
    """One turn in, one move out, over HTTP. The words travel to the local Rasa server and nowhere else."""

    def __init__(
        self, base_url: str, http: aiohttp.ClientSession, timeout_seconds: float = 3.0, token: str = ""
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/webhooks/turn/webhook"
        self._http = http
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._headers = {"X-Suifang-Token": token}

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        """The move, decided by Rasa and our action. Raises MoveUnavailable, whose text is a code without words."""
        words = normalise(text)
        if not words:
            return Move(MoveKind.NONSENSE, 0.0)  # nothing but punctuation
        body = {"sender": conversation_id, "message": words, "metadata": {"context": asdict(context)}}
        try:
            try:
                return await self._ask(body)
            except aiohttp.ClientConnectionError:  # a kept connection closed just when it was used again
                return await self._ask(body)  # a turn stands alone: asked twice, it is decided the same
        except TimeoutError:
            raise MoveUnavailable("timeout") from None
        except aiohttp.ClientError:
            raise MoveUnavailable("unreachable") from None

    async def _ask(self, body: Mapping[str, object]) -> Move:
        async with self._http.post(self._url, json=body, headers=self._headers, timeout=self._timeout) as response:
            if response.status != OK:
                raise MoveUnavailable(f"status_{response.status}")
            try:
                return move_of(await response.json(content_type=None))
            except ValueError:
                raise MoveUnavailable("malformed") from None


def move_of(messages: Any) -> Move:
    """The move in a turn's response. An empty list means that Rasa could not reach our action: dead air, an error."""
    if not messages:
        raise MoveUnavailable("empty")
    try:
        return move_from_wire(messages[-1]["custom"]["move"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise MoveUnavailable("malformed") from None
