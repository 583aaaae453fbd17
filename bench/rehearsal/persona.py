"""The people who answer the telephone in a rehearsal: traits from words/personas.yml."""

from dataclasses import dataclass, fields
from pathlib import Path

from agent.content_yaml import read_source

WORDS = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Persona:
    """One way to behave on the telephone. Numbers are chances at each question, 0..1, but `errors`: the share of
    characters that arrive as others that sound like them."""

    id: str
    title: str
    share: int = 1
    finishes: bool = True
    again: float = 0.0  # has it said again instead of answering
    hesitates: float = 0.0
    rambles: float = 0.0
    distant: float = 0.0  # tells of somebody else's symptoms
    corrects: float = 0.0  # says something else first
    runs_on: float = 0.0  # answers the next question in the same breath
    relative: bool = False
    registered: bool = False  # the hospital knows that relative
    hangs_up_after: tuple[int, int] | None = None  # turns, both inclusive
    off_topic_danger: bool = False
    noise: float = 0.0  # a turn of which nothing is understood
    silent: float = 0.0
    keypad: float = 0.0
    asks_own: float = 0.0
    waits: float = 0.0
    talks_over: float = 0.0  # begins while the robot speaks; in calls with sound only
    refuses: float = 0.0
    fraud: bool = False
    postpones: bool = False
    stranger: bool = False
    dialect: float = 0.0
    errors: float = 0.0
    unknown: float = 0.0  # does not know a number


def load_personas(path: Path = WORDS / "personas.yml") -> tuple[Persona, ...]:
    """In the file's order. Raises ValueError naming an unknown trait, and ContentError."""
    known = {field.name for field in fields(Persona)}
    personas = []
    for raw in read_source(path).data:
        if unknown := raw.keys() - known:
            raise ValueError(f"{path.name}: {raw.get('id')}: unknown trait {', '.join(sorted(unknown))}")
        span = raw.get("hangs_up_after")
        personas.append(Persona(**{**raw, "hangs_up_after": tuple(span) if span else None}))
    return tuple(personas)


def cast(personas: tuple[Persona, ...], count: int) -> list[Persona]:
    """`count` patients in the personas' shares, spread so that a short run meets many kinds. Where nobody has a share
    everybody calls equally often."""
    most = max(persona.share for persona in personas)
    round_ = [persona for turn in range(most) for persona in personas if persona.share > turn] or list(personas)
    return [round_[at % len(round_)] for at in range(count)]
