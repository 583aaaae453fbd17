"""A patient's stay from what a source says of it. Pure."""

from datetime import datetime

from agent.model.discharge import Discharge
from agent.model.stay import Stay, StayStatus

SOURCES = {"import": "list"}


def stay_of_discharge(stay_id: str, patient_id: str, discharge: Discharge, actor: str, now: datetime) -> Stay:
    return Stay(
        id=stay_id,
        patient_id=patient_id,
        status=StayStatus.DISCHARGED,
        source=SOURCES.get(actor, actor),
        updated_at=now,
        discharge_date=discharge.discharge_date,
        diagnosis=discharge.diagnosis,
        icd10=discharge.icd10,
        procedure=discharge.procedure,
        tags=discharge.tags,
        department=discharge.department,
    )
