"""A decoding that ended too soon, and which of two decodings to believe. Pure."""

from agent.model.turn import Hypothesis

_BROKEN_OFF_SECONDS = 0.9
_BROKEN_OFF_BELOW = {1: 0.5, 2: 0.25, 3: 0.2}  # characters heard, and the confidence under which there were more


def broken_off(hypotheses: tuple[Hypothesis, ...], seconds: float) -> bool:
    """Hardly a word of so much sound, and unsure: the decoder ended too soon. What it hears then changes with the
    length of the silence behind the words."""
    if not hypotheses or seconds < _BROKEN_OFF_SECONDS:
        return False
    characters = len(hypotheses[0].text.strip("。，！？,!? "))
    return hypotheses[0].confidence < _BROKEN_OFF_BELOW.get(characters, 0.0)


def likelier(first: tuple[Hypothesis, ...], second: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    """The second decoding before the first where it is surer of its best; else the first alone."""
    if not second or second[0].confidence <= first[0].confidence:
        return first
    texts = {each.text for each in second}
    return (*second, *(each for each in first if each.text not in texts))[: max(len(first), len(second))]
