"""The words of simulated patients: answers by meaning, and everything said beside them."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from agent.content_yaml import read_source
from agent.dialog.spoken import spoken_number
from agent.model.answer import AnswerType, Scalar
from agent.model.pathway import Question
from bench.rehearsal.persona import WORDS

_FREE = "said"  # the key under which free answers are listed


class WordsMissing(Exception):
    """No words are written for this answer; the text names question and value."""


class Words:
    """Phrasings from answers.yml and manners.yml."""

    def __init__(self, folder: Path = WORDS) -> None:
        self._answers = _yaml(folder / "answers.yml")
        self._manners = _yaml(folder / "manners.yml")

    def manner(self, occasion: str, random: Random, **values: object) -> str:
        return str(random.choice(self._manners[occasion])).format(**values)

    def dangers(self, speaker: str) -> list[Mapping[str, str]]:
        """What nobody asked for, as the patient (""), a "relative" or the parent of a "child" says it."""
        return list(self._manners[f"reds_{speaker}" if speaker else "reds"])

    def free(self, pathway: str, question: str, random: Random) -> str:
        """A free answer to the question."""
        table = self._table(pathway, question)
        return str(random.choice(table[_FREE])) if table else self.manner("free", random)

    def answer(self, pathway: str, question: Question, value: Scalar, random: Random) -> str:
        """The value in somebody's words. Raises WordsMissing."""
        match question.type:
            case AnswerType.YES_NO:
                return self._keyed(pathway, question.id, "yes" if value is True else "no", random)
            case AnswerType.CHOICE:
                return self._keyed(pathway, question.id, str(value), random)
            case AnswerType.ADHERENCE:
                return self._keyed(pathway, "adherence", str(value), random)
            case AnswerType.BLOOD_PRESSURE:
                upper, _, lower = str(value).partition("/")
                spell = random.choice((_digits, _words))
                return self._number("pressure", random, u=spell(float(upper)), l=spell(float(lower)))
            case AnswerType.NUMBER | AnswerType.SCALE:
                return self._amount(question, float(value), random)
            case AnswerType.FREE_TEXT | AnswerType.DATE:
                return str(value)

    def lower(self, value: str, random: Random) -> str:
        """The second of two pressures alone."""
        return self._number("lower", random, l=_words(float(value.partition("/")[2])))

    def _amount(self, question: Question, value: float, random: Random) -> str:
        name = question.measurements[0] if question.measurements else question.type.value
        spell = random.choice((_digits, _words))
        return self._number(name, random, n=spell(value), jin=spell(value * 2))

    def _number(self, name: str, random: Random, **values: str) -> str:
        return str(random.choice(self._manners["numbers"][name])).format(**values)

    def _keyed(self, pathway: str, question: str, key: str, random: Random) -> str:
        table = self._table(pathway, question)
        if key not in table:
            raise WordsMissing(f"{pathway}/{question}: no words for {key}")
        return str(random.choice(table[key]))

    def _table(self, pathway: str, question: str) -> Mapping[str, list[str]]:
        found: Mapping[str, list[str]] = self._answers.get(f"{pathway}/{question}") or self._answers.get(question) or {}
        return found


def _digits(value: float) -> str:
    return f"{value:g}"


def _words(value: float) -> str:
    return spoken_number(value)


def _yaml(path: Path) -> dict[str, Any]:
    """YAML reads a bare yes and no as true and false: the keys are written back."""
    return {_key(name): _plain_keys(table) for name, table in read_source(path).data.items()}


def _plain_keys(table: Any) -> Any:
    return {_key(key): value for key, value in table.items()} if isinstance(table, dict) else table


def _key(raw: str | bool) -> str:
    return raw if isinstance(raw, str) else "yes" if raw else "no"
