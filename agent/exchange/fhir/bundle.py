"""A bundle's resources, checked and found by the references between them. Pure."""

import json
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from agent.exchange.fhir.resources import KINDS, Bundle, Condition, Encounter, Patient, Procedure, Reference, Resource

Kind = TypeVar("Kind", Patient, Encounter, Condition, Procedure)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong: `code` of FHIR's issue types, `expression` the element's path, `text` no word of a patient's."""

    code: str
    expression: str
    text: str


class BadBundle(Exception):
    """The body is no bundle that can be used; every issue at once."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(f"{len(issues)} issues")
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Found:
    """A resource and where it stands, as "Bundle.entry[2].resource"."""

    resource: Resource
    place: str
    names: frozenset[str]  # what a reference to it may say


class ReadBundle:
    """Raises BadBundle."""

    def __init__(self, body: bytes) -> None:
        bundle = _parsed(body)
        self.type = bundle.type
        self.count = len(bundle.entry)
        issues: list[Issue] = []
        self._found: list[Found] = []
        for index, entry in enumerate(bundle.entry):
            place = f"Bundle.entry[{index}].resource"
            kind = KINDS.get(str(entry.resource.get("resourceType")))
            if kind is None:
                continue
            try:
                resource = kind.model_validate(entry.resource)
            except ValidationError as wrong:
                issues += _issues(wrong, place)
                continue
            names = {f"{resource.resourceType}/{resource.id}"} if resource.id else set()
            names |= {entry.fullUrl} if entry.fullUrl else set()
            self._found.append(Found(resource, place, frozenset(names)))
        if issues:
            raise BadBundle(issues)

    def all(self, kind: type[Kind]) -> list[tuple[Kind, str]]:
        return [(each.resource, each.place) for each in self._found if isinstance(each.resource, kind)]

    def resolve(self, reference: Reference, kind: type[Kind], place: str) -> tuple[Kind, str]:
        """What the reference means inside the bundle. Raises BadBundle."""
        said = reference.reference
        for each in self._found:
            if isinstance(each.resource, kind) and any(
                said == name or said.endswith(f"/{name}") for name in each.names
            ):
                return each.resource, each.place
        text = f"the bundle holds no {kind.__name__} of this reference; send it in the same bundle"
        raise BadBundle([Issue("not-found", f"{place}.reference", text)])

    def means(self, reference: Reference | None, place: str) -> bool:
        """Whether the reference names the resource at `place`."""
        if reference is None:
            return False
        names = next(each.names for each in self._found if each.place == place)
        return any(reference.reference == name or reference.reference.endswith(f"/{name}") for name in names)


def _parsed(body: bytes) -> Bundle:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBundle([Issue("structure", "Bundle", "the body is no JSON")]) from None
    try:
        return Bundle.model_validate(data)
    except ValidationError as wrong:
        raise BadBundle(_issues(wrong, "Bundle")) from None


def _issues(wrong: ValidationError, place: str) -> list[Issue]:
    """Pydantic's places as FHIR paths; its messages quote no value."""
    found = []
    for error in wrong.errors(include_input=False, include_url=False, include_context=False):
        path = place
        for step in error["loc"]:
            path += f"[{step}]" if isinstance(step, int) else f".{step}"
        code = "required" if error["type"] in ("missing", "too_short") else "value"
        found.append(Issue(code, path, error["msg"]))
    return found
