"""FHIR bundles by REST: what they do, and what is said about a wrong one."""

import copy
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from agent.exchange.fhir.receiver import BundleReceiver
from agent.exchange.receiving import Parts
from agent.model.contact import ContactStatus
from agent.store.ports import Store
from intake.fhir_routes import JSON, fhir_router
from tests.contract.test_hl7_intake import ByWord

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TOKEN = "a-token-of-some-length-for-tests"
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"type": {"coding": [{"code": "MR"}]}, "value": "Z26110317"},
        {"type": {"coding": [{"code": "NI"}]}, "value": "110101194803070420"},
    ],
    "name": [{"text": "王秀兰"}],
    "telecom": [
        {"system": "phone", "value": "0571-87654321"},
        {"system": "phone", "value": "13490000001", "use": "mobile"},
    ],
    "gender": "female",
    "birthDate": "1948-03-07",
    "contact": [
        {"name": {"family": "刘", "given": ["建军"]}, "telecom": [{"system": "phone", "value": "13490000101"}]}
    ],
}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e1",
    "identifier": [{"value": "V77"}],
    "status": "finished",
    "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p1"},
    "period": {"end": "2026-11-20T09:30:00+08:00"},
    "serviceType": {"text": "心内科"},
    "diagnosis": [{"condition": {"reference": "urn:uuid:c1"}}],
}
CONDITION = {
    "resourceType": "Condition",
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I50.0"}], "text": "心力衰竭"},
    "subject": {"reference": "Patient/p1"},
}
OTHER = {"resourceType": "Condition", "code": {"text": "高血压"}, "subject": {"reference": "Patient/p1"}}


def bundle(kind: str = "transaction", **changes: dict[str, Any]) -> dict[str, Any]:
    """`patient`, `encounter`, `condition`: elements laid over the resource's own."""
    resources = [
        ("https://his/fhir/Patient/p1", copy.deepcopy(PATIENT) | changes.get("patient", {})),
        (None, copy.deepcopy(ENCOUNTER) | changes.get("encounter", {})),
        ("urn:uuid:c1", copy.deepcopy(CONDITION) | changes.get("condition", {})),
        ("urn:uuid:c2", OTHER),
    ]
    entries = [{"resource": resource} | ({"fullUrl": url} if url else {}) for url, resource in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


FIRST, SECOND = "Bundle.entry[0].resource", "Bundle.entry[1].resource"


class Client:
    def __init__(self, http: httpx.AsyncClient, store: Store) -> None:
        self._http, self.store = http, store

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"authorization": f"Bearer {TOKEN}", "content-type": JSON} | headers
        return await self._http.post("/fhir", content=content, headers=sent)

    async def due(self) -> list[int]:
        async with self.store.transaction(write=False) as records:
            return [contact.node_day for contact in await records.contacts(status=ContactStatus.DUE)]


@pytest.fixture
async def client(store: Store) -> AsyncIterator[Client]:
    ids = count(1)
    app = FastAPI()
    parts = Parts(store, ByWord(), lambda moment: moment, lambda: NOW, lambda: f"id{next(ids):05}")
    app.include_router(fhir_router(BundleReceiver(parts), TOKEN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        yield Client(http, store)


def issue(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == JSON
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return dict(outcome["issue"][0])


async def test_a_finished_stay_makes_the_plan_once(client: Client) -> None:
    answer = await client.post(bundle())
    assert answer.status_code == 200 and answer.headers["content-type"] == JSON
    assert answer.json()["type"] == "transaction-response"
    assert [entry["response"]["status"] for entry in answer.json()["entry"]] == ["201 Created"] * 4
    assert await client.due() == [3, 7, 30]
    again = await client.post(bundle())
    assert again.json()["entry"][0]["response"]["status"] == "200 OK"
    assert await client.due() == [3, 7, 30]
    async with client.store.transaction(write=False) as records:
        (patient,) = await records.patients()
        (stay,) = await records.stays(patient.id)
    assert (patient.phone, patient.hospital_number, patient.id_last4, patient.department) == (
        "+8613490000001", "Z26110317", "0420", "心内科",
    )  # fmt: skip
    assert (patient.caregiver_name, patient.caregiver_phone, patient.birth_year) == ("刘建军", "+8613490000101", 1948)
    assert (stay.visit, stay.diagnosis, stay.icd10) == ("V77", "心力衰竭", ("I50.0",))


async def test_a_collection_is_told_by_an_outcome(client: Client) -> None:
    answer = await client.post(bundle("collection"), **{"content-type": f"{JSON}; charset=utf-8"})
    assert issue(answer)["severity"] == "information"
    assert await client.due() == [3, 7, 30]


async def test_a_stay_that_goes_on_after_all_cancels_and_the_end_plans_again(client: Client) -> None:
    await client.post(bundle())
    assert (await client.post(bundle(encounter={"status": "in-progress", "period": {}}))).status_code == 200
    assert await client.due() == []
    await client.post(bundle())
    assert await client.due() == [3, 7, 30]
    await client.post(bundle(encounter={"status": "entered-in-error"}))
    assert await client.due() == []


async def test_death_cancels_everything(client: Client) -> None:
    await client.post(bundle())
    alone = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": PATIENT | {"deceasedBoolean": True}}],
    }
    assert (await client.post(alone)).status_code == 200
    assert await client.due() == []
    async with client.store.transaction(write=False) as records:
        assert [card.rule for card in await records.escalations()] == ["death_reported"]


async def test_one_wrong_entry_takes_all_back(client: Client) -> None:
    two = bundle()
    stranger = PATIENT | {"id": "p2", "name": [{"text": "李梅"}], "birthDate": "1980-01-01"}  # the first one's numbers
    two["entry"] += [
        {"resource": stranger},
        {"resource": ENCOUNTER | {"id": "e2", "subject": {"reference": "Patient/p2"}}},
    ]
    answer = await client.post(two)
    assert answer.status_code == 422
    assert issue(answer)["expression"] == ["Bundle.entry[5].resource"]
    assert await client.due() == []


@pytest.mark.parametrize(
    ("body", "status", "code", "expression"),
    [
        (b"{", 400, "structure", "Bundle"),
        (b"[]", 422, "value", "Bundle"),
        ({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": PATIENT}]}, 422, "value", "Bundle.type"),
        ({"resourceType": "Bundle", "type": "collection", "entry": []}, 422, "required", "Bundle.entry"),
        (bundle(patient={"birthDate": "7.3.1948"}), 422, "value", f"{FIRST}.birthDate"),
        (bundle(patient={"name": []}), 422, "required", f"{FIRST}.name"),
        (bundle(patient={"gender": "F"}), 422, "value", f"{FIRST}.gender"),
        (bundle(patient={"telecom": [{"system": "phone", "value": "1"}]}), 422, "value", f"{FIRST}.telecom"),
        (bundle(patient={"telecom": []}), 422, "required", f"{SECOND}.subject"),
        (bundle(encounter={"status": "done"}), 422, "value", f"{SECOND}.status"),
        (bundle(encounter={"subject": {"reference": "Patient/p9"}}), 422, "not-found", f"{SECOND}.subject.reference"),
        (bundle(encounter={"period": {}}), 422, "required", f"{SECOND}.period.end"),
        (bundle(encounter={"period": {"end": "2026-12-01"}}), 422, "business-rule", f"{SECOND}.period.end"),
        (bundle(condition={"code": {"text": "骨折"}}), 422, "business-rule", f"{SECOND}.diagnosis"),
    ],
)  # fmt: skip
async def test_a_wrong_element_is_named(client: Client, body: Any, status: int, code: str, expression: str) -> None:
    answer = await client.post(body)
    found = issue(answer)
    assert (answer.status_code, found["code"], found["expression"]) == (status, code, [expression])
    assert "王秀兰" not in answer.text and "1349000" not in answer.text
    assert await client.due() == []


async def test_the_door(client: Client) -> None:
    for wrong in ("Bearer nearly", "", TOKEN):
        answer = await client.post(bundle(), authorization=wrong)
        assert (answer.status_code, issue(answer)["code"]) == (401, "login")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await client.post(bundle(), **{"content-type": "application/xml"})).status_code == 415
    assert (await client.post(b" " * 5_000_001)).status_code == 413
    assert await client.due() == []
