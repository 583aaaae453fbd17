"""One HL7 message from its bytes to its acknowledgment: dealt with once, kept as it came, repaired if it broke."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from agent.exchange.hl7v2 import ack
from agent.exchange.hl7v2.adt import notice_of
from agent.exchange.hl7v2.message import Message, digest_of, header_of, names_its_time
from agent.exchange.notice import Fault
from agent.exchange.notice_writer import Applied, NoticeWriter
from agent.exchange.receiving import Parts
from agent.model.clock import HOSPITAL_ZONE
from agent.model.inbound import Inbound, InboundStatus
from agent.planning.when import When
from agent.store.ports import Duplicate, Records, StoreError

log = logging.getLogger("suifang.hl7")

SOURCE = "hl7"
TRIES = 3  # somebody else may write the same patient meanwhile
REUSED = Fault("control_id_reused", "MSH-10", "这个消息号已用于另一条消息", "请换一个消息号重发，或在系统里重做")
NAMESAKE = Fault("doubt", "PID-5", "另一位患者已有这个姓名和电话", "请核对是不是同一个人，再在系统里重做")
INTERNAL = Fault("internal", "MSH", "系统暂时不能处理", "请稍后重发，内容不用改")
UNFORESEEN = Fault("unforeseen", "MSH", "系统处理这条消息时出错，消息已保存", "请在系统里重做；再失败请告知维护人员")
OURS = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, NotImplementedError)
"""What a message raises that we did not foresee."""


class Receiver:
    """One message at a time: two of one patient must not cross."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._turn = asyncio.Lock()

    async def receive(self, raw: bytes) -> bytes:
        """The acknowledgment, given only once what the message says is committed."""
        fault = await self._take(raw, broken=None)
        return ack.acknowledge(raw, fault, self._parts.now(), self._parts.new_id())

    async def broken(self, raw: bytes, fault: Fault) -> bytes:
        """What the transport could not bring whole: kept for repair, and answered as an error."""
        told = await self._take(raw, broken=fault)
        return ack.acknowledge(raw, told or fault, self._parts.now(), self._parts.new_id())

    async def take_file(self, raw: bytes) -> Inbound | None:
        """A message from a file: how it is kept then; None where the store could not take it."""
        fault = await self._take(raw, broken=None)
        if fault is INTERNAL:
            return None
        header, digest = header_of(raw), digest_of(raw)
        async with self._parts.store.transaction(write=False) as records:
            like = await records.inbound_like(
                source=SOURCE, sender=header.sender, control_id=header.control_id, digest=digest
            )
        return next(each for each in reversed(like) if each.digest == digest)

    async def again(self, message_id: str, raw: bytes | None = None) -> Inbound:
        """A message that waits for repair once more, as it came or with its bytes mended; returned as it is then.
        Raises NotFound, StoreError."""
        async with self._turn:
            async with self._parts.store.transaction(write=False) as records:
                kept = await records.inbound(message_id)
            if kept.status is InboundStatus.FAILED:
                await self._apply(replace(kept, raw=raw or kept.raw, tries=kept.tries + 1), new=False)
        async with self._parts.store.transaction(write=False) as records:
            return await records.inbound(message_id)

    async def _take(self, raw: bytes, broken: Fault | None) -> Fault | None:
        """What is wrong with the message, None for nothing."""
        header = header_of(raw)
        message = Inbound(
            id=self._parts.new_id(),
            source=SOURCE,
            sender=header.sender,
            control_id=header.control_id,
            digest=digest_of(raw),
            raw=raw,
            status=InboundStatus.FAILED,
            received_at=self._parts.now(),
        )
        try:
            async with self._turn:
                return await self._once(message, broken)
        except StoreError as error:
            log.error("hl7 message not stored: code=%s", error.code)
            return INTERNAL

    async def _once(self, message: Inbound, broken: Fault | None) -> Fault | None:
        async with self._parts.store.transaction(write=False) as records:
            like = await records.inbound_like(
                source=SOURCE, sender=message.sender, control_id=message.control_id, digest=message.digest
            )
        same_number = [m for m in like if m.control_id and m.control_id == message.control_id]
        known = _sent_again(message, like)
        if known is not None and known.status is not InboundStatus.FAILED and known.code is None:
            return None
        if any(m.status is not InboundStatus.FAILED and m.digest != message.digest for m in same_number):
            broken = REUSED
        kept = replace(known, tries=known.tries + 1, raw=message.raw) if known else message
        if broken is not None:
            failed = replace(kept, code=broken.code, error=broken.told, handled_at=self._parts.now())
            await self._keep(failed, new=known is None)
            return broken
        fault = await self._apply(kept, new=known is None)
        if fault is None:
            await self._overtake(same_number, kept)
        return fault

    async def _overtake(self, same_number: Sequence[Inbound], done: Inbound) -> None:
        """A mended message came under the number of the broken one: that one needs no repair any more."""
        for each in same_number:
            if each.status is InboundStatus.FAILED and each.id != done.id:
                await self._keep(replace(each, status=InboundStatus.NOTHING, result="mended"), new=False)

    async def _apply(self, message: Inbound, *, new: bool) -> Fault | None:
        """ONE transaction: what the message does, and the message itself as done. A fault, or an error of ours, takes
        all of it back, and the message is kept with it. Raises StoreError."""
        for tries_left in reversed(range(TRIES)):
            try:
                async with self._parts.store.transaction() as records:
                    done = self._done(message, await self._do(records, message))
                    await (records.add_inbound(done) if new else records.save_inbound(done))
                break
            except Fault as fault:
                await self._keep(self._failed(message, fault), new=new)
                return fault
            except Duplicate:
                if not tries_left:
                    await self._keep(self._failed(message, NAMESAKE), new=new)
                    return NAMESAKE
            except OURS as error:  # a sender whose line only closes sends it for ever
                log.error("hl7 message broke us: id=%s %s", message.id, type(error).__name__)
                await self._keep(self._failed(message, UNFORESEEN), new=new)
                return UNFORESEEN
        return None

    async def _do(self, records: Records, message: Inbound) -> Applied:
        when = When(self._parts.now(), self._parts.new_id, SOURCE, self._parts.next_open)
        notice = notice_of(Message(message.raw), header_of(message.raw), when.now.astimezone(HOSPITAL_ZONE).date())
        return await NoticeWriter(records, self._parts.planner, when).apply(notice)

    def _done(self, message: Inbound, applied: Applied) -> Inbound:
        status = InboundStatus.NOTHING if applied.result in ("nothing", "unchanged") else InboundStatus.APPLIED
        return replace(
            message,
            status=status,
            code=None,
            error=None,
            result=applied.result,
            patient_id=applied.patient_id,
            handled_at=self._parts.now(),
        )

    def _failed(self, message: Inbound, fault: Fault) -> Inbound:
        """What is not for us is noted and needs no repair."""
        log.warning("hl7 message refused: id=%s code=%s place=%s", message.id, fault.code, fault.place)
        status = InboundStatus.NOTHING if fault.code in ack.REJECTED else InboundStatus.FAILED
        return replace(message, status=status, code=fault.code, error=fault.told, handled_at=self._parts.now())

    async def _keep(self, message: Inbound, *, new: bool) -> None:
        async with self._parts.store.transaction() as records:
            await (records.add_inbound(message) if new else records.save_inbound(message))


def _sent_again(message: Inbound, like: Sequence[Inbound]) -> Inbound | None:
    """The message this one repeats: same number and content; or the same content of the same event, whose time it
    names. Content alone does not tell a repetition: a discharge may be cancelled and come again word for word."""
    same = [each for each in like if each.digest == message.digest]
    exact = [each for each in same if each.control_id == message.control_id and each.sender == message.sender]
    failed = [each for each in same if each.status is InboundStatus.FAILED]
    found = exact or failed or (same if names_its_time(message.raw) else [])
    return found[-1] if found else None
