"""More lists behind figures: calls, answers to a question, first calls with and without a message, who came back; and
answers proposed for what the robot could not answer."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from agent.attempts.hours import answered
from agent.model.clock import HOSPITAL_ZONE
from agent.model.faq_proposal import FaqProposal
from agent.model.insight import AnswerFact, AttemptFact, CallCount, QuestionCount
from agent.model.people import Patient
from agent.model.record import Event
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.deps import DashboardDeps
from dashboard.routes.insight import Listed, Row, room, shown, wanted_of
from dashboard.views import outcomes
from dashboard.views.insight import decade_of
from dashboard.views.queue import UNKNOWN_NAME, who_of
from dashboard.web import Posted, Viewer, posted, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(posted)]
Fact = TypeVar("Fact", bound=AttemptFact | AnswerFact)
WHO = ("姓名", "性别年龄", "科室")
LEAST_WORDINGS, MOST_WORDINGS, LONGEST_WORDING, LONGEST_ANSWER = 3, 12, 40, 75


@router.get("/insight/calls")
async def calls(request: Request, viewer: Reader, hour: str = "", age: str = "", file: str = "") -> Response:
    """The calls of one hour, or of patients of one decade of age."""
    web = web_of(request)
    year, wanted = web.deps.now().year, wanted_of(request, web.deps)

    def fits(each: AttemptFact | CallCount, at: int) -> bool:
        return hour in ("", str(at)) and age in ("", str(decade_of(each, year)))

    async with web.seen_by(viewer) as records:
        facts = await records.attempt_facts(wanted)
        fit = [each for each in facts if fits(each, each.created_at.astimezone(HOSPITAL_ZONE).hour)]
        total = sum(each.made for each in await records.call_counts(wanted) if fits(each, each.hour))
        rows = await _rows(records, web.deps, fit[: room(file)], _call)
    return shown(request, viewer, Listed("外呼", (*WHO, "时间", "接通", "通话时长"), rows, total), file)


@router.get("/insight/answers")
async def answers(request: Request, viewer: Reader, question: str = "", file: str = "") -> Response:
    """Who answered a question, as it is called on the page, and what."""
    web = web_of(request)
    wanted = wanted_of(request, web.deps)
    async with web.seen_by(viewer) as records:
        counts = await records.question_counts(wanted)
        asked = [each for each in counts if _label(web.deps, each) == question]
        facts = await records.answer_facts(wanted, {each.question for each in asked})
        fit = [each for each in facts if _label(web.deps, each) == question]
        rows = await _rows(records, web.deps, fit[: room(file)], _answer)
    total = sum(each.answered for each in asked)
    return shown(request, viewer, Listed(question or "回答", (*WHO, "应随访日", "回答"), rows, total), file)


@router.get("/insight/satisfaction")
async def satisfaction(request: Request, viewer: Reader, file: str = "") -> Response:
    """The lowest scores first."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        facts = await outcomes.satisfaction(records, wanted_of(request, web.deps))
        lowest = sorted(facts, key=lambda each: float(each.value))
        rows = await _rows(records, web.deps, lowest[: room(file)], _answer)
    return shown(request, viewer, Listed("满意度", (*WHO, "应随访日", "评分"), rows, len(lowest)), file)


@router.get("/insight/warm-up")
async def warm_up(request: Request, viewer: Reader, file: str = "") -> Response:
    """First calls with a message before them, and without."""
    web = web_of(request)
    async with web.seen_by(viewer) as records:
        found = await outcomes.warmed(records, wanted_of(request, web.deps))
        arms = {attempt.id: outcomes.ARMS[arm] for arm, attempt in found}
        people = await records.patients_by_id({attempt.patient_id for _, attempt in found})
    rows: list[Row] = []
    for _, attempt in found[: room(file)]:
        cells = (arms[attempt.id], times.exact(attempt.created_at), _yes(answered(attempt)))
        rows.append((f"/contacts/{attempt.contact_id}", (*_who(people, attempt.patient_id, web.deps), *cells)))
    return shown(request, viewer, Listed("首次外呼", (*WHO, "方式", "时间", "接通"), rows, len(found)), file)


@router.get("/insight/readmissions")
async def readmissions(request: Request, viewer: Reader, file: str = "") -> Response:
    web = web_of(request)
    within = outcomes.cohort(wanted_of(request, web.deps))
    async with web.seen_by(viewer) as records:
        again, _ = outcomes.readmissions(await records.stay_facts(within), within)
        people = await records.patients_by_id({each.patient_id for each in again})
    rows: list[Row] = [
        (
            f"/patients/{each.patient_id}",
            (*_who(people, each.patient_id, web.deps), each.discharged.isoformat(), each.again.isoformat()),
        )
        for each in again[: room(file)]
    ]
    return shown(request, viewer, Listed("30 天内再入院", (*WHO, "出院", "再次入院"), rows, len(again)), file)


@router.post("/insight/faq")
async def propose(request: Request, form: Acting) -> Response:
    """An answer is proposed; the robot says it once it is signed among the FAQ's files and the dialogue was trained."""
    deps, user = web_of(request).deps, form.viewer.user
    lines = dict.fromkeys(line.strip()[:LONGEST_WORDING] for line in form.field("questions").splitlines())
    questions = tuple(line for line in lines if line)[:MOST_WORDINGS]
    answer = form.field("answer")
    if len(questions) < LEAST_WORDINGS or not 0 < len(answer) <= LONGEST_ANSWER:
        return RedirectResponse("/insight?said=faq_incomplete#faq", 303)
    proposal = FaqProposal(deps.new_id(), questions, answer, user.name, deps.now())
    async with deps.store.transaction() as records:
        await records.add_faq_proposal(proposal)
        await records.add_event(Event("faq", proposal.id, None, "proposed", deps.now(), user.name))
    return RedirectResponse("/insight?said=faq_proposed#faq", 303)


@router.post("/insight/faq/{proposal_id}/drop")
async def drop(request: Request, form: Acting, proposal_id: str) -> Response:
    deps, user = web_of(request).deps, form.viewer.user
    async with deps.store.transaction() as records:
        await records.drop_faq_proposal(proposal_id)
        await records.add_event(Event("faq", proposal_id, None, "dropped", deps.now(), user.name))
    return RedirectResponse("/insight?said=faq_dropped#faq", 303)


def _label(deps: DashboardDeps, asked: QuestionCount | AnswerFact) -> str:
    return deps.question_labels(asked.pathway, asked.version, asked.question)


def _who(people: Mapping[str, Patient], patient_id: str, deps: DashboardDeps) -> tuple[str, str, str]:
    person = people.get(patient_id)
    return (person.name, who_of(person, deps.now()), person.department or "") if person else (UNKNOWN_NAME, "", "")


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _call(fact: AttemptFact) -> tuple[str, ...]:
    return times.exact(fact.created_at), _yes(fact.answered), times.span(fact.talk_seconds) if fact.answered else ""


def _answer(fact: AnswerFact) -> tuple[str, ...]:
    value = fact.value
    if isinstance(value, bool):
        return fact.planned_for.isoformat(), _yes(value)
    said = f"{value:g}" if isinstance(value, int | float) else fact.raw
    return fact.planned_for.isoformat(), f"{said}（{words.UNCONFIRMED}）" if fact.unconfirmed else said


async def _rows(
    records: ScreenRecords, deps: DashboardDeps, facts: Sequence[Fact], cells: Callable[[Fact], tuple[str, ...]]
) -> list[Row]:
    people = await records.patients_by_id({each.patient_id for each in facts})
    return [(f"/contacts/{each.contact_id}", (*_who(people, each.patient_id, deps), *cells(each))) for each in facts]
