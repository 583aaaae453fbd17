"""Our part of the response: from the decision that the patient has finished to the first audio frame on the wire.

Real: turn-taking, reading, engine, SQLite with every commit, prompt cache on disk, recorder, the carrier's messages.
The recogniser answers at once, so its time is not in it; voice activity is scripted; the decider is the tests' scripted
one or, with --rasa, the real service.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog import engine
from agent.dialog.pathway_loader import PathwayShelf
from agent.hearing.hearing_reader import HearingReader
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.turn import Expect, Hypothesis, Reply, Turn
from agent.speech.ports import Recognised
from agent.speech.prompts import PromptCache
from agent.speech.segmenter import Segmenter
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Decides, Hospital
from bench.call_bargein import percentiles
from folders import NLU_DATA, PATHWAYS
from telephony.audio import TwoChannelRecorder
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.twilio.socket_line import SocketLine
from telephony.twilio.wire import Outgoing
from tests.fakes import rows
from tests.fakes.decider import ScriptedDecider
from tests.fakes.phone import QUIET, VOICE, LoudVad, PlainUpsampler
from tests.fakes.speech import ToneVoice

CALLS = 12
SPEECH_FRAMES, MOST_SILENT_FRAMES = 60, 200
CALLED = ("coronary_stent", "heart_failure", "hypertension")
YEARS = ((1940, "一九四零年"), (1957, "一九五七年"))  # every second patient is spoken to slowly
ANSWERS = {
    Expect.YES_NO: "没有",
    Expect.NUMBER: "高压一百三十五，低压八十五",
    Expect.FREE_TEXT: "没有别的了",
    Expect.NOTHING: "好的",
}


class Answering:
    """A recogniser that knows what the patient says, at once; notes when it was asked: that is the decision."""

    name, streaming = "at once", False

    def __init__(self) -> None:
        self.text, self.decided, self.worked = "", 0.0, 0.0

    def utterance(self) -> "Answering":
        return self

    def feed(self, pcm: bytes) -> str | None:
        return self.text

    def speculate(self) -> None: ...

    async def finish(self) -> Recognised:
        self.decided, self.worked = time.perf_counter(), time.process_time()
        return Recognised((Hypothesis(self.text, 0.9),), 0.0)

    def discard(self) -> None: ...

    async def close(self) -> None: ...


class Wire:
    """The carrier's end: takes messages, brings marks back at once, and is a patient who answers each question."""

    def __init__(self, recogniser: Answering, born: str) -> None:
        self._recogniser, self._born = recogniser, born
        self.line = SocketLine(Outgoing("MZ1"))
        self.waits: list[tuple[float, float]] = []  # by the clock, of processor time
        self._audio = asyncio.Event()
        self._marks: asyncio.Queue[str] = asyncio.Queue()
        self._frame = 0

    async def send(self, message: str) -> None:
        if '"media"' in message[:20]:
            if self._recogniser.decided and not self._audio.is_set():
                clock, work = self._recogniser.decided, self._recogniser.worked
                self.waits.append((time.perf_counter() - clock, time.process_time() - work))
            self._audio.set()
        elif '"mark"' in message[:20]:
            self._marks.put_nowait(message.rsplit('"name": "', 1)[1].split('"')[0])

    async def carry(self, call: PhoneCall, replies: list[Reply]) -> None:
        running, writing = asyncio.ensure_future(call.run()), asyncio.ensure_future(self.line.write_to(self.send))
        while not writing.done():
            await self._prompt_over(call, writing)
            if writing.done():
                break
            await self._say(call, replies[-1])
        self.line.gone()
        call.ended()
        await running

    async def _prompt_over(self, call: PhoneCall, writing: asyncio.Future[None]) -> None:
        """All of the reply has arrived and was "heard"."""
        while not writing.done():
            try:
                name = await asyncio.wait_for(self._marks.get(), 0.15)
            except TimeoutError:
                if self._audio.is_set():
                    return
                continue
            call.marked(name)

    async def _say(self, call: PhoneCall, reply: Reply) -> None:
        options = [option.label for option in reply.options]
        closed = reply.expect is Expect.CHOICE and options
        identity = {Expect.IDENTITY: self._born} if reply.expect is Expect.IDENTITY else {}
        text = "是的" if "本人" in reply.text else options[0] if closed else (ANSWERS | identity)[reply.expect]
        self._recogniser.text = text
        self._recogniser.decided = 0.0
        self._audio.clear()
        for number in range(SPEECH_FRAMES + MOST_SILENT_FRAMES):
            call.heard(VOICE if 5 < number < SPEECH_FRAMES else QUIET, self._frame * 20)
            self._frame += 1
            await asyncio.sleep(0)
            if self._recogniser.decided:
                return


class Noting:
    """A conversation whose last reply can be seen."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self.replies: list[Reply] = []

    async def receive(self, turn: Turn) -> Reply:
        self.replies.append(await self._conversation.receive(turn))
        return self.replies[-1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conversation, name)


async def _contact(store: Store, shelf: PathwayShelf, number: int) -> str:
    pathway = shelf.get(CALLED[number % len(CALLED)])
    year = YEARS[number % 2][0]
    ids = {"patient_id": f"p{number}", "pathway": pathway.id, "pathway_version": pathway.version}
    attempt = Attempt(f"a{number}", f"c{number}", f"p{number}", Channel.PHONE, AttemptOutcome.INTENDED, utc_now())
    contact = rows.contact(number, pathway.nodes[0].day, id=f"c{number}", **ids)
    async with store.transaction() as records:
        await records.add_patient(rows.patient(number, id=f"p{number}", birth_year=year, sex="male"))
        await records.add_plan(rows.plan(number, **ids), [contact])
        await begin_attempt(records, contact, attempt)
    return attempt.id


def _sentences(shelf: PathwayShelf, opening: Any, pathway: str) -> Iterable[str]:
    chosen = shelf.get(pathway)
    for start in (opening, replace(opening, elder=not opening.elder)):
        yield from engine.open(start, chosen).reply.sentences
        yield from engine.all_sentences(chosen, start)


def _ear(recogniser: Answering, on_change: Callable[[], None]) -> Ear:
    return Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change)


async def _measure(folder: Path, decider: Decides) -> list[tuple[float, float]]:
    url = f"sqlite:///{folder / 'bench.db'}"
    await asyncio.to_thread(migrate, url)
    store, shelf = await open_store(url), PathwayShelf(PATHWAYS)
    reader = HearingReader(Reader(content.load(NLU_DATA)))
    hospital = Hospital("市第一人民医院", "0571-88000000", drafts=True)
    stages = Stages(store, reader, decider, shelf, hospital, RetryPolicy(), utc_now, new_id)
    conversation, prompts = Conversation(stages), PromptCache(folder / "prompts", ToneVoice())
    waits: list[tuple[float, float]] = []
    for number in range(1, CALLS + 1):
        attempt = await _contact(store, shelf, number)
        opening = await conversation.opening(f"c{number}", Channel.PHONE)
        await prompts.render_all(_sentences(shelf, opening, CALLED[number % len(CALLED)]))
        recogniser, noting = Answering(), Noting(conversation)
        parts = CallParts(
            conversation=noting,
            prompts=prompts,
            new_ear=partial(_ear, recogniser),
            new_recorder=TwoChannelRecorder,
            recordings=folder,
            now=utc_now,
            new_id=new_id,
            apology="抱歉。",
        )
        wire = Wire(recogniser, YEARS[number % 2][1])
        await wire.carry(PhoneCall(wire.line, attempt, parts), noting.replies)
        waits += wire.waits
    await prompts.close()
    await store.close()
    return waits


async def measure(*, rasa: bool) -> dict[str, Any]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if not rasa:
            waits = await _measure(folder, ScriptedDecider())
        else:
            from agent.dialog import training
            from bench.dialogue import running

            async with running(training.model_path(), folder) as service:
                waits = await _measure(folder, service.decider)
    return {
        "decider": "rasa" if rasa else "scripted",
        "store": "sqlite",
        "calls": CALLS,
        "decision_to_first_audio": percentiles([wait for wait, _ in waits]),
        "of_that_processor_time": percentiles([work for _, work in waits]),  # what a busy machine does not distort
    }
