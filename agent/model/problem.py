"""What is wrong with a file of content, where, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`file` is relative to the folder that was checked, `line` counts from 1 (0: the whole file)."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}"


class ContentError(Exception):
    """A file of content cannot be used; `problem` says why."""

    def __init__(self, file: str, line: int, message: str, remedy: str) -> None:
        self.problem = Problem(file, line, message, remedy)
        super().__init__(str(self.problem))

    @property
    def file(self) -> str:
        return self.problem.file

    @property
    def line(self) -> int:
        return self.problem.line

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def remedy(self) -> str:
        return self.problem.remedy
