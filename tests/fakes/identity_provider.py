"""A house's identity provider, strict: OpenID Connect Core code flow with PKCE (RFC 7636), real RS256 signatures."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from agent.model.clock import Now

Claims = dict[str, Any]
CLIENT, SECRET = "suifang", "a secret with : and % in it"
PERSON = {"sub": "f3a1-90", "preferred_username": "LiJing", "name": "李静", "roles": ["ward-nurse"], "dept": "0301"}


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class IdentityProvider:
    """Whoever comes to /authorize is `person`; with `asks` they press a button first. `spoils` changes the claims of
    a token before it is signed, `signs_with` the key that signs it, `left_out` what only userinfo tells."""

    issuer: str
    returns_to: str
    now: Now
    person: Claims = field(default_factory=lambda: dict(PERSON))
    asks: bool = False
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    key_id: str = "k1"
    signs_with: rsa.RSAPrivateKey | None = None
    algorithm: str = "RS256"
    spoils: Callable[[Claims], Claims] = lambda claims: claims
    left_out: frozenset[str] = frozenset()
    discovery: Claims = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._codes: dict[str, dict[str, str]] = {}
        self._access: dict[str, Claims] = {}
        self.app = FastAPI()
        for method, path, page in (
            ("GET", "/.well-known/openid-configuration", self._document), ("GET", "/keys", self._keys),
            ("GET", "/authorize", self._authorize), ("POST", "/token", self._token),
            ("GET", "/userinfo", self._userinfo), ("GET", "/leave", self._leave),
        ):  # fmt: skip
            self.app.add_api_route(path, page, methods=[method], response_model=None)

    async def _document(self) -> Response:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys",
                "userinfo_endpoint": "userinfo", "end_session_endpoint": "leave"}  # fmt: skip
        return JSONResponse(
            {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in ends.items()}} | self.discovery
        )

    async def _keys(self) -> Response:
        self.asked.append("keys")
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**jwk, "kid": self.key_id, "use": "sig", "alg": "RS256"}]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.returns_to:
            return HTMLResponse("unknown client or address", 400)  # never redirected
        wanted = {"response_type": "code", "code_challenge_method": "S256"}
        whole = all(len(asked.get(name, "")) >= 20 for name in ("state", "nonce", "code_challenge"))
        fits = all(asked.get(k) == v for k, v in wanted.items()) and "openid" in asked.get("scope", "").split()
        if not (whole and fits):
            return self._back(asked, error="invalid_request")
        if self.asks and "yes" not in asked:
            fields = "".join(f'<input type="hidden" name="{k}" value="{v}">' for k, v in asked.items())
            return HTMLResponse(f'<form action="/authorize">{fields}<button name="yes" value="1">登录</button></form>')
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return self._back(asked, code=code, iss=self.issuer)

    def _back(self, asked: dict[str, str], **values: str) -> Response:
        return RedirectResponse(f"{self.returns_to}?{urlencode({'state': asked.get('state', ''), **values})}", 302)

    async def _token(self, request: Request) -> Response:
        form = {key: value[0] for key, value in parse_qs((await request.body()).decode()).items()}
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(credentials).decode().partition(":") if scheme == "Basic" else ("", "", "")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET) or "client_secret" in form:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)  # good once
        if asked is None or form.get("grant_type") != "authorization_code":
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        self._access[access] = dict(self.person)
        token = {"id_token": self._signed(asked["nonce"]), "access_token": access, "token_type": "Bearer"}
        return JSONResponse(token, headers={"cache-control": "no-store"})

    def logout_token(self, **changes: Any) -> str:
        """What it posts to each client when a person's sessions end; a change of None leaves a claim out."""
        moment, events = int(self.now().timestamp()), {"http://schemas.openid.net/event/backchannel-logout": {}}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": moment,
            "jti": "l1",
            "sub": self.person["sub"],
            "events": events,
        }
        told = {key: value for key, value in (claims | changes).items() if value is not None}
        return jwt.encode(told, self.signs_with or self.key, "RS256", headers={"kid": self.key_id, "typ": "logout+jwt"})

    def _signed(self, nonce: str) -> str:
        moment = int(self.now().timestamp())
        told = {key: value for key, value in self.person.items() if key not in self.left_out}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": moment, "exp": moment + 300, "nonce": nonce, **told}
        key: Any = self.signs_with or self.key
        if self.algorithm == "HS256":  # the public key's bytes as a shared secret: an old trick
            return _by_secret(self.spoils(claims), self.key_id)
        return jwt.encode(self.spoils(claims), key if self.algorithm != "none" else None, self.algorithm,
                          headers={"kid": self.key_id})  # fmt: skip

    async def _userinfo(self, request: Request) -> Response:
        self.asked.append("userinfo")
        person = self._access.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return JSONResponse(person) if person else JSONResponse({"error": "invalid_token"}, 401)

    async def _leave(self, request: Request) -> Response:
        back = request.query_params.get("post_logout_redirect_uri", "")
        known = request.query_params.get("client_id") == CLIENT and self.returns_to.startswith(back.rsplit("/", 1)[0])
        return RedirectResponse(back, 302) if known else HTMLResponse("unknown address", 400)


def _by_secret(claims: Claims, key_id: str) -> str:
    return jwt.encode(claims, b"anybody can know these thirty-two bytes", "HS256", headers={"kid": key_id})
