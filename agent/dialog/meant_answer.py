"""Which earlier answer a patient means who takes one back without saying the new one. Pure."""

from collections.abc import Sequence

from agent.dialog.adherence import NAMES_MEDICINE
from agent.dialog.work import Work
from agent.model.answer import AnswerType


def meant(work: Work, answered: Sequence[str]) -> str:
    """刚才说那个药，是大夫让换的: the answer whose subject the words name, the latest where they name none."""
    text = work.heard.turn.text
    about = [key for key in answered if work.pathway.questions[key].label in text]
    medicines = [key for key in answered if work.pathway.questions[key].type is AnswerType.ADHERENCE]
    named = about or (medicines if NAMES_MEDICINE.search(text) else [])
    return (named or answered)[0]
