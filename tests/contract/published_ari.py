"""ARI's published description (cut to what we use) held against whole exchanges and events."""

from datetime import datetime
from typing import Any

from tests.fakes.pbx_rest import PUBLISHED, misfits

MODELS: dict[str, dict[str, Any]] = PUBLISHED["models"]
_SIMPLE: dict[str, tuple[type, ...]] = {"string": (str,), "int": (int,), "long": (int,), "object": (dict,)}
_UNDESCRIBED = {500}  # "Allocation failed": what a real 22.10 says to a trunk it does not have


def operation(method: str, path: str) -> dict[str, Any]:
    """The operation whose path this is, ids and all. Raises StopIteration."""
    parts = path.removeprefix("/ari").split("/")
    whole = [each for each in PUBLISHED["operations"] if each["method"] == method]
    fitting = [each for each in whole if _fits(each["path"].split("/"), parts)]
    found: dict[str, Any] = min(fitting, key=lambda each: each["path"].count("{"))
    return found


def _fits(described: list[str], parts: list[str]) -> bool:
    pairs = zip(described, parts, strict=False)
    return len(described) == len(parts) and all(want.startswith("{") or want == got for want, got in pairs)


def wrong_exchange(method: str, path: str, sent: dict[str, Any], status: int, answer: Any) -> list[str]:
    described = operation(method, path)
    found = misfits(method, described["path"], sent)
    if status >= 400:
        if status not in {*described["refusals"], 401, *_UNDESCRIBED}:
            found.append(f"{path}: refusal {status} is not described")
        return found
    kind = described["answer"]
    if kind == "void":
        return found + ([] if answer is None else [f"{path}: an answer where none is described"])
    if kind.startswith("List["):
        return found + [each for item in answer for each in wrong_value(kind[5:-1], item, path)]
    return found + wrong_value(kind, answer, path)


def wrong_event(event: dict[str, Any]) -> list[str]:
    kind = event["type"]
    if kind not in MODELS:
        return [f"event {kind} is not described"]
    fields = {**MODELS["Message"], **MODELS["Event"], **MODELS[kind]}
    return _wrong_fields(fields, event, kind)


def wrong_value(kind: str, value: Any, where: str) -> list[str]:
    if kind in _SIMPLE:
        return [] if isinstance(value, _SIMPLE[kind]) else [f"{where} is not {kind}"]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{where} is not boolean"]
    if kind == "Date":
        return [] if datetime.fromisoformat(value).tzinfo else [f"{where} has no zone"]
    if kind.startswith("List["):
        return [each for item in value for each in wrong_value(kind[5:-1], item, where)]
    return _wrong_fields(MODELS[kind], value, where)


def _wrong_fields(fields: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    required = [name for name, each in fields.items() if each.get("required")]
    found = [f"{where}: {name} is missing" for name in required if name not in value]
    for name, item in value.items():
        if name not in fields:
            found.append(f"{where}: unknown field {name}")
        elif "values" in fields[name] and item not in fields[name]["values"]:
            found.append(f"{where}.{name} has no such value")
        else:
            found += wrong_value(fields[name]["type"], item, f"{where}.{name}")
    return found
