"""Who is who: one person from two sources is one patient, and two persons never become one. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.model.people import Identity, Patient

FACTS = {"name": "姓名", "birth_year": "出生年份", "sex": "性别", "id_last4": "身份证后四位"}
"""What a person keeps for life, or nearly; the words for the report."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The data point at a patient and speak against it, or point at several: a person must look. `fields` are the
    Chinese names of what does not agree; `why` is a stable word."""

    why: str  # "conflict" | "two_records"
    fields: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        if self.why == "two_records":
            return "住院号、身份证或电话分别对上了不同的患者档案"
        return f"住院号、身份证或电话对上了一位患者，但{'、'.join(self.fields)}不一致"

    @property
    def remedy(self) -> str:
        return "请核对是不是同一个人；改正后重新导入或重发，没有写入任何内容"


class Known:
    """Patients by each of the keys they may be found by; one that is added again is known as it is now."""

    def __init__(self, patients: Iterable[Patient] = ()) -> None:
        self._by_id: dict[str, Patient] = {}
        self._ids: dict[tuple[str | None, ...], set[str]] = {}
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        self._by_id[patient.id] = patient
        for key in _keys(patient):
            self._ids.setdefault(key, set()).add(patient.id)

    def like(self, who: Identity) -> list[Patient]:
        found = {patient_id for key in _keys(who) for patient_id in self._ids.get(key, ())}
        return [self._by_id[patient_id] for patient_id in sorted(found)]


def _keys(one: Identity | Patient) -> Iterator[tuple[str | None, ...]]:
    yield ("phone", one.name, one.phone)
    if one.hospital_number:
        yield ("number", one.hospital_number)
    if one.id_last4:
        yield ("card", one.name, one.id_last4)


def match(who: Identity, candidates: Iterable[Patient], *, correcting: bool = False) -> Patient | Doubt | None:
    """The patient this is, None for a new one. Hospital number first, then name with the last four of the card and the
    year of birth, then name and phone. `correcting`: the source says that it changes the person's data, so one fact
    that still agrees is enough."""
    known = list(candidates)
    by_number = [p for p in known if who.hospital_number and p.hospital_number == who.hospital_number]
    by_card = [p for p in known if who.id_last4 and _card(p) == (who.name, who.id_last4, who.birth_year)]
    by_phone = [p for p in known if (p.name, p.phone) == (who.name, who.phone)]
    found = {patient.id: patient for patient in (*by_number, *by_card, *by_phone)}
    if not found:
        return None
    if len(found) > 1:
        return Doubt("two_records")
    (patient,) = found.values()
    against = [word for fact, word in FACTS.items() if _differ(getattr(who, fact), getattr(patient, fact))]
    if not against or (correcting and _agrees(who, patient)):
        return patient
    return Doubt("conflict", tuple(against))


def _card(patient: Patient) -> tuple[str, str | None, int | None]:
    return patient.name, patient.id_last4, patient.birth_year


def _differ(told: object, known: object) -> bool:
    return told is not None and known is not None and told != known


def _agrees(who: Identity, patient: Patient) -> bool:
    return any(
        getattr(who, fact) is not None and getattr(who, fact) == getattr(patient, fact)
        for fact in ("name", "birth_year", "id_last4")
    )
