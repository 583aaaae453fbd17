"""Column types that give back exactly what was put in, on SQLite and PostgreSQL alike."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import DateTime, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeDecorator, TypeEngine

from agent.model.clock import require_aware
from agent.store import grams

EnumT = TypeVar("EnumT", bound=StrEnum)
NumberT = TypeVar("NumberT", bound=IntEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC and given back in UTC. Refuses naive ones with ValueError.

    SQLite keeps it as text of fixed width, so that comparing the texts compares the moments."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = require_aware(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _moment_of_text if dialect.name == "sqlite" else _moment_in_utc


def _moment_of_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored + "+00:00")


def _moment_in_utc(stored: datetime | None) -> datetime | None:
    return None if stored is None else stored.astimezone(UTC)


class Word(TypeDecorator[EnumT], Generic[EnumT]):
    """A StrEnum member, stored as its word. Refuses what is no member with ValueError."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[EnumT]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: EnumT | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], EnumT | None]:
        """A look into a table: rows hold many words, and asking the enum takes ten times as long."""
        known: dict[str | None, EnumT | None] = {word.value: word for word in self.words}
        known[None] = None
        return known.__getitem__


class Number(TypeDecorator[NumberT], Generic[NumberT]):
    """An IntEnum member, stored as its number. Refuses what is no member with ValueError."""

    impl = Integer
    cache_ok = True

    def __init__(self, numbers: type[NumberT]) -> None:
        super().__init__()
        self.numbers = numbers

    def process_bind_param(self, value: NumberT | None, dialect: Dialect) -> int | None:
        return None if value is None else self.numbers(value).value

    def process_result_value(self, value: int | None, dialect: Dialect) -> NumberT | None:
        return None if value is None else self.numbers(value)


class Json(TypeDecorator[Any]):
    """JSON as text: unlike SQLite's JSON affinity it keeps 1, 1.0 and true apart."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Short words in their order, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(list(value), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class CharacterPairs(TypeDecorator[Any]):
    """A sentence's pairs of characters, as each database indexes them: bound as the sentence itself."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = ARRAY(Text()) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return grams.set_of_pairs(value) if dialect.name == "postgresql" else grams.row_of_pairs(value)
