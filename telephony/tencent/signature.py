"""TC3-HMAC-SHA256, the request signature that Tencent Cloud publishes for its API, version 3 (pure)."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED = "content-type;host;x-tc-action"


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    secret: str = field(repr=False)


def authorization(key: Key, host: str, action: str, stamp: int, body: bytes) -> str:
    """The Authorization header for POST / with a JSON body; the host's first part names the service, `stamp` in
    seconds."""
    service = host.split(".")[0].split(":")[0]
    lines = f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    request = "\n".join(["POST", "/", "", lines, SIGNED, hashlib.sha256(body).hexdigest()])
    day = f"{datetime.fromtimestamp(stamp, UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join([ALGORITHM, str(stamp), scope, hashlib.sha256(request.encode()).hexdigest()])
    signing = f"TC3{key.secret}".encode()
    for part in (day, service, "tc3_request"):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"
