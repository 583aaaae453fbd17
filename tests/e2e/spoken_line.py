"""The product's telephone side over the simulated carrier: real but for the patient, Rasa and the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from agent.answering import content as answering
from agent.answering.who import WhoAnswered
from agent.attempts.retries import RetryPolicy
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.hearing.hearing_reader import HearingReader
from agent.model.clock import new_id, utc_now
from agent.model.contact import OPEN_OUTCOMES, Attempt, Contact
from agent.model.record import OutboxMessage
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import ALL_DAY, CallingCalendar, every_day
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Around, Dispatcher, Lines
from agent.schedule.outbox import Outbox
from agent.schedule.runner import Round, Runner
from agent.schedule.take_overs import TakeOvers
from agent.speech.choose import Choice, fallback_voice
from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, kokoro_id
from agent.speech.ports import Recogniser
from agent.speech.prompts import PackedVoice, PromptCache
from agent.store.screens import ScreenStore
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from dashboard.live import LiveHub
from folders import NLU_DATA, PATHWAYS
from machine.served import bound_socket, served
from machine.speech import Speech
from settings import Settings
from telephony.live_calls import LiveCalls
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.persona import Persona
from telephony.twilio import TwilioDialler, TwilioSettings, media_router, router
from tests.fakes import rows
from tests.fakes.carrier import ACCOUNT, ROBOT, TOKEN
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore
from wiring.calls import call_parts
from wiring.dialling import closer
from wiring.transfers import nurse_hours, nurse_line, taken_over


@dataclass
class SpokenLine:
    """One installation; `told` is what the nurses' screens heard, and when the carrier was asked what."""

    store: ScreenStore
    dispatcher: Dispatcher
    runner: Runner
    carrier: FastAPI
    told: list[OutboxMessage]
    address: str

    async def calls(self, persona: Persona, of: str = "coronary_stent") -> tuple[Attempt, Contact]:
        """Dials the persona as test data's patient on that pathway, until the attempt and its conversation are over."""
        pathway = PathwayShelf(PATHWAYS).get(of)
        async with self.store.transaction() as records:
            await records.add_patient(
                rows.patient(1, id="p1", name="李建国", birth_year=1957, sex="male", phone=persona.phone)
            )
            contact = rows.contact(
                1, 7, id="c1", patient_id="p1", pathway=pathway.id, pathway_version=pathway.version, due_at=utc_now()
            )
            await records.add_plan(rows.plan(1, patient_id="p1", pathway=pathway.id), [contact])
        await self.dispatcher.dispatch()
        while True:
            await asyncio.sleep(0.2)
            async with self.store.transaction(write=False) as records:
                (attempt,) = await records.attempts(contact_id="c1")
                contact = await records.contact("c1")
            if attempt.outcome not in OPEN_OUTCOMES:
                await self._recorded()
                return attempt, contact

    async def _recorded(self) -> None:
        """The call is closed in every part: its recording, if it has one, has a length."""
        for _ in range(100):
            async with self.store.transaction(write=False) as records:
                recordings = await records.recordings(contact_id="c1")
            if all(recording.seconds for recording in recordings):
                return
            await asyncio.sleep(0.2)


@dataclass(frozen=True, slots=True)
class Desk:
    """A store that nurses' pages read as well, the hub that tells them, and the pages where they are served."""

    store: ScreenStore = field(default_factory=MemoryStore)
    live: LiveHub = field(default_factory=LiveHub)
    pages: FastAPI | None = None


@asynccontextmanager
async def spoken_line(
    folder: Path,
    hearing: tuple[Recogniser, Choice],
    personas: list[Persona],
    settings: Settings,
    desk: Desk | None = None,
) -> AsyncIterator[SpokenLine]:
    desk = desk or Desk()
    store, shelf = desk.store, PathwayShelf(PATHWAYS)
    ours, theirs = bound_socket(), bound_socket()
    addresses = [f"http://127.0.0.1:{each.getsockname()[1]}" for each in (ours, theirs)]
    twilio = TwilioSettings(addresses[0], ACCOUNT, TOKEN, ROBOT, carrier_base_url=addresses[1])
    dialler, told = TwilioDialler(twilio), list[OutboxMessage]()

    async def tell(message: OutboxMessage) -> None:
        told.append(message)
        desk.live.publish(message.kind, message.subject)

    heard = answering.load(NLU_DATA)
    hospital = Hospital("市第一人民医院", "0571-88000000", True, heard.message.sentences)
    hospital = replace(hospital, nurse_hours=nurse_hours(settings))
    reader = HearingReader(Reader(content.load(NLU_DATA)))
    stages = Stages(store, reader, ScriptedDecider(), shelf, hospital, RetryPolicy(), utc_now, new_id)
    conversation = Conversation(stages)
    any_time = Courtesy(CallingCalendar(every_day(*ALL_DAY)))
    prompts = PromptCache(folder / "prompts", PackedVoice(kokoro_id(DEFAULT_STYLE, DEFAULT_SPEED)), fallback_voice())
    parts = call_parts(Speech(hearing[0], prompts, hearing[1], {}), conversation, folder)
    outbox = Outbox(store, tell, utc_now)
    who, nurse = partial(WhoAnswered, heard.announcements), nurse_line(settings, outbox)
    calls = LiveCalls(replace(parts, new_who=who, nurse=nurse))
    conversation.tell_cards(outbox.wake)
    close = closer(conversation, store, folder)
    around = Around(transferred=taken_over(conversation), hung_up=close, guessed=calls.guessed)
    lines = Lines("worker", TrunkLimits("twilio", 5), RetryPolicy(), any_time, around)
    dispatcher = Dispatcher(store, dialler, lines, utc_now, new_id)
    runner = Runner(dispatcher, outbox)
    runner.give(Round.TAKE_OVER, TakeOvers(store, calls.take_over, utc_now, new_id).run_once)
    app = FastAPI()
    app.include_router(router(twilio, dispatcher, utc_now))
    app.include_router(media_router(twilio, calls.make, utc_now, dialler.transfer))
    if desk.pages is not None:
        app.mount("/", desk.pages)
    carrier = create_app(SimulatorConfig(ACCOUNT, TOKEN), {each.phone: each for each in personas})
    runner.dialling = False
    async with served(app, ours), served(carrier, theirs):
        runner.start()
        yield SpokenLine(store, dispatcher, runner, carrier, told, addresses[0])
        await runner.stop()
    await prompts.close()
    await dialler.close()
