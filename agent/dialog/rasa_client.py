"""Asks the Rasa server for the move of one turn."""

from collections.abc import Mapping
from dataclasses import asdict

import httpx

from agent.dialog.actions import move_from_wire
from agent.dialog.spelling import normalise
from agent.model.move import Move, MoveContext, MoveKind, MoveUnavailable

CLOSED_UNDER_US = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""A kept connection that the server closed just when it was used again."""


class RasaDecider:
    """One turn in, one move out, over HTTP. The words travel to the local Rasa server and nowhere else."""

    def __init__(self, base_url: str, http: httpx.AsyncClient, timeout_seconds: float = 3.0, token: str = "") -> None:
        self._url = f"{base_url.rstrip('/')}/webhooks/turn/webhook"
        self._http = http
        self._timeout = timeout_seconds
        self._headers = {"X-Suifang-Token": token}

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        """The move, decided by Rasa and our action. Raises MoveUnavailable, whose text is a code without words."""
        words = normalise(text)
        if not words:
            return Move(MoveKind.NONSENSE, 0.0)  # nothing but punctuation
        body = {"sender": conversation_id, "message": words, "metadata": {"context": asdict(context)}}
        try:
            try:
                response = await self._post(body)
            except CLOSED_UNDER_US:
                response = await self._post(body)  # a turn stands alone: asked twice, it is decided the same
        except httpx.TimeoutException:
            raise MoveUnavailable("timeout") from None
        except httpx.HTTPError:
            raise MoveUnavailable("unreachable") from None
        return move_of_response(response)

    async def _post(self, body: Mapping[str, object]) -> httpx.Response:
        return await self._http.post(self._url, json=body, headers=self._headers, timeout=self._timeout)


def move_of_response(response: httpx.Response) -> Move:
    """The move in a turn's response. An empty list means that Rasa could not reach our action: dead air, an error."""
    if response.status_code != httpx.codes.OK:
        raise MoveUnavailable(f"status_{response.status_code}")
    try:
        messages = response.json()
        if not messages:
            raise MoveUnavailable("empty")
        return move_from_wire(messages[-1]["custom"]["move"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise MoveUnavailable("malformed") from None
