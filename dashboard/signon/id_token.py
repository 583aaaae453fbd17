"""An ID token's checks: signature by the provider's keys, and OpenID Connect Core 3.1.3.7 one by one."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from dashboard.signon.errors import Reason, SignOnError

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a private key alone: never none, never a shared secret."""
LEEWAY_SECONDS = 60.0  # by how much two machines' clocks may differ
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")
NEEDED_TO_END = ("iss", "sub", "aud", "iat", "jti", "events")
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_SECONDS = 120  # how long a logout token without an end of its own is believed


@dataclass(frozen=True, slots=True)
class KeySet:
    """A provider's keys for signatures."""

    keys: tuple[jwt.PyJWK, ...]

    def holds(self, token: str) -> bool:
        return self.key_of(token) is not None

    def key_of(self, token: str) -> jwt.PyJWK | None:
        """By the token's key id; a token without one is a lone key's."""
        try:
            named = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError:
            return None
        if named is None:
            return self.keys[0] if len(self.keys) == 1 else None
        return next((key for key in self.keys if key.key_id == named), None)


def key_set(document: Mapping[str, Any]) -> KeySet:
    """Raises SignOnError where none is usable."""
    try:
        found = jwt.PyJWKSet.from_dict(dict(document))
    except (jwt.PyJWTError, AttributeError):
        raise SignOnError(Reason.UNREACHABLE, "no usable keys") from None
    usable = (each for each in found if each.algorithm_name in ALGORITHMS and each.public_key_use in (None, "sig"))
    keys = tuple(usable)
    if not keys:
        raise SignOnError(Reason.UNREACHABLE, "no usable keys")
    return KeySet(keys)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token for us must say; `nonce` that of this login."""

    issuer: str
    audience: str
    nonce: str = ""


def checked(token: str, keys: KeySet, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims of a token that passes every check. Raises SignOnError naming the one it fails."""
    claims = _signed(token, keys, expected, NEEDED)
    _to_us(claims, expected.audience)
    _in_time(claims, now.timestamp())
    if not hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()):
        raise SignOnError(Reason.UNTRUSTED, "nonce")
    return claims


def signed_out(token: str, keys: KeySet, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims of a logout token by OpenID Connect Back-Channel Logout 1.0, 2.6, that names a person. Raises
    SignOnError."""
    claims = _signed(token, keys, expected, NEEDED_TO_END)
    events = claims["events"]
    if not isinstance(events, Mapping) or SIGNED_OUT not in events or "nonce" in claims:
        raise SignOnError(Reason.UNTRUSTED, "no logout token")
    begun = claims["iat"]
    _in_time({"exp": begun + LOGOUT_SECONDS if isinstance(begun, int) else None, **claims}, now.timestamp())
    return claims


def _signed(token: str, keys: KeySet, expected: Expected, needed: Sequence[str]) -> Mapping[str, Any]:
    """What a key of the provider's signed for us; the times are held against our own clock by the caller."""
    key = keys.key_of(token)
    if key is None:
        raise SignOnError(Reason.UNTRUSTED, "key")
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token, key, algorithms=[key.algorithm_name], issuer=expected.issuer, audience=expected.audience,
            options={"require": list(needed), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise SignOnError(Reason.UNTRUSTED, type(error).__name__) from None
    return claims


def _to_us(claims: Mapping[str, Any], audience: str) -> None:
    """A token for several is ours only where it says that we asked for it."""
    party = claims.get("azp")
    if (party is not None and party != audience) or (party is None and claims["aud"] not in (audience, [audience])):
        raise SignOnError(Reason.UNTRUSTED, "azp")


def _in_time(claims: Mapping[str, Any], moment: float) -> None:
    times = [claims["exp"], claims["iat"], claims.get("nbf", 0)]
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in times):
        raise SignOnError(Reason.UNTRUSTED, "times")
    ends, begins = times[0], max(times[1:])
    if ends <= moment - LEEWAY_SECONDS:
        raise SignOnError(Reason.UNTRUSTED, "exp")
    if begins > moment + LEEWAY_SECONDS:
        raise SignOnError(Reason.UNTRUSTED, "iat")
