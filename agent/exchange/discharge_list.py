"""A discharge list as read: right rows, and what is wrong with the others."""

from dataclasses import dataclass, field

from agent.model.discharge import Discharge


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, in Chinese. `code` is stable and free of patient data; `value` is for the coordinator's
    screen alone, so `repr` leaves it out."""

    line: int  # 1.. in the file; 0 for the file as a whole
    column: str | None
    code: str
    reason: str
    remedy: str
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    discharge: Discharge


@dataclass(frozen=True, slots=True)
class Heading:
    """One column as the list has it: its heading, what it means to us (None: nothing), its first cell."""

    text: str
    column: str | None
    sample: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`ignored` are headings of columns that mean nothing to us; `headings` all of them, where a header was found."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
