"""A simulated patient as a YAML file: which number, what happens on the line, and the lines to speak."""

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from agent.content_yaml import read_source
from agent.model.problem import ContentError

_E164_LENGTH = range(8, 17)


class PersonaError(ValueError):
    """The file cannot be used; the text names file and field."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. With `barge_in_after_seconds` it is said that long into the prompt instead of after it;
    `digits` are keyed (after the words, if there are any). `voice` is somebody else's than the persona's."""

    say: str = ""
    think_seconds: float = 0.5
    barge_in_after_seconds: float | None = None
    digits: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine does beside its greeting, which is said `times` over; then a beep, somebody who takes the call
    over after a while, or the end of the call."""

    times: int = 1
    beep: bool = False
    taken_over_by: Line | None = None
    taken_over_after_seconds: float = 3.0
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong on this patient's line: shares are per media message, 0..1."""

    seed: int = 1
    drop_socket_after_seconds: float | None = None
    duplicate: float = 0.0
    reorder: float = 0.0  # sent after its successor
    late: float = 0.0  # sent 200 ms too late
    garbage: float = 0.0  # a broken message before it
    rest_errors: int = 0  # the first n attempts to dial this number get a 500


@dataclass(frozen=True, slots=True)
class Persona:
    """`lines` are positional: the nth prompt gets the nth line, because the patient hears sound, not words; a prompt
    that sounds the same as an earlier one gets the earlier line again."""

    phone: str
    name: str
    voice: str = ""
    lines: tuple[Line, ...] = ()
    greeting: Line | None = None  # said on picking up, before any prompt
    answers: bool = True
    busy: bool = False
    pick_up_after_seconds: float = 2.0
    hangs_up_after_lines: int | None = None
    answered_by: str = "human"
    machine: Machine | None = None
    ends: str = ""  # the network's answer in place of a ring that is answered: busy, no-answer or failed
    sip_code: int | None = None  # and its number
    announced_seconds: float = 0.0  # early media before that end: heard by nobody, it only takes time
    waits_seconds: float | None = None  # how long he stays while another telephone rings for him
    talks_seconds: float = 2.0  # with whom a call was transferred to this telephone
    noise_db: float | None = 20.0  # loudness of speech over the line's noise; None: a silent line
    faults: Faults = Faults()

    @property
    def every_line(self) -> tuple[Line, ...]:
        """All that may be heard from this telephone."""
        besides = (self.greeting, self.machine.taken_over_by if self.machine else None)
        return (*self.lines, *(line for line in besides if line is not None))


_PARTS: dict[str, type] = {"Line": Line, "Faults": Faults, "Machine": Machine}


def load_persona(path: Path) -> Persona:
    """Raises PersonaError."""
    try:
        raw = read_source(path).data
    except ContentError as error:
        raise PersonaError(str(error)) from error
    persona: Persona = _build(Persona, raw, path.name)
    number = persona.phone.removeprefix("+")
    if not (persona.phone.startswith("+") and number.isdecimal() and len(persona.phone) in _E164_LENGTH):
        raise PersonaError(f'{path.name}: phone must be E.164 in quotes, as "+8613800000001"')
    if any(line.say for line in persona.lines) and not persona.voice:
        raise PersonaError(f"{path.name}: voice is missing")
    if persona.ends not in ("", "busy", "no-answer", "failed"):
        raise PersonaError(f"{path.name}: ends must be busy, no-answer or failed")
    return persona


def load_personas(folder: Path) -> dict[str, Persona]:
    """All *.yml of the folder by phone number. Raises PersonaError, also for two files with one number."""
    personas: dict[str, Persona] = {}
    for path in sorted(folder.glob("*.yml")):
        persona = load_persona(path)
        if persona.phone in personas:
            raise PersonaError(f"{path.name}: phone is taken by {personas[persona.phone].name}")
        personas[persona.phone] = persona
    return personas


def _build(kind: type, raw: object, where: str) -> Any:
    """A dataclass from a mapping, refusing unknown, missing and mistyped fields."""
    if kind is Line and isinstance(raw, str):
        return Line(raw)
    if not isinstance(raw, dict):
        raise PersonaError(f"{where}: expected fields, found {type(raw).__name__}")
    known = {field.name: field for field in fields(kind)}
    for name in raw.keys() - known.keys():
        raise PersonaError(f"{where}: unknown field {name}")
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in raw:
            values[name] = _value(str(field.type), raw[name], f"{where}: {name}")
        elif field.default is MISSING:
            raise PersonaError(f"{where}: {name} is missing")
    return kind(**values)


def _value(type_name: str, raw: object, where: str) -> Any:
    optional = "None" in type_name
    base = type_name.replace("| None", "").replace("<class '", "").replace("'>", "").split(".")[-1].strip()
    if raw is None and optional:
        return None
    if "Line, ..." in type_name:
        if not isinstance(raw, list):
            raise PersonaError(f"{where} must be a list")
        return tuple(_build(Line, item, f"{where}[{number}]") for number, item in enumerate(raw))
    if base in _PARTS:
        return _build(_PARTS[base], raw, where)
    kinds: dict[str, tuple[type, ...]] = {"str": (str,), "bool": (bool,), "int": (int,), "float": (int, float)}
    wanted = kinds[base]
    if not isinstance(raw, wanted) or (isinstance(raw, bool) and base != "bool"):
        raise PersonaError(f"{where} must be {base}")
    return float(raw) if base == "float" and isinstance(raw, int) else raw
