"""What the findings of an answer become, taken as an answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.model.finding import Finding, Status
from agent.triage.alarms import Read

ONE_OF = "几样一起问，只答有，接着问是哪一样"


def of_others(text: str, reads: list[Read]) -> bool:
    """老伴喘得厉害 says nothing of the patient; 老伴喘，我没事 does."""
    others = reads and all(read.finding.status is Status.OTHER_PERSON for read in reads)
    return bool(others) and "我" not in text[reads[-1].finding.span[1] :]


def one_of(reads: list[Read], *, told_which: bool) -> list[Read]:
    """A bare 有 to 红肿或者流水: one of them, so none is sure before the patient was asked which. What says which in
    words that are no finding (有点红) is the pathway's choice, and no yes to the rest."""
    if told_which:
        return [read for read in reads if read.finding.status is not Status.PRESENT]
    return [_unsure(read) if read.finding.status is Status.PRESENT else read for read in reads]


def _unsure(read: Read) -> Read:
    finding = replace(read.finding, status=Status.UNCERTAIN, reason=ONE_OF)
    return replace(read, finding=finding, doubt=ONE_OF)


def told(read: Read) -> tuple[str, str, Status]:
    """Concept, words and status as an answer to a question about these days: what was there then counts as there."""
    status = read.finding.status
    if status is Status.PAST and read.recent:
        status = Status.PRESENT
    return read.finding.concept, read.finding.surface, status


def denied_in_part(
    reads: list[Read], asked: Sequence[str], dangerous: Callable[[str], bool], about: tuple[str, str, str]
) -> list[Read]:
    """A danger asked about that is denied only in part (平时不疼) is asked about by name, and so is the first one where
    nothing but dangers was asked for. `about`: the words, why they settle nothing, what the first one is called."""
    text, why, label = about
    mine = [read for read in reads if read.finding.concept in asked and dangerous(read.finding.concept)]
    if any(read.finding.status is not Status.DENIED for read in mine):
        return reads
    if not mine and not (asked and all(map(dangerous, asked))):
        return reads
    of, called = (mine[0].finding.concept, mine[0].finding.label) if mine else (asked[0], label)
    doubted = Finding(of, called, text, (0, len(text)), Status.UNCERTAIN, why, confidence=0.9)
    return [*(read for read in reads if read not in mine), Read(doubted, recent=False, doubt=why)]
