"""ADT messages → notices. Pure; a wrong field is named, nothing of half a message is used."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from typing import TypeVar

from agent.exchange import cells
from agent.exchange.cells import BadCell
from agent.exchange.hl7v2.message import Header, Message, Segment
from agent.exchange.notice import Fault, Notice, NoticeKind, Person
from agent.model.clock import HOSPITAL_ZONE

EVENTS = {
    "A01": NoticeKind.ADMITTED,
    "A03": NoticeKind.DISCHARGED,
    "A04": NoticeKind.UPDATED,  # an outpatient is registered: the person's data are news, no stay begins
    "A08": NoticeKind.UPDATED,
    "A31": NoticeKind.UPDATED,
    "A11": NoticeKind.ADMISSION_CANCELLED,
    "A13": NoticeKind.DISCHARGE_CANCELLED,
}
UNCONCERNED = frozenset(
    {"A02", "A05", "A06", "A07", "A09", "A10", "A12", "A14", "A15", "A21", "A22", "A25", "A26", "A27", "A28", "A38"}
)
"""Transfers, beds, leave and plans to admit: accepted, and nothing follows."""
PERSON_ONLY = frozenset({"A04", "A31"})
NOT_AN_INPATIENT = frozenset({"O", "E", "P", "C", "N"})  # table 0004: outpatients' visits begin and end without a stay
ID_CARD = frozenset({"NNCHN", "NI", "IDCARD", "SFZ", "SS"})
HOSPITAL_ID = ("MR", "PI", "PN", "")
DIED = frozenset({"20", "40", "41", "42"})  # table 0112
SEXES = {"M": "male", "F": "female"}

Value = TypeVar("Value")


def notice_of(message: Message, header: Header, today: date) -> Notice:
    """Raises Fault."""
    check_supported(header)
    if header.event in UNCONCERNED:
        return Notice(NoticeKind.UNCONCERNED, Person(""))
    patient = message.segment("PID")
    visits = message.segments("PV1")
    visit = visits[0] if visits else None
    at_home = header.event in PERSON_ONLY or (visit is not None and visit.text(2).upper() in NOT_AN_INPATIENT)
    kind = NoticeKind.UPDATED if at_home else EVENTS[header.event]
    diagnosis, codes = _diagnoses(message)
    discharged = None if at_home else _discharged_on(message, visit, kind, today)
    return Notice(
        kind=kind,
        person=_person(message, patient, visit, today),
        deceased=_deceased(patient, visit),
        visit=(visit.text(19) or None) if visit else None,
        discharge_date=discharged,
        diagnosis=diagnosis,
        icd10=codes,
        procedure=_joined(each.text(3, 2) or each.text(4) for each in message.segments("PR1")),
    )


def check_supported(header: Header) -> None:
    """Raises Fault."""
    if header.kind != "ADT":
        raise Fault("type_unsupported", "MSH-9", "不处理这种消息", "这个端口只收 ADT")
    if header.event not in EVENTS and header.event not in UNCONCERNED:
        raise Fault("event_unsupported", "MSH-9", "不处理这种事件", f"可以发：{' '.join(sorted(EVENTS))}")
    if header.processing not in ("P", ""):
        raise Fault("processing_unsupported", "MSH-11", "不是正式数据（P）", "测试数据不会当作真的患者；请写 P")
    if not re.fullmatch(r"2(\.\d){0,2}", header.version or "2"):
        raise Fault("version_unsupported", "MSH-12", "不认识的版本", "请写 2.3 到 2.8 之间的版本")


def _person(message: Message, patient: Segment, visit: Segment | None, today: date) -> Person:
    number, card = _identifiers(patient)
    kin = message.segments("NK1")
    born = patient.text(7)
    return Person(
        name=_name(patient),
        phone=_phone(patient),
        hospital_number=number,
        id_last4=card,
        birth_year=_read("PID-7", born[:4], lambda cell: cells.birth_year(cell, today)),
        sex=SEXES.get(patient.text(8).upper()),
        department=_department(visit) if visit else None,
        caregiver_name=_lenient(kin[0].text(2, 1) + kin[0].text(2, 2), cells.name) if kin else None,
        caregiver_phone=_numbers(kin[0], 5)[0] if kin and _numbers(kin[0], 5) else None,
    )


def _name(patient: Segment) -> str:
    """The repetition in Chinese characters, else the first; family and given name joined as they are spoken."""
    written = []
    for repetition in patient.repetitions(5):
        family, given = patient.text(5, 1, repetition), patient.text(5, 2, repetition)
        chinese = re.search(r"[\u3400-\u9fff]", family + given) is not None
        written.append((not chinese, (family + given) if chinese else f"{given} {family}".strip()))
    if not written:
        raise Fault("name_missing", "PID-5", "没有患者姓名", "请让发送方填 PID-5", missing=True)
    name = _read("PID-5", min(written, key=lambda each: each[0])[1], cells.name)
    if name is None:
        raise Fault("name_missing", "PID-5", "没有患者姓名", "请让发送方填 PID-5", missing=True)
    return name


def _phone(patient: Segment) -> str | None:
    """The first mobile number of PID-13 or PID-14, else the first telephone. Raises Fault where all that is written
    there is no telephone."""
    found = [*_numbers(patient, 13), *_numbers(patient, 14)]
    mobile = [number for number in found if re.fullmatch(r"\+861\d{10}", number)]
    if found:
        return (mobile or found)[0]
    written = patient.text(13) or patient.text(13, 12)
    return _read("PID-13", written, cells.phone)


def _numbers(segment: Segment, field: int) -> list[str]:
    """Every telephone of an XTN field: whole in component 1 or 12, or area code and number in 6 and 7."""
    found = []
    for repetition in segment.repetitions(field):
        parts = [segment.text(field, component, repetition) for component in (1, 12)]
        parts.append(segment.text(field, 6, repetition) + segment.text(field, 7, repetition))
        numbers = (_lenient(part, cells.phone) for part in parts if part)
        found += [number for number in numbers if number][:1]
    return found


def _identifiers(patient: Segment) -> tuple[str | None, str | None]:
    """(hospital number, last four of the identity card)."""
    typed = {}
    for repetition in reversed(list(patient.repetitions(3))):
        typed[patient.text(3, 5, repetition).upper()] = patient.text(3, 1, repetition)
    number = next((typed[kind] for kind in HOSPITAL_ID if typed.get(kind)), None)
    cards = [typed[kind] for kind in ID_CARD if typed.get(kind)]
    cards += [written for written in (patient.text(19),) if len(written) == 18]
    return number, _read("PID-3", cards[0], cells.id_last4_of_whole) if cards else None


def _deceased(patient: Segment, visit: Segment | None) -> bool | None:
    said = patient.text(30).upper()
    if said == "Y" or patient.text(29) or (visit is not None and visit.text(36) in DIED):
        return True
    return False if said == "N" else None


def _discharged_on(message: Message, visit: Segment | None, kind: NoticeKind, today: date) -> date | None:
    """PV1-45; a discharge without one happened when the event did."""
    written, place = (visit.text(45) if visit else ""), "PV1-45"
    if not written and kind is NoticeKind.DISCHARGED:
        event = message.segments("EVN")
        written, place = ((event[0].text(6) or event[0].text(2)) if event else ""), "EVN-2"
        if not written:
            raise Fault("date_missing", "PV1-45", "没有出院时间", "请让发送方填 PV1-45", missing=True)
    if not written:
        return None
    found = _day(written)
    if found is None:
        raise Fault("date_form", place, "看不懂的时间", "请写成 20261118093000")
    if found > today:
        raise Fault("date_future", place, "出院时间在今天之后", "请核对时间")
    return found


def _day(written: str) -> date | None:
    """The hospital's day of a time stamp, whose offset is heeded."""
    parts = re.fullmatch(r"(\d{8})(\d{4}(?:\d{2})?)?(?:\.\d+)?([+-]\d{4})?", written)
    if parts is None:
        return None
    try:
        moment = datetime.strptime(parts[1] + (parts[2] or "1200")[:4], "%Y%m%d%H%M").replace(tzinfo=HOSPITAL_ZONE)
        if parts[3] and parts[2]:
            sign = -1 if parts[3][0] == "-" else 1
            offset = timezone(sign * timedelta(hours=int(parts[3][1:3]), minutes=int(parts[3][3:])))
            moment = moment.replace(tzinfo=offset).astimezone(HOSPITAL_ZONE)
    except (ValueError, OverflowError):  # an offset of a day or more, a moment before the first year
        return None
    return moment.date()


def _diagnoses(message: Message) -> tuple[str | None, tuple[str, ...]]:
    """(words, ICD-10 codes); final diagnoses alone where there are any."""
    found = message.segments("DG1")
    final = [each for each in found if each.text(6).upper() == "F"] or found
    words = _joined(each.text(3, 2) or each.text(4) for each in final)
    codes = [_lenient(each.text(3, 1), cells.icd10) or () for each in final]
    return words, tuple(dict.fromkeys(code for some in codes for code in some))


def _department(visit: Segment) -> str | None:
    return visit.text(3, 9) or visit.text(3, 1) or visit.text(10) or None


def _joined(words: Iterable[str]) -> str | None:
    return "，".join(dict.fromkeys(word for word in words if word)) or None


def _read(place: str, written: str, read: Callable[[str], Value]) -> Value | None:
    """None where nothing is written. Raises Fault."""
    if not written:
        return None
    try:
        return read(written)
    except BadCell as bad:
        raise Fault(bad.code, place, bad.reason, bad.remedy) from None


def _lenient(written: str, read: Callable[[str], Value]) -> Value | None:
    """For what the follow-up can do without."""
    try:
        return read(written) if written else None
    except BadCell:
        return None
