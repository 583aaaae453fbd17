"""The dashboard and the practice socket on a real port, in a thread of their own; Rasa's place is taken."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from agent.attempts.retries import RetryPolicy
from agent.conversation import Stages
from agent.dialog.faq import FaqBook
from agent.dialog.pathway_loader import PathwayShelf
from agent.hearing.hearing_reader import HearingReader
from agent.model.clock import new_id, utc_now
from agent.speech.choose import Choice, fallback_voice
from agent.speech.kokoro_voice import DEFAULT_SPEED, DEFAULT_STYLE, kokoro_id
from agent.speech.ports import Recogniser
from agent.speech.prompts import PackedVoice, PromptCache
from agent.store.ports import Store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from dashboard.app import DashboardDeps, LiveHub, create
from folders import NLU_DATA, PATHWAYS
from machine.speech import Speech
from telephony.browser import practice_router
from tests.fakes import seed
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore
from wiring.practice import Room, choices, practice_store


class PracticeServer:
    """`hospital` is the store of the real patients, `practice` that of the practice calls once the server is up."""

    def __init__(self, folder: Path, hearing: tuple[Recogniser, Choice]) -> None:
        self._folder, self._hearing = folder, hearing
        self.hospital: Store = MemoryStore()
        self.practice: Store = self.hospital
        self._loop: asyncio.AbstractEventLoop | None = None
        self.up = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        shelf = PathwayShelf(PATHWAYS)
        await seed.seed(self.hospital, self._folder, utc_now())
        pages = create(
            DashboardDeps(
                store=self.hospital, live=LiveHub(), recordings_folder=self._folder, now=utc_now, new_id=new_id,
                secret_key=b"a key of the tests, 32 bytes long", pathway_titles=seed.title,
                question_labels=seed.label, practice=choices(shelf, PATHWAYS),
            )
        )  # fmt: skip
        voice = PackedVoice(kokoro_id(DEFAULT_STYLE, DEFAULT_SPEED))
        prompts = PromptCache(self._folder / "prompts", voice, fallback_voice())
        speech = Speech(self._hearing[0], prompts, self._hearing[1], {})
        reader = HearingReader(Reader(content.load(NLU_DATA)))
        hospital = Hospital("市第一人民医院", "0571-88000000", drafts=False)
        stages = Stages(self.hospital, reader, ScriptedDecider(), shelf, hospital, RetryPolicy(), utc_now, new_id)
        async with practice_store(self._folder) as (store, recordings):
            self.practice = store
            app = FastAPI()
            room = Room(stages, shelf, FaqBook([], use_drafts=True), speech, store, recordings, pages.state.web)
            app.include_router(practice_router(room))
            app.mount("/", pages)
            self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
            self.up.set()
            await self._server.serve([self._socket])

    def start(self) -> None:
        self._thread.start()
        assert self.up.wait(60), "the practice server did not start"

    def names(self, store: Store) -> set[str]:
        """Of the patients in one of the two stores."""

        async def read() -> set[str]:
            async with store.transaction(write=False) as records:
                return {patient.name for patient in await records.patients()}

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(read(), self._loop).result(10)

    def stop(self) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self._thread.join(15)


@contextmanager
def practice_server(folder: Path, hearing: tuple[Recogniser, Choice]) -> Iterator[PracticeServer]:
    server = PracticeServer(folder, hearing)
    server.start()
    try:
        yield server
    finally:
        server.stop()
