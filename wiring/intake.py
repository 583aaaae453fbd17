"""What the hospital's systems send: each way in that the settings open, in front of the same receivers."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from agent.dialog.pathway_loader import load_all
from agent.exchange import file_report
from agent.exchange.column_memory import ColumnMemory, ColumnMemoryError
from agent.exchange.discharge_file import parse
from agent.exchange.discharge_import import import_discharges
from agent.exchange.fhir.receiver import BundleReceiver
from agent.exchange.hl7v2.message import messages_in
from agent.exchange.hl7v2.receiver import Receiver
from agent.exchange.receiving import Parts
from agent.model.clock import HOSPITAL_ZONE, new_id, utc_now
from agent.model.inbound import InboundStatus
from agent.store.ports import Store, StoreError, Unavailable
from folders import PATHWAYS
from intake.fhir_routes import fhir_router
from intake.folder import Report, Take, WatchedFolder
from intake.mllp import MllpListener
from intake.tls import server_side
from settings import Settings
from wiring.calling_hours import calendar_of
from wiring.planning import FreshPlanner, writing

log = logging.getLogger("suifang.intake")

COLUMNS_FILE = "columns.yml"
DEFAULT_SOURCE = "名单"
LOOK_SECONDS = 2.0


def planner_for(settings: Settings) -> FreshPlanner:
    """Raises ContentError."""
    return FreshPlanner(settings, lambda: load_all(PATHWAYS))


def parts_for(settings: Settings, store: Store, planner: FreshPlanner) -> Parts:
    return Parts(store, planner, calendar_of(settings).next_open, utc_now, new_id)


@asynccontextmanager
async def intake_open(settings: Settings, store: Store, planner: FreshPlanner, app: FastAPI) -> AsyncIterator[None]:
    """HL7, FHIR and the watched folder, each where the settings name it. Raises OSError for a port that is taken."""
    parts = parts_for(settings, store, planner)
    async with AsyncExitStack() as stack:
        receiver = Receiver(parts)
        if settings.hl7_port:
            listener = MllpListener(receiver)
            await listener.start(settings.hl7_host, settings.hl7_port, _tls(settings))
            stack.push_async_callback(listener.close)
        if settings.fhir_token:
            app.include_router(fhir_router(BundleReceiver(parts), settings.fhir_token))
        if settings.inbox is not None:
            folder = WatchedFolder(settings.inbox, taker(settings, store, planner, receiver), utc_now)
            watching = asyncio.create_task(_watch(folder))
            stack.callback(watching.cancel)
        yield


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """None where the settings name no certificate. Raises OSError."""
    if settings.hl7_certificate is None:
        return None
    return server_side(settings.hl7_certificate, settings.hl7_key, settings.hl7_clients)


async def _watch(folder: WatchedFolder) -> None:
    """What cannot be taken now is still in the folder at the next look."""
    while True:
        try:
            await folder.run_once()
        except (StoreError, OSError) as error:
            log.error("inbox not looked through: %s", type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)


def taker(settings: Settings, store: Store, planner: FreshPlanner, receiver: Receiver) -> Take:
    memory = ColumnMemory(settings.data / COLUMNS_FILE)

    async def take(path: Path, data: bytes) -> Report:
        if path.suffix.lower() == ".hl7":
            return await _messages(receiver, data)
        source = DEFAULT_SOURCE if settings.inbox is None or path.parent == settings.inbox else path.parent.name
        try:
            columns = memory.of(source)
        except ColumnMemoryError as error:
            return Report(False, f"没有写入任何内容。\n{error}\n")
        parsed = await asyncio.to_thread(parse, data, utc_now().astimezone(HOSPITAL_ZONE).date(), columns)
        if not parsed.rows:
            return Report(False, file_report.of_refused_list(parsed.problems))
        report = await import_discharges(store, parsed, planner, writing(settings, "import"))
        return Report(not report.problems, file_report.of_list(parsed, report))

    return take


async def _messages(receiver: Receiver, data: bytes) -> Report:
    """Raises Unavailable where the store takes nothing now."""
    kept = []
    for raw in messages_in(data):
        message = await receiver.take_file(raw)
        if message is None:
            raise Unavailable("the store cannot take a message now")
        kept.append(message)
    fine = bool(kept) and not any(message.status is InboundStatus.FAILED for message in kept)
    return Report(fine, file_report.of_messages(kept))
