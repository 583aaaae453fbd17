"""`./suifang call`: a patient's next contact becomes due now; the running server dials it."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from agent.by_hand.call_back import bring_forward
from agent.model.clock import HOSPITAL_ZONE, utc_now
from agent.model.contact import Contact, ContactStatus
from agent.model.people import Patient
from agent.schedule.calendar_file import CalendarError
from agent.store.open import open_store
from agent.store.ports import StoreError
from agent.store.screens import ScreenRecords
from settings import Settings, SettingsError, load
from wiring.calling_hours import calendar_of


class CannotCall(Exception):
    """The message says why, and what to type instead."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="the patient's name, part of the phone number, or an id")


def run(args: argparse.Namespace) -> int:
    try:
        print(asyncio.run(_bring_forward(load(), args.who.strip())))
    except (SettingsError, CalendarError, StoreError, CannotCall) as error:
        print(f"suifang call: {error}", file=sys.stderr)
        return 1
    return 0


async def _bring_forward(settings: Settings, who: str) -> str:
    now, calendar = utc_now(), calendar_of(settings)
    store = await open_store(settings.database)
    try:
        async with store.transaction() as records:
            contact = await _next_contact(records, who)
            await bring_forward(records, contact, now, actor="terminal")
    finally:
        await store.close()
    if calendar.open_at(now):
        what = f"{contact.pathway}, day {contact.node_day}"
        return f"contact {contact.id} ({what}) is due now: `./suifang serve` dials it"
    opens = calendar.next_open(now).astimezone(HOSPITAL_ZONE)
    return f"contact {contact.id} is due now, and is dialled when calling hours begin: {opens:%Y-%m-%d %H:%M}"


async def _next_contact(records: ScreenRecords, who: str) -> Contact:
    if who in await records.contacts_by_id({who}):
        return _due([await records.contact(who)], who)
    patient = await found_one(records, who)
    return _due(await records.contacts_of({patient.id}), patient.name)


async def found_one(records: ScreenRecords, who: str) -> Patient:
    """The one patient with this in name or number, or of this id. Raises CannotCall."""
    found = list((await records.patients_by_id({who})).values()) or await records.search_patients(who)
    if len(found) != 1:
        raise CannotCall(_ambiguous(found) if found else f"nobody has {who!r} in name or number")
    return found[0]


def _due(contacts: Sequence[Contact], who: str) -> Contact:
    """The next that is due. While one is under way the one after it is not called early in its place."""
    under_way = next((contact for contact in contacts if contact.status is ContactStatus.IN_PROGRESS), None)
    if under_way is not None:
        what = f"{under_way.pathway}, day {under_way.node_day}"
        raise CannotCall(f"{who} is being followed up at this moment ({what}): wait until it has ended")
    waiting = [contact for contact in contacts if contact.status is ContactStatus.DUE]
    if not waiting:
        raise CannotCall(f"{who} has no contact that is due: `./suifang ledger` shows what became of them")
    return waiting[0]


def _ambiguous(found: Sequence[Patient]) -> str:
    phones = ", ".join(f"{patient.name} {patient.phone[-4:]}" for patient in found[:8])
    return f"{len(found)} patients fit: {phones}; type more of the phone number"
