"""The published REST calls of one account, with their published error bodies."""

import base64
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from telephony.simulator.config import SimulatorConfig
from telephony.simulator.exchange import Exchange
from telephony.simulator.messages import Messages
from telephony.simulator.records import API_VERSION, ENDED, CallRecord

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_ACCOUNT = f"/{API_VERSION}/Accounts/{{account_sid}}"
_TWIML_LIMIT = 4_000
_PAGE_LIMIT = 1_000

Form = dict[str, list[str]]


class ApiError(Exception):
    """An error body as published: code, message, more_info, status."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def response(self) -> JSONResponse:
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        body = {"code": self.code, "message": str(self), "more_info": more_info, "status": self.status}
        headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if self.status == 401 else {}
        return JSONResponse(body, self.status, headers)


def _not_found(request: Request) -> ApiError:
    return ApiError(404, 20404, f"The requested resource {request.url.path} was not found")


def _number(form: Form, name: str, missing: tuple[int, str], invalid: int) -> str:
    value = form.get(name, [""])[0]
    if not value:
        raise ApiError(400, *missing)
    if not _E164.fullmatch(value):
        raise ApiError(400, invalid, f"Invalid '{name}' Phone Number: {value}")
    return value


async def _form(request: Request) -> Form:
    return parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


class Api:
    """Handlers by resource; every one runs behind the account check."""

    def __init__(self, config: SimulatorConfig, exchange: Exchange, messages: Messages) -> None:
        self._config, self._exchange, self._messages = config, exchange, messages

    def guarded(self, handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                self._check_account(request)
                return await handle(request)
            except ApiError as error:
                return error.response()

        return endpoint

    def _check_account(self, request: Request) -> None:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        pair = f"{self._config.account_sid}:{self._config.auth_token}"
        expected = base64.b64encode(pair.encode()).decode("ascii")
        if kind.lower() != "basic" or not hmac.compare_digest(given.encode(), expected.encode()):
            raise ApiError(401, 20003, "Authenticate")
        if request.path_params["account_sid"] != self._config.account_sid:
            raise _not_found(request)

    async def create_call(self, request: Request) -> Response:
        form = await _form(request)
        to = _number(form, "To", (21201, "No 'To' number is specified"), 21211)
        from_ = _number(form, "From", (21213, "No 'From' number is specified"), 21212)
        if self._config.from_numbers and from_ not in self._config.from_numbers:
            raise ApiError(400, 21210, f"The source phone number provided, {from_}, is not yet verified")
        if not any(form.get(name) for name in ("Url", "Twiml")):
            raise ApiError(400, 21205, "Url parameter is required.")
        if self._exchange.refuses(to):
            raise ApiError(500, 20500, "Internal Server Error")
        call = self._exchange.dial(self._config.account_sid, form)
        return JSONResponse(call.resource(), 201)

    async def list_calls(self, request: Request) -> Response:
        query = request.query_params
        calls = [call for call in self._exchange.calls.values() if _matches(call, dict(query))]
        calls.sort(key=lambda call: call.created, reverse=True)
        return _page(request, "calls", [call.resource() for call in calls])

    async def fetch_call(self, request: Request) -> Response:
        return JSONResponse(self._call(request).resource())

    async def update_call(self, request: Request) -> Response:
        call, form = self._call(request), await _form(request)
        status = form.get("Status", [""])[0]
        document = {name: form[name][0] for name in ("Twiml", "Url") if form.get(name, [""])[0]}
        if status not in ("completed", "canceled") and not (document and not status):
            raise ApiError(400, 21218, "This carrier updates Status, to completed or canceled, or Twiml, or Url")
        if len(document) > 1:
            raise ApiError(400, 21218, "Twiml and Url exclude each other")
        if len(document.get("Twiml", "")) > _TWIML_LIMIT:
            raise ApiError(400, 21625, f"Twiml is longer than {_TWIML_LIMIT} characters")
        if call.status in ENDED or (document and call.status != "in-progress"):
            raise ApiError(400, 21220, "Call is not in-progress. Cannot redirect.")
        if document:
            call.redirect = document
            return JSONResponse(call.resource())
        if status == "completed" or call.status in ("queued", "ringing"):
            call.hang_up.set()
        return JSONResponse(call.resource())

    async def list_recordings(self, request: Request) -> Response:
        """Always empty: this product records for itself."""
        self._call(request)
        return _page(request, "recordings", [])

    async def create_message(self, request: Request) -> Response:
        form = await _form(request)
        to = _number(form, "To", (21604, "A 'To' phone number is required."), 21211)
        service = form.get("MessagingServiceSid", [""])[0] or None
        from_ = form.get("From", [""])[0] or None
        if not from_ and not service:
            raise ApiError(400, 21603, "A 'From' phone number is required.")
        body = form.get("Body", [""])[0]
        if not body:
            raise ApiError(400, 21602, "Message body is required.")
        if len(body) > _BODY_LIMIT:
            raise ApiError(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        callback = form.get("StatusCallback", [""])[0]
        message = self._messages.send(to=to, from_=from_, service_sid=service, body=body, callback=callback)
        return JSONResponse(message.resource(), 201)

    async def list_messages(self, request: Request) -> Response:
        to, from_ = request.query_params.get("To"), request.query_params.get("From")
        found = [m for m in self._messages.sent.values() if to in (None, m.to) and from_ in (None, m.from_)]
        found.sort(key=lambda message: message.created, reverse=True)
        return _page(request, "messages", [message.resource() for message in found])

    async def fetch_media(self, request: Request) -> Response:
        """With the account's name and password, as an account that protects its media is set."""
        found = self._messages.media.get(request.path_params["media_sid"])
        if found is None:
            raise _not_found(request)
        return Response(found[0], media_type=found[1])

    async def fetch_message(self, request: Request) -> Response:
        message = self._messages.sent.get(request.path_params["sid"])
        if message is None:
            raise _not_found(request)
        return JSONResponse(message.resource())

    def _call(self, request: Request) -> CallRecord:
        call = self._exchange.calls.get(request.path_params["sid"])
        if call is None:
            raise _not_found(request)
        return call


def _matches(call: CallRecord, query: dict[str, str]) -> bool:
    wanted = {"To": call.to, "From": call.from_, "Status": call.status}
    if any(name in query and query[name] != value for name, value in wanted.items()):
        return False
    times = {"StartTime": call.started, "EndTime": call.ended}
    return all(_in_time(query, name, at) for name, at in times.items())


def _in_time(query: dict[str, str], name: str, at: datetime | None) -> bool:
    """`Name` is a day, `Name<` and `Name>` bounds (inclusive); a call without the time matches no filter on it."""
    bounds = [(sign, _moment(query[name + sign])) for sign in ("", "<", ">") if name + sign in query]
    if bounds and at is None:
        return False
    return all(
        at is None or (at <= moment if sign == "<" else at >= moment if sign else moment <= at < moment + _DAY)
        for sign, moment in bounds
    )


_DAY = timedelta(days=1)
_BODY_LIMIT = 1600


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(400, 20001, "A date is not in ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(request: Request, name: str, items: Sequence[dict[str, Any]]) -> Response:
    query = dict(request.query_params)
    try:
        page, size = int(query.pop("Page", "0")), int(query.pop("PageSize", "50"))
    except ValueError:
        raise ApiError(400, 20001, "Page and PageSize are numbers") from None
    query.pop("PageToken", None)
    size = min(max(size, 1), _PAGE_LIMIT)

    def uri(number: int) -> str:
        return f"{request.url.path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    first, last = page * size, min((page + 1) * size, len(items))
    body = {
        name: items[first:last],
        "page": page,
        "page_size": size,
        "start": first,
        "end": max(first, last - 1),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page else None,
        "next_page_uri": uri(page + 1) if last < len(items) else None,
    }
    return JSONResponse(body)


def rest_router(config: SimulatorConfig, exchange: Exchange, messages: Messages) -> APIRouter:
    api = Api(config, exchange, messages)
    routes = APIRouter()
    for method, path, handle in (
        ("POST", "/Calls.json", api.create_call),
        ("GET", "/Calls.json", api.list_calls),
        ("GET", "/Calls/{sid}.json", api.fetch_call),
        ("POST", "/Calls/{sid}.json", api.update_call),
        ("GET", "/Calls/{sid}/Recordings.json", api.list_recordings),
        ("POST", "/Messages.json", api.create_message),
        ("GET", "/Messages.json", api.list_messages),
        ("GET", "/Messages/{sid}.json", api.fetch_message),
        ("GET", "/Messages/{sid}/Media/{media_sid}", api.fetch_media),
    ):
        routes.add_api_route(_ACCOUNT + path, api.guarded(handle), methods=[method], include_in_schema=False)
    return routes
