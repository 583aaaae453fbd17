"""One bundle from its bytes to what came of it: all of it in one transaction, or nothing."""

import asyncio
import hashlib
from dataclasses import dataclass

from agent.exchange.fhir.bundle import BadBundle, Issue, ReadBundle
from agent.exchange.fhir.notices import notices_of
from agent.exchange.notice import Fault, Notice
from agent.exchange.notice_writer import Applied, NoticeWriter
from agent.exchange.receiving import Parts
from agent.model.clock import HOSPITAL_ZONE
from agent.model.inbound import Inbound, InboundStatus
from agent.planning.when import When
from agent.store.ports import Duplicate

SOURCE = "fhir"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """`results` are the notices' stored words; none for a bundle that came before."""

    type: str
    entries: int
    results: tuple[str, ...]


class BundleReceiver:
    """One bundle at a time: two of one patient must not cross."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._turn = asyncio.Lock()

    async def receive(self, body: bytes) -> Taken:
        """Raises BadBundle with every issue, StoreError."""
        bundle = ReadBundle(body)
        now = self._parts.now()
        notices = notices_of(bundle, now.astimezone(HOSPITAL_ZONE).date())
        when = When(now, self._parts.new_id, SOURCE, self._parts.next_open)
        async with self._turn:
            for tries_left in reversed(range(TRIES)):
                try:
                    async with self._parts.store.transaction() as records:
                        writer = NoticeWriter(records, self._parts.planner, when)
                        done = [await _apply(writer, notice, place) for notice, place in notices]
                        await records.add_inbound(self._kept(body, done))
                    break
                except Duplicate:
                    if not tries_left:
                        raise
        return Taken(bundle.type, bundle.count, tuple(applied.result for applied in done))

    def _kept(self, body: bytes, done: list[Applied]) -> Inbound:
        changed = any(applied.result not in ("nothing", "unchanged") for applied in done)
        now = self._parts.now()
        return Inbound(
            id=self._parts.new_id(),
            source=SOURCE,
            sender="",
            control_id="",
            digest=hashlib.sha256(body).hexdigest(),
            raw=body,
            status=InboundStatus.APPLIED if changed else InboundStatus.NOTHING,
            received_at=now,
            result=",".join(applied.result for applied in done),
            patient_id=next((applied.patient_id for applied in done if applied.patient_id), None),
            handled_at=now,
        )


async def _apply(writer: NoticeWriter, notice: Notice, place: str) -> Applied:
    """Raises BadBundle."""
    try:
        return await writer.apply(notice)
    except Fault as fault:
        element = {"PID-13": "subject", "DG1-3": "diagnosis", "PV1-45": "period.end"}.get(fault.place, "")
        code = "required" if fault.missing else "business-rule"
        expression = f"{place}.{element}" if element else place
        raise BadBundle([Issue(code, expression, f"{fault.reason}。{fault.remedy}")]) from None
