"""How long what is said takes, and the ids of one rehearsed conversation."""

SECONDS_A_CHARACTER = 0.22
THINKING_SECONDS = 0.9
REPLY_SECONDS = 1.0  # recogniser, dialogue and the first sound


class Ids:
    """24-character ids in order, the same in every run."""

    def __init__(self, prefix: int) -> None:
        self._prefix, self._last = prefix, 0

    def new(self) -> str:
        self._last += 1
        return f"{self._prefix:012x}{self._last:012x}"


def speaking_seconds(text: str) -> float:
    return len(text) * SECONDS_A_CHARACTER
