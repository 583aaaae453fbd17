"""One patient: plan line, contacts, answers, readings, escalations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.answer import Answer, AnswerType
from agent.model.contact import Attempt, Contact, ContactStatus
from agent.model.education import EducationDue
from agent.model.escalation import Escalation
from agent.model.message import Message
from agent.model.people import Patient, Plan
from agent.store.screens import ScreenRecords
from dashboard import words
from dashboard.deps import DashboardDeps
from dashboard.house import PathwayBook
from dashboard.views.charts import Chart, Flag, charts_of
from dashboard.views.queue import who_of
from dashboard.views.readings import Series, series_of, value_text

MESSAGES = 30
_TOUCHED = frozenset(ContactStatus) - {ContactStatus.DUE, ContactStatus.WAIVED}


@dataclass(frozen=True, slots=True)
class Node:
    """One planned contact on the plan line."""

    contact: Contact
    title: str
    status: str
    attempts: tuple[Attempt, ...]
    at: datetime  # when it happened, or is due
    alarms: int
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer at each contact of the page's columns ("" where it was not answered)."""

    label: str
    cells: tuple[str, ...]
    raws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatientView:
    patient: Patient
    who: str
    plans: tuple[Plan, ...]
    plan_title: str
    nodes: tuple[Node, ...]
    series: tuple[Series, ...]
    escalations: tuple[Escalation, ...]
    columns: tuple[Node, ...]  # contacts with answers
    rows: tuple[AnswerRow, ...]
    charts: tuple[Chart, ...]
    answers: Mapping[str, Sequence[Answer]]  # those that stand, by contact

    @property
    def due(self) -> tuple[Node, ...]:
        """What is still to come and can be changed."""
        return tuple(node for node in self.nodes if node.contact.status is ContactStatus.DUE)

    def node(self, contact_id: str) -> Node | None:
        return next((node for node in self.nodes if node.contact.id == contact_id), None)


@dataclass(frozen=True, slots=True)
class Sent:
    """What went to the patient in writing or is owed, the newest first."""

    messages: tuple[Message, ...]
    education: tuple[EducationDue, ...]


def answer_text(answer: Answer, contact: Contact, deps: DashboardDeps) -> str:
    """A stored value in Chinese; what nobody confirmed says so."""
    text = _value_text(answer, contact, deps)
    return f"{text}（{words.UNCONFIRMED}）" if answer.unconfirmed else text


def _value_text(answer: Answer, contact: Contact, deps: DashboardDeps) -> str:
    value = answer.value
    if answer.type is AnswerType.YES_NO or isinstance(value, bool):
        return "是" if value else "否"
    if answer.type in (AnswerType.CHOICE, AnswerType.ADHERENCE):
        key = str(value)
        label = deps.option_labels(contact.pathway, contact.pathway_version, answer.question, key)
        return label or words.ADHERENCE.get(key) or f"“{answer.raw}”"
    if answer.type is AnswerType.FREE_TEXT:
        return f"“{value}”"
    text = value_text(value) if isinstance(value, int | float) else str(value)
    if answer.type is AnswerType.SCALE:
        return f"{text} 分"
    if answer.type is AnswerType.BLOOD_PRESSURE:
        text = half_pressure(text) or text
    unit = answer.unit or ("mmHg" if answer.type is AnswerType.BLOOD_PRESSURE else "")
    return f"{text} {unit}".strip()


def half_pressure(text: str) -> str:
    """136/ and /78 with their names; "" for a whole pressure."""
    upper, _, lower = text.partition("/")
    if upper and lower:
        return ""
    return f"{words.UPPER_PRESSURE} {upper}" if upper else f"{words.LOWER_PRESSURE} {lower}"


async def load(records: ScreenRecords, deps: DashboardDeps, patient_id: str) -> PatientView:
    """Raises NotFound for an unknown patient."""
    patient = await records.patient(patient_id)
    plans = tuple(await records.plans(patient_id))
    contacts = sorted(await records.contacts_of([patient_id]), key=lambda contact: contact.due_at)
    escalations = sorted(
        await records.escalations(patient_id=patient_id, limit=100), key=lambda each: each.created_at, reverse=True
    )
    touched = [contact.id for contact in contacts if contact.status in _TOUCHED or contact.attempts_made]
    attempts, answers = await records.attempts_of(touched), await records.answers_of(touched)
    nodes = tuple(_node(contact, tuple(attempts.get(contact.id, ())), escalations, deps) for contact in contacts)
    times_of = {node.contact.id: node.at for node in nodes}
    columns = tuple(node for node in nodes if node.contact.id in answers)
    series = series_of([(node.contact, answers[node.contact.id]) for node in columns], times_of, deps)
    return PatientView(
        patient=patient,
        who=who_of(patient, deps.now()),
        plans=plans,
        plan_title=" · ".join(dict.fromkeys(deps.pathway_titles(plan.pathway) for plan in plans)),
        nodes=nodes,
        series=series,
        charts=charts_of(series, [Flag(each.created_at, "alarm", each.reason) for each in escalations]),
        escalations=tuple(escalations),
        columns=columns,
        rows=_rows(columns, answers, deps),
        answers=answers,
    )


async def sent(records: ScreenRecords, patient_id: str) -> Sent:
    return Sent(
        messages=tuple(reversed(await records.messages(patient_id=patient_id)))[:MESSAGES],
        education=tuple(reversed(await records.education(patient_id))),
    )


def pictures(sent: Sent, person: PatientView, book: PathwayBook | None) -> dict[str, tuple[str, str]]:
    """Lesson owed → the address of its picture and what that shows, where it has one. Looks into the house's files."""
    shown = {}
    for due in sent.education:
        node = person.node(due.contact_id)
        picture = book.picture(node.contact.pathway, due.item) if book and node else None
        if picture is not None and node is not None:
            shown[due.id] = (f"/pathways/{node.contact.pathway}/pictures/{due.item}", picture.says)
    return shown


def _node(
    contact: Contact, attempts: tuple[Attempt, ...], escalations: Sequence[Escalation], deps: DashboardDeps
) -> Node:
    moments = [attempt.answered_at or attempt.created_at for attempt in attempts]
    return Node(
        contact=contact,
        title=f"第 {contact.node_day} 天",
        status=words.CONTACT_STATUS[contact.status],
        attempts=attempts,
        at=moments[-1] if moments else contact.due_at,
        alarms=sum(1 for each in escalations if each.contact_id == contact.id),
        reason=words.reason_word(contact.reason),
    )


def _rows(
    columns: Sequence[Node], answers: Mapping[str, Sequence[Answer]], deps: DashboardDeps
) -> tuple[AnswerRow, ...]:
    table: dict[str, dict[str, tuple[str, str]]] = {}
    for node in columns:
        contact = node.contact
        for answer in answers[contact.id]:
            label = deps.question_labels(contact.pathway, contact.pathway_version, answer.question)
            cell = (answer_text(answer, contact, deps), answer.raw)
            table.setdefault(label, {})[contact.id] = cell
    empty = ("", "")
    return tuple(
        AnswerRow(
            label,
            tuple(cells.get(node.contact.id, empty)[0] for node in columns),
            tuple(cells.get(node.contact.id, empty)[1] for node in columns),
        )
        for label, cells in table.items()
    )
