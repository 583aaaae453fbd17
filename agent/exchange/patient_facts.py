"""A patient's row from a discharge, and what a newer word changes in it. Pure."""

from dataclasses import replace

from agent.model.discharge import Discharge
from agent.model.people import Identity, Patient, Tier

PERSON = {
    "性别": "sex",
    "出生年份": "birth_year",
    "身份证后四位": "id_last4",
    "科室": "department",
    "住院号": "hospital_number",
    "家属姓名": "caregiver_name",
    "家属电话": "caregiver_phone",
}
_FIELDS = {"电话": "phone", "诊断": "diagnosis", "分层": "tier", **PERSON}


def identity_of(discharge: Discharge) -> Identity:
    return Identity(
        name=discharge.name,
        phone=discharge.phone,
        hospital_number=discharge.hospital_number,
        id_last4=discharge.id_last4,
        birth_year=discharge.birth_year,
        sex=discharge.sex,
    )


def patient_of(patient_id: str, discharge: Discharge, tier: Tier) -> Patient:
    facts = {field: getattr(discharge, field) for field in PERSON.values()}
    return Patient(
        id=patient_id,
        name=discharge.name,
        phone=discharge.phone,
        diagnosis=discharge.diagnosis,
        tier=tier,
        tags=discharge.tags,
        **facts,
    )


def brought_up_to_date(patient: Patient, discharge: Discharge, tier: Tier) -> Patient:
    """What the newer discharge says; what it leaves empty stays, and so do tags."""
    tags = tuple(dict.fromkeys((*patient.tags, *discharge.tags)))
    said = {field: getattr(discharge, field) for field in _FIELDS.values()} | {"tier": tier}
    return replace(patient, tags=tags, **{field: value for field, value in said.items() if value is not None})


def differences(patient: Patient, discharge: Discharge) -> tuple[str, ...]:
    """Columns the source fills with another value than the store has."""
    pairs = {column: (getattr(discharge, field), getattr(patient, field)) for column, field in _FIELDS.items()}
    return tuple(column for column, (listed, stored) in pairs.items() if listed is not None and listed != stored)
