"""Points for a spreadsheet: one row a deed, with whose it is and why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE
from agent.model.people import Patient
from agent.model.points import DEED_WORDS, PointsEarned
from agent.store.screens import ScreenRecords

HEAD = ("日期", "姓名", "手机号", "住院号", "科室", "事由", "积分")
Days = tuple[date, date]


async def points_rows(records: ScreenRecords, days: Days) -> list[Sequence[object]]:
    """Of the hospital's days from the first to the last, both whole."""
    first, last = days
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    earned = await records.points_between(since=since, until=until)
    people = await records.patients_by_id({each.patient_id for each in earned})
    return [_row(each, people) for each in earned if each.patient_id in people]


def _row(earned: PointsEarned, people: Mapping[str, Patient]) -> Sequence[object]:
    who, at = people[earned.patient_id], earned.at.astimezone(HOSPITAL_ZONE)
    phone = who.phone.removeprefix("+86")
    named = (who.name, phone, who.hospital_number or "", who.department or "")
    return (f"{at:%Y-%m-%d %H:%M}", *named, DEED_WORDS[earned.deed], earned.points)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HOSPITAL_ZONE)
