import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from agent.dialog.rasa_client import RasaDecider, turn_client
from agent.model.move import Move, MoveContext, MoveKind, MoveUnavailable
from machine.served import free_port

WORDS = "我胸口疼得厉害"
MOVE = [{"recipient_id": "c1", "custom": {"move": {"kind": "answer", "confidence": 0.9}}}]
Answers = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def decider(answer: Answers, seconds: float = 30.0) -> AsyncIterator[RasaDecider]:
    """Asks a server on loopback that answers so."""
    app = web.Application()
    app.router.add_post("/webhooks/turn/webhook", answer)
    async with TestServer(app) as server, turn_client() as http:
        yield RasaDecider(str(server.make_url("/")), http, seconds, token="secret")


async def ask(server: RasaDecider, text: str = WORDS) -> Move:
    return await server.decide(conversation_id="c1", text=text, context=MoveContext(question="q", expect="yes_no"))


def gives(body: object, status: int = 200) -> Answers:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return answer


async def not_json(request: web.Request) -> web.Response:
    return web.Response(text="<html>")


async def closes(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def test_one_turn_in_one_move_out() -> None:
    seen: list[tuple[dict[str, Any], str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((await request.json(), request.headers["x-suifang-token"]))
        return web.json_response(MOVE)

    async with decider(answer) as server:
        assert await ask(server, "我 胸口 疼！") == Move(MoveKind.ANSWER, 0.9)
    body, token = seen[0]
    assert (body["sender"], body["message"], token) == ("c1", "我胸口疼", "secret")
    assert body["metadata"]["context"]["expect"] == "yes_no"


async def test_nothing_but_punctuation_asks_nobody() -> None:
    async def answer(request: web.Request) -> web.Response:
        raise AssertionError("asked")

    async with decider(answer) as server:
        assert (await ask(server, "。。。")).kind is MoveKind.NONSENSE


async def test_a_connection_closed_under_the_turn_is_tried_once_more() -> None:
    tries: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        tries.append(request.path)
        return await closes(request) if len(tries) == 1 else web.json_response(MOVE)

    async with decider(answer) as server:
        assert await ask(server) == Move(MoveKind.ANSWER, 0.9)
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (closes, "unreachable"),
        (gives({"error": "turn_failed"}, 500), "status_500"),
        (gives([]), "empty"),
        (not_json, "malformed"),
        (gives({"a": 1}), "malformed"),
        (gives([{"text": "hi"}]), "malformed"),
        (gives([{"custom": {"move": {"kind": "dance"}}}]), "malformed"),
        (gives([None]), "malformed"),
    ],
)
async def test_no_usable_answer(answer: Answers, code: str) -> None:
    async with decider(answer) as server:
        assert await fault(server) == code


async def test_a_server_that_does_not_answer_in_time() -> None:
    never = asyncio.Event()

    async def waits(request: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    async with decider(waits, 0.1) as server:
        assert await fault(server) == "timeout"
        never.set()


async def test_nobody_there() -> None:
    async with turn_client() as http:
        assert await fault(RasaDecider(f"http://127.0.0.1:{free_port()}", http)) == "unreachable"


async def fault(server: RasaDecider) -> str:
    """The code of the failure, which holds nothing of what was said."""
    with pytest.raises(MoveUnavailable) as caught:
        await ask(server)
    assert WORDS not in repr(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)
