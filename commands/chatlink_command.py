"""`./suifang chatlink`: the address that opens a patient's web chat on the running server."""

import argparse
import asyncio
import sys

from agent.chat.place import takes_up
from agent.chat.room import REVOKED
from agent.model.clock import utc_now
from agent.model.contact import Contact, ContactStatus
from agent.store.open import open_store
from agent.store.ports import StoreError
from commands.call_command import CannotCall, found_one
from settings import Settings, SettingsError, load
from wiring.chat import links_of


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="the patient's name, part of the phone number, or an id")


def run(args: argparse.Namespace) -> int:
    try:
        print(asyncio.run(_link(load(), args.who.strip())))
    except (SettingsError, StoreError, CannotCall) as error:
        print(f"suifang chatlink: {error}", file=sys.stderr)
        return 1
    return 0


async def _link(settings: Settings, who: str) -> str:
    store = await open_store(settings.database)
    try:
        async with store.transaction(write=False) as records:
            if who in await records.contacts_by_id({who}):
                contact = await records.contact(who)
            else:
                patient = await found_one(records, who)
                contact = _the_one(list(await records.contacts(patient_id=patient.id)), patient.name)
    finally:
        await store.close()
    return links_of(settings).address(contact.id, utc_now())


def _the_one(contacts: list[Contact], name: str) -> Contact:
    """The one under way or that can be answered now, else the next to come."""
    if not contacts:
        raise CannotCall(f"{name} has no contact: import a discharge first")
    now = utc_now()
    open_ones = [each for each in contacts if each.status is ContactStatus.IN_PROGRESS or takes_up(each, now)]
    due = [each for each in contacts if each.status is ContactStatus.DUE]
    ended = [each for each in contacts if each.status not in REVOKED]
    found = open_ones[-1:] or due[:1] or ended[-1:]
    if not found:
        raise CannotCall(f"{name} has no contact to chat on: all are waived (education alone, or stopped)")
    return found[0]
