"""From what the identity provider says of a person to who they are at the workstation (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.model.record import Role
from dashboard.accounts import LOGIN_NAME, LONGEST_NAME
from dashboard.signon.errors import Reason, SignOnError

LONGEST_SUBJECT = 255
EVERY_DEPARTMENT = "*"


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """Which claim says what; a dot goes into an object (realm_access.roles). `roles` maps the provider's words to
    ours, the first that a person has counts; empty leaves roles to the administrators. `departments` maps likewise,
    "*" being every department; empty takes the claim's word as it is."""

    name: str = "preferred_username"
    shown: str = "name"
    role: str = "roles"
    roles: Mapping[str, Role] = field(default_factory=dict)
    department: str = ""
    departments: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The claims without which nobody gets in."""
        role = (self.role,) if self.roles else ()
        return (self.name, *role, *((self.department,) if self.department else ()))


@dataclass(frozen=True, slots=True)
class Identity:
    """`role` and `department` only where the mapping takes them from claims."""

    subject: str
    name: str
    shown: str
    role: Role | None = None
    department: str | None = None


def identity(claims: Mapping[str, Any], issuer: str, mapping: ClaimMapping) -> Identity:
    """Raises SignOnError: no usable name, no role, no department."""
    name = _words(claims, mapping.name)[:1]
    if not name or not LOGIN_NAME.fullmatch(name[0].lower()):
        raise SignOnError(Reason.NO_NAME, mapping.name)
    shown = " ".join(_words(claims, mapping.shown)[:1]).strip()[:LONGEST_NAME]
    role = _role(claims, mapping) if mapping.roles else None
    department = _department(claims, mapping) if mapping.department else None
    return Identity(subject_of(issuer, claims), name[0].lower(), shown or name[0], role, department)


def subject_of(issuer: str, claims: Mapping[str, Any]) -> str:
    """As User.subject keeps it. Raises SignOnError for a subject that no provider may send."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or any(c.isspace() for c in subject):
        raise SignOnError(Reason.UNTRUSTED, "sub")
    return f"{issuer} {subject}"


def _role(claims: Mapping[str, Any], mapping: ClaimMapping) -> Role:
    told = set(_words(claims, mapping.role))
    for word, role in mapping.roles.items():
        if word in told:
            return role
    raise SignOnError(Reason.NO_ROLE, mapping.role)


def _department(claims: Mapping[str, Any], mapping: ClaimMapping) -> str | None:
    """Nobody sees every department for want of a claim: only where the mapping says so."""
    told = [each.strip()[:LONGEST_NAME] for each in _words(claims, mapping.department)]
    known = [mapping.departments.get(each, "") for each in told] if mapping.departments else told
    found = next((each for each in known if each), None)
    if found is None or (found == EVERY_DEPARTMENT and not mapping.departments):
        raise SignOnError(Reason.NO_DEPARTMENT, mapping.department)
    return None if found == EVERY_DEPARTMENT else found


def _words(claims: Mapping[str, Any], path: str) -> list[str]:
    """The claim's words, whether it is one or a list; none where it is missing or something else."""
    value: Any = claims
    if path in claims:  # a claim may have dots in its own name
        value = claims[path]
    else:
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str) and each]
