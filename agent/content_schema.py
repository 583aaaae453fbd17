"""Content files held against a published JSON Schema, with errors in a clinician's words: pathways and plan rules."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from agent.content_yaml import Source, nearest
from agent.model.problem import ContentError

_FORMS = {  # how a pattern begins -> what fits it
    "^([0-9]{4}-": "2026-03-01",
    "^[A-Z][0-9]": "I50, I11.0",
    "^[a-z0-9_]+\\.": "weigh_daily.png",
}


@cache
def _validator(schema_text: str, part: str) -> Draft202012Validator:
    schema = json.loads(schema_text)
    if part:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    return Draft202012Validator(schema)


def schema_errors(source: Source, schema: Path, part: str = "") -> list[ContentError]:
    """Every place of the file that the schema (or its `$defs` part) does not allow, in file order."""
    validator = _validator(schema.read_text(encoding="utf-8"), part)
    errors = [_explained(source, error) for error in validator.iter_errors(source.data)]
    return sorted(errors, key=lambda error: error.line)


def _explained(source: Source, error: ValidationError) -> ContentError:
    deepest = best_match([error]) or error
    where = list(deepest.absolute_path)
    place = ".".join(str(step) for step in where) or "the file"
    message, remedy = _words(deepest)
    return source.error(where, f"{place}: {message}", remedy)


def _words(error: ValidationError) -> tuple[str, str]:
    wanted: Any = error.validator_value
    given: Any = error.instance
    match error.validator:
        case "required":
            missing = [key for key in wanted if key not in given]
            return f"{', '.join(missing)} missing", f"Add `{missing[0]}:` here"
        case "dependentRequired":
            lacking = [key for present, keys in wanted.items() if present in given for key in keys if key not in given]
            return f"{', '.join(lacking)} missing", f"Add `{lacking[0]}:` here"
        case "additionalProperties":
            allowed = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
            extra = [key for key in given if key not in allowed]
            remedy = nearest(str(extra[0]), allowed, f"allowed here: {', '.join(allowed)}")
            return f"unknown {', '.join(map(str, extra))}", remedy[0].upper() + remedy[1:]
        case "maxLength":
            return (
                f"{len(given)} characters, at most {wanted} are spoken",
                "Write it shorter, or in two sentences",
            )
        case "enum":
            choices = [str(choice) for choice in wanted]
            remedy = nearest(str(given), choices, f"write one of: {', '.join(choices)}")
            return f"{given!r} is not one of the choices", remedy[0].upper() + remedy[1:]
        case "type" if wanted == "string":
            return f"{given!r} is the wrong kind of value", f'Put it in quotes: "{given}"'
        case "type":
            return f"{given!r} is the wrong kind of value", f"Write a {wanted}"
        case "pattern":
            form = next((example for start, example in _FORMS.items() if wanted.startswith(start)), wanted)
            return f"{given!r} has the wrong form", f"Write it like {form}"
        case "maxItems":
            return f"{len(given)} entries, at most {wanted}", "Take some out"
        case _:
            return error.message[:120], "Compare dialogs/pathways/schema.json"
