"""The carrier's published description, loaded for checking, with the formats only the carrier knows."""

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

BASE = "https://api.twilio.com"
FORM = "application/x-www-form-urlencoded"


def _rfc2822(value: Any) -> bool:
    try:
        return parsedate_to_datetime(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _e164(value: Any) -> bool:
    return re.fullmatch(r"\+[1-9]\d{6,14}", value) is not None


FORMATS = {
    "phone-number": _e164,
    "endpoint": _e164,
    "date-time-rfc-2822": _rfc2822,
    "currency": lambda value: re.fullmatch("[A-Z]{3}", value) is not None,
    "uri-map": lambda value: all(isinstance(uri, str) and uri.startswith("/2010-04-01/") for uri in value.values()),
    "http-method": lambda value: value in ("GET", "POST"),
    "twiml": lambda value: isinstance(value, str),
}


def load() -> OpenAPI:
    """Array form fields get the encoding they have on the wire, and maps of URIs their free names, which the
    description leaves out; of a response every documented property is required and no other is allowed."""
    text = (Path(__file__).parent / "data" / "twilio_small.json").read_text(encoding="utf-8")
    description = json.loads(text)
    for path in description["paths"].values():
        for content in path.get("post", {}).get("requestBody", {}).get("content", {}).values():
            arrays = [name for name, field in content["schema"]["properties"].items() if field.get("type") == "array"]
            content["encoding"] = {name: {"style": "form", "explode": True} for name in arrays}
    for schema in description["components"]["schemas"].values():
        for field in schema.get("properties", {}).values():
            if field.get("format") == "uri-map":
                field["additionalProperties"] = {"type": "string"}
    config = Config(
        extra_format_validators=FORMATS,
        extra_format_unmarshallers={name: str for name in FORMATS if name != "uri-map"} | {"uri-map": dict},
        response_properties_default_policy="required",
        additional_properties_default_policy="forbid",
    )
    return OpenAPI.from_dict(description, config=config)


def errors(published: OpenAPI, request: httpx.Request, response: httpx.Response) -> list[str]:
    """What the description finds wrong with one exchange; empty for an error response, which it does not describe."""
    if response.status_code >= 400:
        return []
    asked = MockRequest(
        BASE,
        request.method.lower(),
        request.url.path,
        args=dict(request.url.params),
        headers={"Authorization": request.headers.get("authorization", "")},
        data=request.content or None,
        content_type=FORM if request.content else "",
    )
    answer = MockResponse(response.content, response.status_code, content_type=response.headers.get("content-type", ""))
    results = (published.unmarshal_request(asked), published.unmarshal_response(asked, answer))
    return [f"{error} {error.__cause__ or ''}" for result in results for error in result.errors]
