"""What the follow-up brings: satisfaction, the effect of the message before the first call, who came back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from agent.model.contact import Attempt
from agent.model.insight import AnswerFact, Slice, StayFact
from agent.model.stay import StayStatus
from agent.schedule.warm_up import Arm, effect_of, first_calls
from agent.store.screens import ScreenRecords
from dashboard import times
from dashboard.views.insight import Rate

SATISFACTION, OVERALL, CONTENT_FROM = "satisfaction", "overall", 8  # of 10: satisfied
AGAIN_WITHIN = timedelta(days=30)
TELLS_ADMISSIONS = frozenset({"hl7", "fhir"})  # a list names discharges alone


@dataclass(frozen=True, slots=True)
class Readmission:
    patient_id: str
    discharged: date
    again: date


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`mean` of ten; `warm_up` None where nobody was drawn; `told_by_systems`: admissions are known at all."""

    satisfied: Rate
    mean: float | None
    warm_up: tuple[Rate, Rate] | None
    bounds: tuple[int, int] | None  # percentage points within which the message's effect lies, 95 %
    readmitted: Rate
    told_by_systems: bool
    cohort: tuple[date, date]


async def load(records: ScreenRecords, wanted: Slice) -> Outcomes:
    scores = [float(fact.value) for fact in await satisfaction(records, wanted)]
    calls = await warmed(records, wanted)
    found = effect_of(calls)
    difference = found.difference()
    stays = await records.stay_facts(cohort(wanted))
    again, discharged = readmissions(stays, cohort(wanted))
    of_arm = {arm: Rate(label, found.answered[arm], found.called[arm]) for arm, label in ARMS.items()}
    return Outcomes(
        satisfied=Rate("满意（8 分及以上）", sum(score >= CONTENT_FROM for score in scores), len(scores)),
        mean=sum(scores) / len(scores) if scores else None,
        warm_up=(of_arm[Arm.WITH], of_arm[Arm.WITHOUT]) if calls else None,
        bounds=(round(100 * difference[0]), round(100 * difference[1])) if difference else None,
        readmitted=Rate("30 天内再入院", len(again), discharged),
        told_by_systems=any(stay.source in TELLS_ADMISSIONS for stay in stays),
        cohort=(cohort(wanted).since, cohort(wanted).until),
    )


ARMS = {Arm.WITH: "先发短信", Arm.WITHOUT: "直接拨打"}


async def satisfaction(records: ScreenRecords, wanted: Slice) -> list[AnswerFact]:
    """The overall score of every satisfaction survey of the slice, whichever pathway it names; not
    those that may be misheard."""
    found = await records.answer_facts(replace(wanted, pathway=SATISFACTION), {OVERALL})
    given = [each for each in found if isinstance(each.value, int | float) and not isinstance(each.value, bool)]
    return [each for each in given if not each.unconfirmed]


async def warmed(records: ScreenRecords, wanted: Slice) -> list[tuple[Arm, Attempt]]:
    """First calls since the slice began, of all departments that may be seen."""
    return await first_calls(records, times.day_bounds(wanted.since)[0])


def cohort(wanted: Slice) -> Slice:
    """Those discharged so long ago that the thirty days are over."""
    return replace(wanted, since=wanted.since - AGAIN_WITHIN, until=wanted.until - AGAIN_WITHIN, pathway=None)


def readmissions(stays: Sequence[StayFact], within: Slice) -> tuple[list[Readmission], int]:
    """Who was in hospital again within thirty days of a discharge of the slice, and how many discharges there were."""
    of_patient: dict[str, list[StayFact]] = defaultdict(list)
    for stay in stays:
        of_patient[stay.patient_id].append(stay)
    again, discharged = [], 0
    for patient_id, theirs in of_patient.items():
        ordered = sorted(theirs, key=lambda stay: stay.on)
        following = {id(stay): later for stay, later in pairwise(ordered)}
        for stay in ordered:
            if stay.status is not StayStatus.DISCHARGED or not within.since <= stay.on <= within.until:
                continue
            discharged += 1
            later = following.get(id(stay))
            if later is not None and later.on - stay.on <= AGAIN_WITHIN:
                again.append(Readmission(patient_id, stay.on, later.on))
    return again, discharged
