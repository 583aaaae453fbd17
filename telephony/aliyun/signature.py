"""ACS3-HMAC-SHA256, the request signature that Alibaba Cloud publishes for its OpenAPI, version 3 (pure)."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(query: Mapping[str, str]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(query[name])}" for name in sorted(query))


def authorization(key_id: str, secret: str, method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The Authorization header for a request to "/"; `headers` are host and every x-acs-* one, names in lower case."""
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join([method, "/", canonical_query(query), lines, signed, headers["x-acs-content-sha256"]])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
