"""`POST /fhir`: a bundle in, FHIR's own answers out. Behind a token."""

import hmac
import logging
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from agent.exchange.fhir.bundle import BadBundle, Issue
from agent.exchange.fhir.receiver import BundleReceiver, Taken
from agent.store.ports import StoreError

log = logging.getLogger("suifang.fhir")

JSON = "application/fhir+json"
ACCEPTED = (JSON, "application/json")
LONGEST = 5_000_000  # bytes
BAD_FORM = {"structure"}


def fhir_router(receiver: BundleReceiver, token: str) -> APIRouter:
    """`token` is what the sender writes as `Authorization: Bearer …`."""
    router = APIRouter()

    @router.post("/fhir", include_in_schema=False)
    async def bundle(request: Request) -> JSONResponse:
        refusal = _at_the_door(request, token)
        if refusal is not None:
            return refusal
        body = await _body(request)
        if body is None:
            return _outcome(413, [Issue("too-long", "Bundle", f"more than {LONGEST} bytes: send fewer entries")])
        try:
            return _taken(await receiver.receive(body))
        except BadBundle as bad:
            log.warning("fhir bundle refused: %s", ", ".join(issue.code for issue in bad.issues))
            malformed = any(issue.code in BAD_FORM for issue in bad.issues)
            return _outcome(400 if malformed else 422, bad.issues)
        except StoreError as error:
            log.error("fhir bundle not stored: code=%s", error.code)
            return _outcome(503, [Issue("transient", "Bundle", "the store cannot take it now: send it again later")])

    return router


def _at_the_door(request: Request, token: str) -> JSONResponse | None:
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        answer = _outcome(401, [Issue("login", "", "a bearer token is needed")])
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    written = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if written not in ACCEPTED:
        return _outcome(415, [Issue("not-supported", "", f"send {JSON}")])
    return None


async def _body(request: Request) -> bytes | None:
    """None for one that is too long, which is not read to its end."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > LONGEST:
            return None
        parts.append(part)
    return b"".join(parts)


def _taken(taken: Taken) -> JSONResponse:
    if taken.type != "transaction":
        return _outcome(200, [Issue("informational", "Bundle", "、".join(taken.results))], severity="information")
    changed = any(result in ("new_patient", "new_plan") for result in taken.results)
    entry = {"response": {"status": "201 Created" if changed else "200 OK"}}
    answer = {"resourceType": "Bundle", "type": "transaction-response", "entry": [entry] * taken.entries}
    return JSONResponse(answer, 200, media_type=JSON)


def _outcome(status: int, issues: list[Issue], severity: str = "error") -> JSONResponse:
    found: list[dict[str, Any]] = [
        {"severity": severity, "code": issue.code, "diagnostics": issue.text}
        | ({"expression": [issue.expression]} if issue.expression else {})
        for issue in issues
    ]
    return JSONResponse({"resourceType": "OperationOutcome", "issue": found}, status, media_type=JSON)
