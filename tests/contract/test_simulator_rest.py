"""The simulated carrier against the carrier's own published description, request by request."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from openapi_core import OpenAPI

from agent.model.clock import utc_now
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.persona import Faults, Persona
from tests.contract.published import BASE, errors, load
from tests.fakes.carrier import ACCOUNT, PATIENT, ROBOT, TOKEN

CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
DIAL = {"To": PATIENT, "From": ROBOT, "Url": "http://127.0.0.1:1/voice"}


@pytest.fixture(scope="session")
def published() -> OpenAPI:
    return load()


class Checked(httpx.AsyncBaseTransport):
    """Passes requests on to the simulator and holds both directions against the description."""

    def __init__(self, published: OpenAPI, transport: httpx.AsyncBaseTransport) -> None:
        self._published, self._transport = published, transport
        self.errors: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        await response.aread()
        self.errors += errors(self._published, request, response)
        return response


@pytest.fixture
async def carrier(published: OpenAPI) -> AsyncIterator[httpx.AsyncClient]:
    personas = {
        PATIENT: Persona(PATIENT, "away", answers=False),
        "+8613800000009": Persona("+8613800000009", "broken", answers=False, faults=Faults(rest_errors=1)),
    }
    app = create_app(SimulatorConfig(ACCOUNT, TOKEN), personas)
    transport = Checked(published, httpx.ASGITransport(app))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE, auth=(ACCOUNT, TOKEN)) as client,
    ):
        yield client
    assert transport.errors == []


async def test_a_call_is_created_listed_fetched_and_cancelled(carrier: httpx.AsyncClient) -> None:
    form = {**DIAL, "StatusCallbackEvent": ["initiated", "completed"], "Timeout": "20", "MachineDetection": "Enable"}
    created = await carrier.post(CALLS, data=form)
    assert created.status_code == 201
    call = created.json()
    assert (call["status"], call["to"], call["from"]) == ("queued", PATIENT, ROBOT)
    listed = (await carrier.get(CALLS, params={"To": PATIENT})).json()
    assert [each["sid"] for each in listed["calls"]] == [call["sid"]]
    assert (await carrier.get(call["uri"])).json()["sid"] == call["sid"]
    assert (await carrier.post(call["uri"], data={"Status": "completed"})).status_code == 200
    recordings = await carrier.get(call["subresource_uris"]["recordings"])
    assert recordings.json()["recordings"] == []


async def test_lists_are_filtered_newest_first_and_paged(carrier: httpx.AsyncClient) -> None:
    sids = [(await carrier.post(CALLS, data=DIAL)).json()["sid"] for _ in range(3)]
    await asyncio.sleep(0)  # a call has a start time once it is dialled
    first = (await carrier.get(CALLS, params={"PageSize": 2})).json()
    assert [call["sid"] for call in first["calls"]] == sids[:0:-1]
    rest = (await carrier.get(first["next_page_uri"])).json()
    assert [call["sid"] for call in rest["calls"]] == sids[:1] and rest["next_page_uri"] is None
    tomorrow = (utc_now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (await carrier.get(CALLS, params={"StartTime>": tomorrow})).json()["calls"] == []
    assert len((await carrier.get(CALLS, params={"StartTime<": tomorrow})).json()["calls"]) == 3
    assert (await carrier.get(CALLS, params={"To": "+8613800000008"})).json()["calls"] == []


async def test_a_message_is_created_listed_and_fetched(carrier: httpx.AsyncClient) -> None:
    created = await carrier.post(MESSAGES, data={"To": PATIENT, "From": ROBOT, "Body": "您" * 71})
    assert created.status_code == 201
    message = created.json()
    assert (message["status"], message["num_segments"]) == ("queued", "2")
    assert len((await carrier.get(MESSAGES, params={"To": PATIENT})).json()["messages"]) == 1
    assert (await carrier.get(message["uri"])).json()["sid"] == message["sid"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": ROBOT, "Url": "http://x/"}, 21201),
        ({**DIAL, "To": "138"}, 21211),
        ({**DIAL, "To": "+86138oooo0001"}, 21211),
        ({**DIAL, "From": "me"}, 21212),
        ({"To": PATIENT, "Url": "http://x/"}, 21213),
        ({"To": PATIENT, "From": ROBOT}, 21205),
    ],
)
async def test_refusals_carry_the_published_body(carrier: httpx.AsyncClient, form: dict[str, str], code: int) -> None:
    refused = await carrier.post(CALLS, data=form)
    body = refused.json()
    assert refused.status_code == body["status"] == 400
    assert body["code"] == code and body["message"] and body["more_info"].endswith(f"/{code}")
    assert (await carrier.get(CALLS)).json()["calls"] == []


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN)])
async def test_without_the_accounts_secret_nothing_is_served(carrier: httpx.AsyncClient, auth: Any) -> None:
    headers = {} if auth else {"Authorization": "Basic garbage"}
    refused = await carrier.get(CALLS, auth=auth, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, 20003)


async def test_what_does_not_exist_is_404(carrier: httpx.AsyncClient) -> None:
    for path in (CALLS.replace(".json", f"/CA{'0' * 32}.json"), MESSAGES.replace(".json", f"/SM{'0' * 32}.json")):
        missing = await carrier.get(path)
        assert (missing.status_code, missing.json()["code"]) == (404, 20404)


async def test_a_call_that_is_over_cannot_be_changed(carrier: httpx.AsyncClient) -> None:
    call = (await carrier.post(CALLS, data={**DIAL, "To": "+8613800000007"})).json()  # nobody's number: fails
    while (await carrier.get(call["uri"])).json()["status"] != "failed":  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    assert (await carrier.post(call["uri"], data={"Status": "completed"})).json()["code"] == 21220


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 21218),
        ({"Status": "ringing"}, 21218),
        ({"Twiml": "<Response/>", "Url": "http://x/"}, 21218),
        ({"Twiml": "<Response>" + "x" * 4_000 + "</Response>"}, 21625),
        ({"Twiml": "<Response/>"}, 21220),  # still ringing
    ],
)
async def test_a_living_call_is_given_another_document_only_as_published(
    carrier: httpx.AsyncClient, form: dict[str, str], code: int
) -> None:
    call = (await carrier.post(CALLS, data=DIAL)).json()
    refused = await carrier.post(call["uri"], data=form)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


async def test_an_ordered_failure_of_the_api_comes_once(carrier: httpx.AsyncClient) -> None:
    form = {**DIAL, "To": "+8613800000009"}
    assert (await carrier.post(CALLS, data=form)).status_code == 500
    assert (await carrier.post(CALLS, data=form)).status_code == 201
