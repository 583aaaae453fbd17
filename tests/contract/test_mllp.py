"""The HL7 listener over real sockets."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.exchange.hl7v2.receiver import Receiver
from agent.exchange.receiving import Parts
from agent.model.clock import new_id, utc_now
from intake.frames import framed
from intake.mllp import MllpListener
from intake.tls import server_side
from tests.contract.test_hl7_intake import ByWord
from tests.fakes.adt import PID, ack_of, adt
from tests.fakes.certificates import Authority, authority
from tests.fakes.memory_store import MemoryStore

SECONDS = 30.0


class Line:
    """A sender's side."""

    def __init__(self, store: MemoryStore, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.store, self.reader, self.writer = store, reader, writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0)

    async def answer(self) -> tuple[str, str, str]:
        async with asyncio.timeout(SECONDS):
            raw = await self.reader.readuntil(b"\x1c\r")
        assert raw.startswith(b"\x0bMSH")
        return ack_of(raw.strip(b"\x0b\x1c\r"))

    async def contacts(self) -> int:
        async with self.store.transaction(write=False) as records:
            return len(await records.contacts())


@asynccontextmanager
async def listening(
    patience: float = SECONDS, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[MemoryStore, int]]:
    store = MemoryStore()
    listener = MllpListener(Receiver(Parts(store, ByWord(), lambda moment: moment, utc_now, new_id)), patience)
    port = await listener.start("127.0.0.1", 0, tls)
    try:
        yield store, port
    finally:
        async with asyncio.timeout(SECONDS):  # a hanging connection must not hold the shutdown
            await listener.close()


@asynccontextmanager
async def connected(
    store: MemoryStore, port: int, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
    try:
        yield Line(store, reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with listening() as (store, port), connected(store, port) as opened:
        yield opened


async def test_a_message_in_many_pieces(line: Line) -> None:
    whole = framed(adt("A03", "1"))
    await line.send(*(whole[at : at + 7] for at in range(0, len(whole), 7)))
    assert await line.answer() == ("AA", "1", "")
    assert await line.contacts() == 3


async def test_two_messages_in_one_packet_are_answered_in_order(line: Line) -> None:
    await line.send(framed(adt("A03", "1")) + framed(adt("A13", "2")))
    assert [await line.answer(), await line.answer()] == [("AA", "1", ""), ("AA", "2", "")]


async def test_a_message_cut_short_by_the_next_is_an_error_and_the_next_is_taken(line: Line) -> None:
    await line.send(b"\x0b" + adt("A03", "1")[:120], framed(adt("A03", "2")))
    assert [await line.answer(), await line.answer()] == [("AE", "1", "100"), ("AA", "2", "")]
    async with line.store.transaction(write=False) as records:
        (kept,) = await records.inbound_failed()
    assert (kept.code, kept.control_id) == ("frame", "1")


async def test_a_missing_end_is_answered_after_a_while_and_the_line_goes_on() -> None:
    async with listening(patience=0.1) as (store, port), connected(store, port) as line:
        await line.send(b"\x0b" + adt("A03", "1"))
        assert await line.answer() == ("AE", "1", "100")
        await line.send(framed(adt("A03", "1")))
        assert await line.answer() == ("AA", "1", "")
        assert await line.contacts() == 3


async def test_a_line_that_breaks_off_leaves_nothing_half_done(line: Line) -> None:
    async with connected(line.store, line.writer.get_extra_info("peername")[1]) as other:
        await other.send(b"\x0b" + adt("A03", "1")[:-20])
    await line.send(framed(adt("A03", "2")))
    assert await line.answer() == ("AA", "2", "")


async def test_chinese_in_the_senders_charset_and_the_error_back_in_it(line: Line) -> None:
    raw = adt("A03", "9", charset="GB 18030-2000", codec="gb18030", pid=PID.replace("13490000001", "134900"))
    await line.send(framed(raw))
    async with asyncio.timeout(SECONDS):
        answer = await line.reader.readuntil(b"\x1c\r")
    assert "手机号应为 11 位" in answer.decode("gb18030")


async def test_rubbish_outside_of_blocks_is_passed_over(line: Line) -> None:
    await line.send(b"GET / HTTP/1.1\r\n\r\n" + framed(b"not hl7") + framed(adt("A03", "3")))
    assert [await line.answer(), await line.answer()] == [("AE", "", "100"), ("AA", "3", "")]


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return authority("hospital", tmp_path)


def sender(trusts: Authority, shows: Path | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(trusts.file))
    if shows is not None:
        context.load_cert_chain(shows)
    return context


async def test_over_tls_a_message_is_taken_as_ever(ours: Authority) -> None:
    tls = server_side(ours.signs("suifang"), None, None)
    async with listening(tls=tls) as (store, port), connected(store, port, sender(ours)) as line:
        await line.send(framed(adt("A03", "1")))
        assert await line.answer() == ("AA", "1", "")
        assert await line.contacts() == 3


async def test_where_tls_is_spoken_nothing_else_is_answered(ours: Authority) -> None:
    tls = server_side(ours.signs("suifang"), None, None)
    async with listening(tls=tls) as (store, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(framed(adt("A03", "1")))
        async with asyncio.timeout(SECONDS):
            assert b"MSH" not in await reader.read()
        writer.close()
        async with store.transaction(write=False) as records:
            assert await records.contacts() == []


async def test_only_senders_with_a_certificate_of_the_named_authority_are_heard(
    ours: Authority, tmp_path: Path
) -> None:
    tls = server_side(ours.signs("suifang"), None, ours.file)
    strange = authority("strange", tmp_path)
    async with listening(tls=tls) as (store, port):
        for shown in (None, strange.signs("engine")):
            with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
                async with connected(store, port, sender(ours, shown)) as line:
                    await line.send(framed(adt("A03", "1")))
                    await line.answer()
        async with store.transaction(write=False) as records:
            assert await records.contacts() == []
        async with connected(store, port, sender(ours, ours.signs("engine"))) as line:
            await line.send(framed(adt("A03", "1")))
            assert await line.answer() == ("AA", "1", "")


def test_a_certificate_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        server_side(tmp_path / "none.pem", None, None)
