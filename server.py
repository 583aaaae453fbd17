"""Composition root: settings → adapters → one ASGI application. Decides nothing."""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from agent.conversation import Conversation, Stages
from agent.conversation_ports import Hospital
from agent.dialog import engine, training
from agent.dialog.actions import ActionError, TurnAction
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.pathway_words import PathwayWords
from agent.dialog.rasa_client import RasaDecider
from agent.dialog.rasa_process import RasaHealth, RasaProcess, RasaSettings
from agent.hearing.hearing_reader import HearingReader
from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt, Channel, Contact
from agent.model.people import Patient
from agent.model.record import OutboxMessage
from agent.model.turn import Turn, TurnKind
from agent.retries import RetryPolicy
from agent.schedule.dispatcher import Allowed, Dispatcher, HungUp, Lines, Prepare
from agent.schedule.hours import CallingHours
from agent.schedule.runner import Runner, Tell
from agent.speech.prompts import PromptCache
from agent.speech.segmenter import Segmenter
from agent.speech.vad import SileroVad
from agent.store.open import open_store
from agent.store.ports import Store
from agent.store.screens import ScreenStore
from agent.triage import content
from agent.triage.reader import Reader
from dashboard.accounts import ensure_first_user
from dashboard.app import create as create_dashboard
from dashboard.deps import DashboardDeps
from dashboard.live import LiveHub
from machine.speech import Speech, load_speech
from settings import ROOT, Settings
from telephony.audio import TwoChannelRecorder, Upsampler
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import CallHandler, Line
from telephony.recorder import repair_recording
from telephony.twilio import TwilioDialler, TwilioSettings, media_router, router

log = logging.getLogger("suifang.server")

PATHWAYS = ROOT / "dialogs" / "pathways"
NLU_DATA = ROOT / "nlu_data"
RASA_START_SECONDS = 180.0
APOLOGY = "对不起，系统出了点问题。我请护士给您回电话。再见。"
"""Said when not even the pathway's own sentence can be had; kept in the prompt cache."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that runs in this process."""

    settings: Settings
    store: ScreenStore
    conversation: Conversation
    shelf: PathwayShelf
    rasa: RasaProcess
    token: str
    actions: TurnAction
    dispatcher: Dispatcher
    runner: Runner
    live: LiveHub
    speech: Speech


def twilio_settings(settings: Settings) -> TwilioSettings:
    account = settings.twilio
    return TwilioSettings(
        settings.public, account.account_sid, account.auth_token, account.from_number, account.base_url
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Stack]:
    """The whole stack, started in order and stopped in reverse."""
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database)
        stack.push_async_callback(store.close)
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        token = secrets.token_urlsafe(24)
        rasa = RasaProcess(_rasa_settings(settings, token), http)
        await rasa.start()  # the slowest: it comes up while the models load
        stack.push_async_callback(rasa.stop)
        reader = await asyncio.to_thread(lambda: Reader(content.load(NLU_DATA)))
        verifier = await asyncio.to_thread(Verifier, reader)
        speech = await asyncio.to_thread(load_speech, settings, lambda decoder: VerifyingDecoder(decoder, verifier))
        stack.push_async_callback(speech.recogniser.close)
        stack.push_async_callback(speech.prompts.close)
        shelf = PathwayShelf(PATHWAYS, settings.data / "pathways")
        hospital = Hospital(settings.hospital, settings.callback_number, settings.allow_drafts)
        retries = RetryPolicy(settings.max_attempts)
        decider = RasaDecider(rasa.settings.base_url, http, token=token)
        conversation = Conversation(
            Stages(store, HearingReader(reader), decider, shelf, hospital, retries, utc_now, new_id)
        )
        dispatcher = _dispatcher(settings, store, retries)
        live = LiveHub()
        runner = Runner(store, dispatcher, _teller(live), utc_now)
        dispatcher.allowed = _signed(settings, shelf)
        dispatcher.prepare = _preparer(conversation, shelf, speech.prompts)
        dispatcher.hung_up = _closer(conversation, store, settings.recordings_folder)
        runner.dialling, runner.hours = False, CallingHours(settings.calling_from_hour, settings.calling_until_hour)
        runner.start()
        stack.push_async_callback(runner.stop)
        stack.callback(live.close)
        waiting = asyncio.create_task(_dial_when_ready(rasa, runner))
        stack.callback(waiting.cancel)
        faq = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=settings.allow_drafts)
        actions = TurnAction(faq)
        yield Stack(settings, store, conversation, shelf, rasa, token, actions, dispatcher, runner, live, speech)


def _rasa_settings(settings: Settings, token: str) -> RasaSettings:
    return RasaSettings(
        model=training.model_path(),
        data_folder=settings.data,
        action_url=f"http://{settings.host}:{settings.port}/dialogue/action?token={token}",
        token=token,
        port=settings.rasa_port,
    )


def _dispatcher(settings: Settings, store: Store, retries: RetryPolicy) -> Dispatcher:
    async def owner_of(carrier_ref: str) -> str | None:
        async with store.transaction(write=False) as records:
            attempt = await records.attempt_by_carrier_ref(carrier_ref)
        return attempt.id if attempt else None

    dialler = TwilioDialler(twilio_settings(settings), owner_of)
    return Dispatcher(store, dialler, Lines(f"worker-{os.getpid()}", settings.max_calls, retries), utc_now, new_id)


def _teller(live: LiveHub) -> Tell:
    async def tell(message: OutboxMessage) -> None:
        live.publish(message.kind, message.subject)

    return tell


def _signed(settings: Settings, shelf: PathwayShelf) -> Allowed:
    told: set[str] = set()

    def allowed(contact: Contact) -> bool:
        """No patient hears a pathway that no clinician has signed, unless the house says so."""
        if settings.allow_drafts or not shelf.get(contact.pathway, contact.pathway_version).draft:
            return True
        if contact.pathway not in told:
            told.add(contact.pathway)
            log.warning("pathway %s is an unsigned draft: its contacts wait (allow_drafts is off)", contact.pathway)
        return False

    return allowed


def _preparer(conversation: Conversation, shelf: PathwayShelf, prompts: PromptCache) -> Prepare:
    later: set[asyncio.Task[list[str]]] = set()

    async def prepare(contact: Contact, patient: Patient) -> None:
        """What is said first is ready before the phone rings; the rest is rendered while it rings."""
        start = await conversation.opening(contact.id, Channel.PHONE)
        pathway = shelf.get(contact.pathway, contact.pathway_version)
        await prompts.render_all([APOLOGY, *engine.open(start, pathway).reply.sentences])
        rest = asyncio.create_task(prompts.render_all(engine.all_sentences(pathway, start)))
        later.add(rest)
        rest.add_done_callback(later.discard)

    return prepare


def _closer(conversation: Conversation, store: Store, recordings: Path) -> HungUp:
    async def hung_up(attempt: Attempt) -> None:
        """A call whose process died: its conversation ends as hung up, its recording gets its true length."""
        turn = Turn(new_id(), attempt.contact_id, attempt.id, attempt.channel, TurnKind.HANGUP, utc_now())
        await conversation.receive(turn)
        async with store.transaction(write=False) as records:
            kept = await records.recordings(contact_id=attempt.contact_id)
        for recording in kept:
            file = recordings / recording.path
            if recording.attempt_id == attempt.id and recording.seconds == 0 and file.exists():
                await conversation.note_recording(attempt.id, recording.path, repair_recording(file))

    return hung_up


async def _dial_when_ready(rasa: RasaProcess, runner: Runner) -> None:
    await rasa.wait_ready(RASA_START_SECONDS)
    runner.dialling = True


def call_factory(stack: Stack) -> Callable[[Line, str], CallHandler]:
    def new_ear(on_change: Callable[[], None]) -> Ear:
        return Ear(stack.speech.recogniser, SileroVad(), Segmenter(), Upsampler(), on_change)

    parts = CallParts(
        conversation=stack.conversation,
        prompts=stack.speech.prompts,
        new_ear=new_ear,
        new_recorder=TwoChannelRecorder,
        recordings=stack.settings.recordings_folder,
        now=utc_now,
        new_id=new_id,
        apology=APOLOGY,
    )
    return lambda line, attempt_id: PhoneCall(line, attempt_id, parts)


def secret_key(data: Path) -> bytes:
    """Signs login sessions; made once, readable by its owner only."""
    path = data / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def _dashboard(stack: Stack) -> FastAPI:
    words = PathwayWords(stack.shelf)
    return create_dashboard(
        DashboardDeps(
            store=stack.store,
            live=stack.live,
            recordings_folder=stack.settings.recordings_folder,
            now=utc_now,
            new_id=new_id,
            secret_key=secret_key(stack.settings.data),
            pathway_titles=words.title,
            question_labels=words.question,
            option_labels=words.option,
            reading_ranges=words.limits,
            hospital=stack.settings.hospital,
        )
    )


def create_app(settings: Settings, on_first_password: Callable[[str], None] = lambda password: None) -> FastAPI:
    """The application; everything starts and stops with it. The first user's password is told once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings) as stack:
            app.state.stack = stack
            password = await ensure_first_user(stack.store, utc_now())
            if password is not None:
                on_first_password(password)
            _mount(app, stack)
            yield

    return FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)


def action_router(actions: TurnAction, token: str) -> APIRouter:
    """POST /dialogue/action: what the dialogue server calls once a turn; 403 without the token it was started with."""
    routes = APIRouter()

    @routes.post("/dialogue/action", include_in_schema=False)
    async def action(request: Request) -> JSONResponse:
        if not secrets.compare_digest(request.query_params.get("token", ""), token):
            return JSONResponse({"error": "forbidden"}, 403)
        try:
            return JSONResponse(await actions.answer(await request.json()))
        except ActionError as error:
            return JSONResponse(error.body, error.status)

    return routes


def _mount(app: FastAPI, stack: Stack) -> None:
    carrier = twilio_settings(stack.settings)
    app.include_router(router(carrier, stack.dispatcher, utc_now))
    app.include_router(media_router(carrier, call_factory(stack), utc_now))

    app.include_router(action_router(stack.actions, stack.token))

    @app.get("/ready", include_in_schema=False)
    async def ready() -> JSONResponse:
        up = stack.rasa.health is RasaHealth.READY
        return JSONResponse({"ready": up, "dialogue": stack.rasa.health, **stack.speech.about}, 200 if up else 503)

    app.mount("/", _dashboard(stack))
