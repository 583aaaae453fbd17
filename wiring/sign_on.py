"""The login through the house's identity provider, by the settings; and what `doctor` says about it."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from agent.model.clock import utc_now
from agent.model.record import Role
from dashboard.signon.claims import ClaimMapping
from dashboard.signon.door import Door
from dashboard.signon.errors import SignOnError
from dashboard.signon.provider import WELL_KNOWN, Provider, ProviderAccount, trusted
from dashboard.signon.sign_on import SignOn
from machine.finding import Finding, Health
from settings import OidcAccount, Settings, SettingsError

HOWTO = "docs/howto/connect-single-sign-on.md"
RETURN = "/login/house/return"


def sign_on_for(settings: Settings) -> SignOn | None:
    """None where the house has no provider. Raises SettingsError."""
    oidc = settings.oidc
    if not oidc.issuer:
        return None
    mapping = mapping_of(oidc)
    for url in (oidc.issuer, workstation(settings)):
        if not trusted(url):
            raise SettingsError(f"SUIFANG_OIDC_ISSUER / _RETURN_TO: {url} is not https ({HOWTO})")
    if not oidc.client_id:
        raise SettingsError(f"SUIFANG_OIDC_CLIENT_ID: write what the provider calls this workstation ({HOWTO})")
    if "openid" not in oidc.scopes.split():
        raise SettingsError("SUIFANG_OIDC_SCOPES: openid must be among them")
    if oidc.accounts == "create" and not mapping.roles:
        raise SettingsError(f"SUIFANG_OIDC_ROLES: accounts are made by role, write nurse=their-word ({HOWTO})")
    account = ProviderAccount(
        oidc.issuer, oidc.client_id, workstation(settings) + RETURN, oidc.client_secret, oidc.scopes
    )
    verify = _authorities(oidc)
    provider = Provider(account, lambda: httpx.AsyncClient(trust_env=False, verify=verify), utc_now)
    door = Door(oidc.issuer, mapping, oidc.accounts == "create")
    return SignOn(provider, door, oidc.label, workstation(settings), timedelta(hours=oidc.session_hours))


def workstation(settings: Settings) -> str:
    return (settings.oidc.return_to or settings.public).rstrip("/")


def mapping_of(oidc: OidcAccount) -> ClaimMapping:
    """Raises SettingsError."""
    roles: dict[str, Role] = {}
    for ours, theirs in _pairs(oidc.roles, "SUIFANG_OIDC_ROLES"):
        if ours not in set(Role):
            raise SettingsError(f"SUIFANG_OIDC_ROLES: {ours!r} is no role; the roles are {', '.join(Role)}")
        roles.setdefault(theirs, Role(ours))
    departments = {theirs: ours for ours, theirs in _pairs(oidc.departments, "SUIFANG_OIDC_DEPARTMENTS")}
    return ClaimMapping(oidc.name_claim, oidc.shown_claim, oidc.role_claim, roles, oidc.department_claim, departments)


def _pairs(written: str, setting: str) -> Iterator[tuple[str, str]]:
    """nurse=a, b; doctor=c → (nurse, a), (nurse, b), (doctor, c)."""
    for part in filter(None, (each.strip() for each in written.split(";"))):
        ours, equals, theirs = part.partition("=")
        words = [each.strip() for each in theirs.split(",") if each.strip()]
        if not (equals and ours.strip() and words):
            raise SettingsError(f"{setting}: {part!r} is not ours=theirs, theirs; …")
        yield from ((ours.strip(), word) for word in words)


def _authorities(oidc: OidcAccount) -> ssl.SSLContext | bool:
    if oidc.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(oidc.ca_file))
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"SUIFANG_OIDC_CA_FILE: {oidc.ca_file.name}: {error.strerror or 'no PEM'}") from None


async def sign_on_check(settings: Settings) -> Finding:
    """Whether the settings fit together and the provider answers with its document and keys."""
    subject = "single sign-on"
    try:
        sign_on = sign_on_for(settings)
    except SettingsError as problem:
        return Finding(subject, Health.MISSING, str(problem), HOWTO)
    if sign_on is None:
        return Finding(subject, Health.GOOD, "no provider set: passwords alone")
    try:
        await sign_on.provider.endpoints()
        await sign_on.provider.keys()
    except SignOnError as error:
        remedy = f"is this the issuer's own page? {settings.oidc.issuer.rstrip('/')}{WELL_KNOWN}"
        return Finding(subject, Health.MISSING, error.detail or str(error), remedy)
    host, back = urlsplit(settings.oidc.issuer).hostname, sign_on.provider.account.return_url
    said = f"{host} answers, its keys are usable; it must know {back}"
    if settings.oidc.accounts == "create" and not settings.oidc.department_claim:
        what = "whoever gets an account at the first login sees every department"
        return Finding(subject, Health.LESSER, what, "SUIFANG_OIDC_DEPARTMENT_CLAIM and _DEPARTMENTS")
    return Finding(subject, Health.GOOD, said)
