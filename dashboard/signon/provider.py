"""The identity provider's side of a login: its discovery document and keys, the code for a token, what it says."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from agent.model.clock import Now
from dashboard.signon.errors import Reason, SignOnError
from dashboard.signon.id_token import Expected, KeySet, checked, key_set, signed_out
from dashboard.signon.tickets import Ticket

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT = timedelta(hours=1)  # how long the discovery document and the keys are believed
ASK_AGAIN = timedelta(seconds=30)  # an unknown key is looked for no more often
LARGEST = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """`return_url` is the address registered with the provider; no secret: a public client."""

    issuer: str
    client_id: str
    return_url: str
    secret: str = field(default="", repr=False)
    scopes: str = "openid profile"


@dataclass(frozen=True, slots=True)
class Endpoints:
    authorize: str
    token: str
    keys: str
    userinfo: str | None
    leave: str | None
    secret_in_form: bool  # client_secret_post, where the provider does not take the header


class Provider:
    """Knows one issuer. `client` opens a connection for one exchange."""

    def __init__(self, account: ProviderAccount, client: Callable[[], httpx.AsyncClient], now: Now) -> None:
        self.account, self._client, self._now = account, client, now
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def way_in(self, ticket: Ticket) -> str:
        """Where the browser goes to log in. Raises SignOnError."""
        asked = {
            "response_type": "code", "client_id": self.account.client_id, "redirect_uri": self.account.return_url,
            "scope": self.account.scopes, "state": ticket.state, "nonce": ticket.nonce,
            "code_challenge": ticket.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return _with_query((await self.endpoints()).authorize, asked)

    async def way_out(self, back: str) -> str | None:
        """Where the browser ends the provider's own session; None where it offers no such page."""
        leave = (await self.endpoints()).leave
        asked = {"client_id": self.account.client_id, "post_logout_redirect_uri": back}
        return _with_query(leave, asked) if leave else None

    async def claims(self, code: str, ticket: Ticket, wanted: Collection[str]) -> Mapping[str, Any]:
        """What the provider says of the person; it is asked for more where the token lacks something `wanted`. Raises
        SignOnError."""
        ends = await self.endpoints()
        told = await self._tokens(ends, code, ticket)
        token, access = told.get("id_token"), told.get("access_token")
        if not isinstance(token, str):
            raise SignOnError(Reason.UNREACHABLE, "no id_token")
        claims = await self._checked(token, ticket.nonce)
        complete = all(each in claims or each.split(".")[0] in claims for each in wanted)
        if complete or ends.userinfo is None or not isinstance(access, str):
            return claims
        more = await self._json("GET", ends.userinfo, headers={"authorization": f"Bearer {access}"})
        if more.get("sub") != claims["sub"]:
            raise SignOnError(Reason.UNTRUSTED, "userinfo is about somebody else")
        return {**more, **claims}

    async def endpoints(self) -> Endpoints:
        """From the discovery document, which must be about this very issuer. Raises SignOnError."""
        if self._endpoints is None or self._now() - self._endpoints[0] > KEPT:
            document = await self._json("GET", self.account.issuer.rstrip("/") + WELL_KNOWN)
            if document.get("issuer") != self.account.issuer:
                raise SignOnError(Reason.UNREACHABLE, "the discovery document names another issuer")
            self._endpoints = (self._now(), _endpoints(document))
        return self._endpoints[1]

    async def keys(self, *, anew: bool = False) -> KeySet:
        """The provider's signing keys. Raises SignOnError."""
        age = self._now() - self._keys[0] if self._keys else KEPT
        if self._keys is None or age >= KEPT or (anew and age >= ASK_AGAIN):
            self._keys = (self._now(), key_set(await self._json("GET", (await self.endpoints()).keys)))
        return self._keys[1]

    async def _checked(self, token: str, nonce: str) -> Mapping[str, Any]:
        """Signed by a key of the provider's; a key that is not known may be a new one."""
        expected = Expected(self.account.issuer, self.account.client_id, nonce)
        return checked(token, await self._keys_of(token), expected, self._now())

    async def signed_out(self, token: str) -> Mapping[str, Any]:
        """Whose sessions the provider ends. Raises SignOnError."""
        expected = Expected(self.account.issuer, self.account.client_id)
        return signed_out(token, await self._keys_of(token), expected, self._now())

    async def _keys_of(self, token: str) -> KeySet:
        keys = await self.keys()
        return keys if keys.holds(token) else await self.keys(anew=True)

    async def _tokens(self, ends: Endpoints, code: str, ticket: Ticket) -> Mapping[str, Any]:
        account = self.account
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": account.return_url,
            "code_verifier": ticket.verifier,
        }  # fmt: skip
        header = None
        if not account.secret:
            form["client_id"] = account.client_id
        elif ends.secret_in_form:
            form |= {"client_id": account.client_id, "client_secret": account.secret}
        else:  # RFC 6749, 2.3.1: both parts are form-encoded before they become a header
            header = httpx.BasicAuth(quote(account.client_id, safe=""), quote(account.secret, safe=""))
        return await self._json("POST", ends.token, data=form, auth=header)

    async def _json(self, method: str, url: str, **asked: Any) -> Mapping[str, Any]:
        """A JSON object from the provider; redirects are not followed."""
        if not trusted(url):
            raise SignOnError(Reason.UNREACHABLE, f"{urlsplit(url).hostname}: not https")
        try:
            async with self._client() as client:
                answer = await client.request(method, url, timeout=10, **{k: v for k, v in asked.items() if v})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SignOnError(Reason.UNREACHABLE, type(error).__name__) from None
        where = urlsplit(url).path
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            raise SignOnError(Reason.UNREACHABLE, f"{where} answered {answer.status_code}")
        try:
            body = answer.json()
        except ValueError:
            raise SignOnError(Reason.UNREACHABLE, f"{where} sent no JSON") from None
        if not isinstance(body, dict):
            raise SignOnError(Reason.UNREACHABLE, f"{where} sent no object")
        return body


def trusted(url: str) -> bool:
    """Only https, or this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _endpoints(document: Mapping[str, Any]) -> Endpoints:
    def url(name: str, *, needed: bool = True) -> str | None:
        value = document.get(name)
        if isinstance(value, str) and trusted(value):
            return value
        if needed:
            raise SignOnError(Reason.UNREACHABLE, f"the discovery document has no usable {name}")
        return None

    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Endpoints(
        url("authorization_endpoint") or "", url("token_endpoint") or "", url("jwks_uri") or "",
        url("userinfo_endpoint", needed=False), url("end_session_endpoint", needed=False),
        secret_in_form="client_secret_basic" not in ways,
    )  # fmt: skip


def _with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
