"""Which approved sentence a text is, for vendors that carry nothing but templates they have approved (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from agent.schedule.ports import SendFailed

LINK = "link"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's code and its values by name, in the order they stand in the sentence."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentences:
    """`sentences` by name, with places such as {hospital}; `codes` the vendor's template for each name. A link's fixed
    part `link_base` belongs to the template, its last part is the value: vendors take no address as a value. `first`
    is the sentence that goes out alone where a text holds several."""

    sentences: Mapping[str, str]
    codes: Mapping[str, str]
    link_base: str
    first: str = ""

    def filled(self, text: str) -> Filled:
        """Raises SendFailed("no_template") for a text that is none of the sentences with a template."""
        for name in self.codes:
            found = re.fullmatch(self._pattern(name), text)
            if found:
                return Filled(self.codes[name], found.groupdict())
        held = re.search(self._pattern(self.first), text) if self.first in self.codes else None
        if held:
            return Filled(self.codes[self.first], held.groupdict())
        raise SendFailed("no_template", retryable=False)

    def as_template(self, name: str, place: str = "${{{name}}}") -> str:
        """The sentence as it is handed in for approval; `place` is the vendor's way to write a value: ${name}, {1}."""
        text, number = "", 0
        for words, value in _parts(self.sentences[name]):
            text += words
            if value is not None:
                number += 1
                text += (self.link_base if value == LINK else "") + place.format(name=value, number=number)
        return text

    def missing(self) -> Sequence[str]:
        """Names of sentences without a template."""
        return [name for name in self.sentences if name not in self.codes]

    def _pattern(self, name: str) -> str:
        made = ""
        for words, value in _parts(self.sentences[name]):
            made += re.escape(words)
            if value == LINK:
                made += f"{re.escape(self.link_base)}(?P<{value}>[A-Za-z0-9_-]+)"
            elif value is not None:
                made += f"(?P<{value}>.*?)"
        return made


def _parts(sentence: str) -> list[tuple[str, str | None]]:
    return [(words, value) for words, value, _, _ in Formatter().parse(sentence)]


def codes_of(text: str, names: Sequence[str]) -> Mapping[str, str]:
    """ "invitation=SMS_1; reminder=SMS_2" → name → code. Raises ValueError naming the wrong part."""
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    made = {name.strip(): code.strip() for name, _, code in pairs}
    unknown = [name for name, code in made.items() if name not in names or not code]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no sentence's name, or has no template: write invitation=…; reminder=…")
    return made
