"""What the findings of an answer become, taken as an answer."""

from dataclasses import replace

from agent.model.finding import Status
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
