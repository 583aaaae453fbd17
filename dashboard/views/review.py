"""What hearing a contact's recordings again came to: answers that read differently, for a nurse to check."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.model.answer import Answer, AnswerType, Scalar
from agent.model.contact import Contact
from agent.model.second_pass import Difference, SecondPass, SecondPassStatus
from agent.store.screens import ScreenRecords
from dashboard.deps import DashboardDeps
from dashboard.views.patient import answer_text

_ENDED = {
    SecondPassStatus.DONE: "录音已复听",
    SecondPassStatus.FAILED: "录音没有复听成，请需要时自己听",
    SecondPassStatus.NO_AUDIO: "没有录音可复听",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`live` is "" where the call left the question without an answer. Seconds are of the recording."""

    label: str
    live: str
    second: str
    words: str
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """One attempt's second pass; `checked` says who held the rows against the recording, "" while nobody has."""

    attempt_id: str
    what: str
    recording: str | None  # its id
    rows: tuple[Row, ...]
    done: bool  # heard again; without rows the answers agree
    checked: str = ""


async def load(records: ScreenRecords, deps: DashboardDeps, contact: Contact) -> tuple[Review, ...]:
    """The second passes that are over, those with something to check first."""
    answers = {answer.question: answer for answer in await records.answers(contact.id)}
    recordings = {each.attempt_id: each.id for each in await records.recordings(contact_id=contact.id)}
    passes = [each for each in await records.second_passes(contact.id) if each.status in _ENDED]
    names = {user.name: user.display_name for user in await records.users()}
    found = [
        Review(
            each.attempt_id,
            _ENDED[each.status],
            recordings.get(each.attempt_id),
            _rows(each, answers, contact, deps),
            each.status is SecondPassStatus.DONE,
            names.get(each.checked_by, each.checked_by) if each.checked_by else "",
        )
        for each in passes
    ]
    return tuple(sorted(found, key=lambda review: (bool(review.checked), not review.rows)))


def _rows(
    second_pass: SecondPass, answers: dict[str, Answer], contact: Contact, deps: DashboardDeps
) -> tuple[Row, ...]:
    spans = {hearing.turn_id: hearing.audio for hearing in second_pass.hearings}
    return tuple(
        Row(
            label=deps.question_labels(contact.pathway, contact.pathway_version, each.question),
            live="" if each.live is None else _text(each, each.live, answers, contact, deps),
            second=_text(each, each.second, answers, contact, deps),
            words=each.words,
            start=spans[each.turn_id].start if each.turn_id in spans else None,
            end=spans[each.turn_id].end if each.turn_id in spans else None,
        )
        for each in second_pass.differences
    )


def _text(
    difference: Difference, value: Scalar, answers: dict[str, Answer], contact: Contact, deps: DashboardDeps
) -> str:
    known = answers.get(difference.question)
    kind = known.type if known else _type_of(value)
    unit = known.unit if known else None
    made = Answer(difference.question, kind, value, difference.words, 1.0, difference.turn_id, unit=unit)
    return answer_text(made, contact, deps)


def _type_of(value: Scalar) -> AnswerType:
    """Of an answer the call did not get: good enough to show it."""
    if isinstance(value, bool):
        return AnswerType.YES_NO
    if isinstance(value, str):
        return AnswerType.BLOOD_PRESSURE if "/" in value else AnswerType.CHOICE
    return AnswerType.NUMBER


def reviews_to_show(reviews: Sequence[Review]) -> Sequence[Review]:
    """Those with something to check; where there is none, one line saying that it was done."""
    return [review for review in reviews if review.rows] or reviews[:1]
