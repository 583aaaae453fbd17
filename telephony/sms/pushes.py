"""Where an SMS vendor posts that signs nothing: JSON to an address that only the vendor was told."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from agent.model.clock import HOSPITAL_ZONE

BODY_LIMIT = 262_144
CHINA = "+86"

Take = Callable[[Any], Awaitable[Response]]
"""The posted JSON, whatever it is → the answer the vendor's page asks for."""


def push_router(vendor: str, secret: str, takes: Mapping[str, Take]) -> APIRouter:
    """POST /<vendor>/sms/<secret>/<kind>: 404 with another secret, 400 for what is no JSON, 413 for too much of it."""
    routes = APIRouter(prefix=f"/{vendor}/sms")

    @routes.post("/{given}/{kind}", include_in_schema=False)
    async def pushed(given: str, kind: str, request: Request) -> Response:
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()) or kind not in takes:
            return PlainTextResponse("no such address", 404)
        raw = b""
        async for part in request.stream():
            raw += part
            if len(raw) > BODY_LIMIT:
                return PlainTextResponse("too long", 413)
        try:
            body = json.loads(raw)
        except ValueError:
            return PlainTextResponse("not JSON", 400)
        return await takes[kind](body)

    return routes


def answer(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status)


def objects(body: Any) -> list[dict[str, Any]]:
    """The posted objects, whether alone or in a list; anything else is left out."""
    given = body if isinstance(body, list) else [body]
    return [each for each in given if isinstance(each, dict)]


def e164(mobile: Any, country: Any = "86") -> str:
    """A number as vendors write it (13900000001, 8613900000001, +86…) as E.164."""
    digits, code = str(mobile or "").lstrip("+"), str(country or "86").lstrip("+")
    digits = digits.removeprefix("00")
    return f"+{digits}" if digits.startswith(code) and len(digits) > 11 else f"+{code}{digits}"


def written_at(text: Any, now: datetime) -> datetime:
    """ "2017-01-01 00:00:00" at the hospital; now where it is no time or lies ahead."""
    try:
        at = datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=HOSPITAL_ZONE)
    except ValueError:
        return now
    return min(at.astimezone(now.tzinfo), now)
