"""A bundle → notices. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from agent.exchange import cells
from agent.exchange.cells import BadCell
from agent.exchange.fhir.bundle import BadBundle, Issue, ReadBundle
from agent.exchange.fhir.resources import (
    CodeableConcept,
    Condition,
    ContactPoint,
    Encounter,
    HumanName,
    Identifier,
    Patient,
    Procedure,
)
from agent.exchange.notice import Notice, NoticeKind, Person
from agent.model.clock import HOSPITAL_ZONE

INPATIENT = frozenset({"IMP", "ACUTE", "NONAC", "SS"})  # v3 ActCode; other encounters only tell of the person
STATES = {
    "finished": NoticeKind.DISCHARGED,
    "arrived": NoticeKind.ADMITTED,
    "in-progress": NoticeKind.ADMITTED,
    "onleave": NoticeKind.ADMITTED,
    "cancelled": NoticeKind.ADMISSION_CANCELLED,
    "entered-in-error": NoticeKind.ADMISSION_CANCELLED,
}
ID_CARD = ("NI", "NNCHN")
NOT_SO = ("refuted", "entered-in-error")


def notices_of(bundle: ReadBundle, today: date) -> list[tuple[Notice, str]]:
    """(notice, place of the resource it comes from), the encounters' first. Raises BadBundle."""
    found, told = [], set()
    for encounter, place in bundle.all(Encounter):
        patient, patient_place = bundle.resolve(encounter.subject, Patient, f"{place}.subject")
        told.add(patient_place)
        about = _about(encounter, patient, _person(patient, patient_place, encounter, today))
        found += [(each, place) for each in _of_encounter(bundle, encounter, place, about, today)]
    for patient, place in bundle.all(Patient):
        if place not in told:
            person = _person(patient, place, None, today)
            found.append((Notice(NoticeKind.UPDATED, person, _deceased(patient, None)), place))
    if not found:
        raise BadBundle([Issue("required", "Bundle.entry", "the bundle holds neither Patient nor Encounter")])
    return found


def _about(encounter: Encounter, patient: Patient, person: Person) -> Notice:
    inpatient = encounter.kind.code in INPATIENT
    kind = STATES.get(encounter.status, NoticeKind.UNCONCERNED) if inpatient else NoticeKind.UPDATED
    visit = next((each.value for each in encounter.identifier if each.value), None) or encounter.id
    return Notice(kind, person, _deceased(patient, encounter), visit if inpatient else None)


def _of_encounter(bundle: ReadBundle, encounter: Encounter, place: str, about: Notice, today: date) -> Iterator[Notice]:
    if about.kind is NoticeKind.ADMITTED:  # an encounter says how things are: finished before, it is not any more
        yield replace(about, kind=NoticeKind.DISCHARGE_CANCELLED)
    if about.kind is not NoticeKind.DISCHARGED:
        yield about
        return
    words, codes = _diagnoses(bundle, encounter, place)
    yield replace(
        about,
        discharge_date=_ended(encounter, place, today),
        diagnosis=words,
        icd10=codes,
        procedure=_procedures(bundle, place),
    )


def _person(patient: Patient, place: str, encounter: Encounter | None, today: date) -> Person:
    number, card = _identifiers(patient.identifier, place)
    kin = patient.contact[0] if patient.contact else None
    year = patient.birthDate[:4] if patient.birthDate else ""
    department = encounter.serviceType.words if encounter and encounter.serviceType else ""
    try:
        return Person(
            name=cells.name(_name(patient.name[0])),
            phone=_phone(patient.telecom, place),
            hospital_number=number,
            id_last4=card,
            birth_year=cells.birth_year(year, today) if year else None,
            sex=patient.gender if patient.gender in ("male", "female") else None,
            department=department or None,
            caregiver_name=_name(kin.name) or None if kin and kin.name else None,
            caregiver_phone=_first_phone(kin.telecom) if kin else None,
        )
    except BadCell as bad:
        element = "birthDate" if bad.code.startswith("birth") else "name[0]"
        raise BadBundle([Issue("value", f"{place}.{element}", f"{bad.reason}。{bad.remedy}")]) from None


def _name(name: HumanName) -> str:
    return name.text or f"{name.family or ''}{''.join(name.given)}"


def _phone(telecom: list[ContactPoint], place: str) -> str | None:
    found = _first_phone(telecom)
    if found is None and any(each.system == "phone" and each.value for each in telecom):
        raise BadBundle([Issue("value", f"{place}.telecom", "no telephone number that can be dialled")])
    return found


def _first_phone(telecom: list[ContactPoint]) -> str | None:
    """The mobile one first; one marked as old is not used."""
    phones = [each for each in telecom if each.system in ("phone", "sms") and each.use != "old" and each.value]
    for each in sorted(phones, key=lambda each: each.use != "mobile"):
        try:
            return cells.phone(each.value or "")
        except BadCell:
            continue
    return None


def _identifiers(identifiers: list[Identifier], place: str) -> tuple[str | None, str | None]:
    """(hospital number, last four of the identity card)."""
    cards = [each for each in identifiers if each.type and each.type.has(*ID_CARD) and each.value]
    others = [each for each in identifiers if each not in cards and each.value]
    numbered = [each for each in others if each.type and each.type.has("MR")] or others
    try:
        card = cells.id_last4_of_whole(cards[0].value or "") if cards else None
    except BadCell as bad:
        index = identifiers.index(cards[0])
        raise BadBundle([Issue("value", f"{place}.identifier[{index}].value", bad.reason)]) from None
    return (numbered[0].value if numbered else None), card


def _deceased(patient: Patient, encounter: Encounter | None) -> bool | None:
    stay = encounter.hospitalization if encounter else None
    expired = stay is not None and stay.dischargeDisposition is not None and stay.dischargeDisposition.has("exp")
    if patient.deceasedBoolean or patient.deceasedDateTime or expired:
        return True
    return patient.deceasedBoolean


def _ended(encounter: Encounter, place: str, today: date) -> date:
    written = encounter.period.end if encounter.period else None
    if written is None or len(written) < len("2026-11-20"):
        raise BadBundle([Issue("required", f"{place}.period.end", "a finished encounter needs the day it ended")])
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise BadBundle([Issue("value", f"{place}.period.end", "no such moment")]) from None
    day = moment.astimezone(HOSPITAL_ZONE).date() if moment.tzinfo else moment.date()
    if day > today:
        raise BadBundle([Issue("business-rule", f"{place}.period.end", "the encounter ends in the future")])
    return day


def _diagnoses(bundle: ReadBundle, encounter: Encounter, place: str) -> tuple[str | None, tuple[str, ...]]:
    """Those the encounter names, else those that name it."""
    named = [
        bundle.resolve(each.condition, Condition, f"{place}.diagnosis[{index}].condition")[0]
        for index, each in enumerate(encounter.diagnosis)
    ]
    found = named or [each for each, _ in bundle.all(Condition) if bundle.means(each.encounter, place)]
    true = [each.code for each in found if not (each.verificationStatus and each.verificationStatus.has(*NOT_SO))]
    words = "，".join(dict.fromkeys(code.words for code in true if code.words))
    return words or None, tuple(dict.fromkeys(one for code in true for one in _icd10(code)))


def _icd10(concept: CodeableConcept) -> Iterator[str]:
    for coding in concept.coding:
        if coding.code and "icd-10" in (coding.system or "").lower():
            try:
                yield from cells.icd10(coding.code)
            except BadCell:
                continue


def _procedures(bundle: ReadBundle, place: str) -> str | None:
    done = (
        each for each, _ in bundle.all(Procedure) if bundle.means(each.encounter, place) and each.status == "completed"
    )
    return "，".join(dict.fromkeys(each.code.words for each in done if each.code.words)) or None
