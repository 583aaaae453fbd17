"""What screens call the parts of a pathway; a part that is gone gets a general word, never an error."""

from agent.dialog.pathway_loader import PathwayShelf
from agent.model.pathway import Pathway, Question
from agent.model.problem import ContentError
from agent.model.reading_context import LimitSide

NO_TITLE = "随访"
NO_LABEL = "其他问题"
STEPS = {"temp_c": 0.1, "glucose": 0.1, "weight_kg": 0.1}  # the smallest difference a meter shows; else 1


class PathwayWords:
    """A nurse must be able to read a record even when its pathway was removed or its file is broken."""

    def __init__(self, shelf: PathwayShelf) -> None:
        self._shelf = shelf

    def title(self, pathway: str) -> str:
        found = self._pathway(pathway, None)
        return found.title if found else NO_TITLE

    def version(self, pathway: str, version: str) -> tuple[str, bool]:
        """How the screens name a version (1.0 · 3f2a91bc), and whether it is an unsigned draft."""
        found = self._pathway(pathway, version)
        number, _, digest = version.partition("+")
        return f"{number} · {digest}" if digest else number, found is None or found.draft

    def question(self, pathway: str, version: str, question: str) -> str:
        found = self._question(pathway, version, question)
        return found.label if found else NO_LABEL

    def option(self, pathway: str, version: str, question: str, key: str) -> str | None:
        """A choice's label; None for one that the question does not have."""
        found = self._question(pathway, version, question)
        return next((option.label for option in found.options if option.key == key), None) if found else None

    def limits(self, pathway: str, version: str, question: str) -> tuple[float | None, float | None]:
        """(lowest, highest) value of a reading that crosses no limit; a pressure's are its systolic ones."""
        found = self._question(pathway, version, question)
        if found is None or not found.measurements:
            return (None, None)
        own = [limit for limit in found.limits if limit.measurement == found.measurements[0]]
        low = [limit.value for limit in own if limit.side is LimitSide.BELOW]
        step = STEPS.get(found.measurements[0], 1.0)
        over = [limit for limit in own if limit.side is LimitSide.ABOVE]
        high = [round(limit.value - step, 1) if limit.itself else limit.value for limit in over]
        return (max(low, default=None), min(high, default=None))

    def _question(self, pathway: str, version: str, question: str) -> Question | None:
        found = self._pathway(pathway, version) or self._pathway(pathway, None)
        if found is None:
            return None
        renamed = (one for one in found.questions.values() if question in one.was)
        return found.questions.get(question) or next(renamed, None)

    def _pathway(self, name: str, version: str | None) -> Pathway | None:
        try:
            return self._shelf.get(name, version)
        except ContentError:
            return None
