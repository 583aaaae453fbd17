"""Where a patient stands beside the plan: may we contact them, over what, with which words."""

from dataclasses import dataclass

from agent.attempts.transitions import stopped_because
from agent.model.people import Patient, Plan, PlanStatus
from agent.model.wechat import BindingRole
from agent.store.screens import ScreenRecords
from agent.text_consent import agreed_to_text
from dashboard.deps import DashboardDeps
from dashboard.writing import Template, Way, ways_to


@dataclass(frozen=True, slots=True)
class Standing:
    """`stopped`: "opt_out" or "deceased" where nobody contacts the patient any more; `wechat`: who is bound."""

    stopped: str
    text_agreed: bool
    wechat: tuple[str, ...]
    ways: tuple[Way, ...]
    templates: tuple[Template, ...]
    plans: tuple[Plan, ...]  # that can take one more contact


async def load(records: ScreenRecords, deps: DashboardDeps, patient: Patient, plans: tuple[Plan, ...]) -> Standing:
    bound = await records.wechat_bindings(patient.id)
    stopped = await stopped_because(records, patient.id) or ""
    writing = deps.writing
    return Standing(
        stopped=stopped,
        text_agreed=await agreed_to_text(records, patient.id),
        wechat=tuple("本人" if each.role is BindingRole.SELF else "家属" for each in bound),
        ways=await ways_to(records, patient, writing) if writing and not stopped else (),
        templates=tuple(writing.templates()) if writing else (),
        plans=() if stopped else tuple(plan for plan in plans if plan.status is not PlanStatus.CANCELLED),
    )
